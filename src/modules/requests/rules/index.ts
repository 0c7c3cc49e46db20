export * from './check.ts';
export * from './clocks.ts';
export * from './completeness.ts';
export * from './match-keys.ts';
export { freeTexts, isPresent, select } from './paths.ts';
export * from './task-pages.ts';
export { isOneLetterOff, monthsOf, numbersOf } from './tests-text.ts';
export { acceptedLanguages, statusOn, type BoundStatus } from './tests-law.ts';
export * from './workflow.ts';
