/** Kinds of signed or stored JSON that this build writes, with their newest version. */
export const kinds = {
  'treaties-dataset': { version: 1, module: 'treaties', carriedAs: 'record', feed: 'treaties' },
  'authority-entry': { version: 1, module: 'authorities', carriedAs: 'record', feed: 'directory' },
  'requirement-profile': { version: 1, module: 'authorities', carriedAs: 'record', feed: 'directory' },
  calendar: { version: 1, module: 'authorities', carriedAs: 'record', feed: 'directory' },
  'node-entry': { version: 1, module: 'exchange', carriedAs: 'record', feed: 'nodes' },
  'key-revocation': { version: 1, module: 'exchange', carriedAs: 'record', feed: 'nodes' },
  event: { version: 1, module: 'exchange', carriedAs: 'message', feed: null },
  'authority-ping': { version: 1, module: 'authorities', carriedAs: 'message', feed: null },
  'authority-pong': { version: 1, module: 'authorities', carriedAs: 'message', feed: null },
  request: { version: 1, module: 'requests', carriedAs: 'message', feed: null },
  'request-draft': { version: 1, module: 'requests', carriedAs: 'message', feed: null },
  'draft-remark': { version: 1, module: 'requests', carriedAs: 'message', feed: null },
  'request-supplement': { version: 1, module: 'requests', carriedAs: 'message', feed: null },
  'request-withdrawal': { version: 1, module: 'requests', carriedAs: 'message', feed: null },
  'request-reply': { version: 1, module: 'requests', carriedAs: 'message', feed: null },
  'request-thread': { version: 1, module: 'requests', carriedAs: 'message', feed: null },
  'request-status': { version: 1, module: 'requests', carriedAs: 'message', feed: null },
  'results-receipt': { version: 1, module: 'requests', carriedAs: 'message', feed: null },
} as const;
export type Kind = keyof typeof kinds;
