import { withTransaction, type Db, type Tx } from '../../../platform/db/index.ts';
import type { TrustView } from '../schema.ts';

/** How old a view may be for what is asked at every call, in milliseconds. */
const recentFor = 1_000;

/** The view of trust for calls that come by the hundred. `now`: what the database says at this moment. */
export type RecentTrust = (age: 'recent' | 'now') => Promise<TrustView>;

/**
 * Keeps the view for a second, so that not every call of a peer asks the database who it is. Whoever is refused on it, or
 * opens a connection, asks for the view of now. What a message takes effect by is loaded in its own transaction, always.
 */
export function recentTrust(db: Db, actor: string, loadTrust: (tx: Tx) => Promise<TrustView>): RecentTrust {
  let kept: { view: Promise<TrustView>; at: number } | undefined;
  return (age) => {
    const at = performance.now();
    if (age === 'recent' && kept && at - kept.at < recentFor) return kept.view;
    const view = withTransaction(db, actor, loadTrust);
    const mine = { view, at };
    kept = mine;
    view.catch(() => {
      if (kept === mine) kept = undefined;
    });
    return view;
  };
}
