export * from './ledger.ts';
export * from './matching/index.ts';
