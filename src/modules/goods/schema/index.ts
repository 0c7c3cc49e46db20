export * from './judgement.ts';
export * from './match.ts';
export * from './subject.ts';
