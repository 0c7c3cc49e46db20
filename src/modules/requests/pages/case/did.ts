import type { View } from '../../../../web/index.ts';
import type { ActionKind, IncomingActionKind } from '../../schema/index.ts';

/** What was done, in words: `Information asked for`. What came from the other State has its name of the table. */
export function didWords(view: View, kind: ActionKind | IncomingActionKind): string {
  const { t } = view;
  const did = `requests.did.${kind}`;
  if (t.has(did)) return t.code(did);
  const came = `requests.incoming-action.${kind}`;
  return t.code(t.has(came) ? came : `requests.action.${kind}`);
}
