/** Kinds of signed or stored JSON that this build writes, with their newest version. */
export const kinds = {
  'treaties-dataset': { version: 1, module: 'treaties', carriedAs: 'record', feed: 'treaties' },
  'authority-entry': { version: 1, module: 'authorities', carriedAs: 'record', feed: 'directory' },
  'requirement-profile': { version: 1, module: 'authorities', carriedAs: 'record', feed: 'directory' },
  calendar: { version: 1, module: 'authorities', carriedAs: 'record', feed: 'directory' },
  request: { version: 1, module: 'requests', carriedAs: 'message', feed: null },
} as const;
export type Kind = keyof typeof kinds;
