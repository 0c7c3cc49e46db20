export * from './match.ts';
export * from './subject.ts';
