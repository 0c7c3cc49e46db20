/**
 * What delivery decides, as pure functions: state and what happened, in; new state and effects, out. The service carries
 * the effects out in one transaction; the simulator carries them out on a virtual disk. Neither decides anything itself.
 */
export * from './core-receive.ts';
export * from './core-open.ts';
export * from './core-send.ts';
export * from './core-answer.ts';
export { commit as commitMessage, release as releaseMessage, reserve as prepareMessage } from './rules/index.ts';
