/**
 * Keys of every message catalogue, by module. Each module adds its own:
 * `declare module '../../../platform/i18n/keys.ts' { interface MessageKeys { treaties: keyof typeof en } }`.
 * A key that no catalogue holds does not compile.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the modules
export interface MessageKeys {}
export type MessageKey = Extract<MessageKeys[keyof MessageKeys], string>;
