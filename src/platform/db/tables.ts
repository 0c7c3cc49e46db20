/**
 * Every table of the node, by name. Each module adds its own beside its store:
 * `declare module '../../platform/db/tables.ts' { interface Tables { treaty_acts: TreatyActRow } }`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the modules
export interface Tables {}
