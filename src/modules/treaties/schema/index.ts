export * from './act.ts';
export * from './question.ts';
export * from './basis-answer.ts';
export * from './answers.ts';
export * from './rows.ts';
export * from './bundle.ts';
export * from './import.ts';
