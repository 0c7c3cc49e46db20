export * from './password.ts';
export * from './session.ts';
export * from './slow-down.ts';
