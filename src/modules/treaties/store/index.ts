export * from './acts.ts';
export * from './bundles.ts';
export * from './confirmations.ts';
