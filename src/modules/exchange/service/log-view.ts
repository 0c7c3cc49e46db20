import type { Instant } from '../../../platform/values/index.ts';
import { listCheckpoints, listConflicts, listWitnesses } from '../../audit/index.ts';
import { nameActor, type Context } from '../../identity/index.ts';
import { listDifferences, listLastRuns, type ListedDifference, type Run } from '../store/reconcile.ts';
import { findRecovery } from '../store/recovery.ts';

export interface ReconcileView {
  peers: {
    node: string;
    run: Run | null;
    differences: ListedDifference[];
    /** The newest state of our log that this node cosigned. */
    cosigned: { size: number; at: Instant } | null;
  }[];
  /** Nodes that showed two logs. */
  conflicts: string[];
  /** Nobody cosigned for a day though there is something to cosign and somebody who could. */
  isUnwitnessed: boolean;
  recovery: { from: number; to: number; proposedAt: Instant | null; isOwnProposal: boolean } | null;
}

const day = 86_400_000;
const mostDifferences = 200;

/** The last comparison with each node, who cosigned our log, and whether its history went back. */
export async function getReconcilePage(ctx: Context, nodes: readonly string[]): Promise<ReconcileView> {
  return ctx.transaction(async (tx) => {
    ctx.allow('exchange.reconcile');
    await nameActor(tx, { kind: 'system', id: 'exchange' });
    const runs = new Map((await listLastRuns(tx)).map((run) => [run.peer, run]));
    const witnesses = new Map((await listWitnesses(tx)).map((one) => [one.witness, one]));
    const peers: ReconcileView['peers'] = [];
    for (const node of [...new Set([...nodes, ...runs.keys()])].sort()) {
      const run = runs.get(node) ?? null;
      const cosigned = witnesses.get(node) ?? null;
      const differences = run && run.differences > 0 ? await listDifferences(tx, run.id, mostDifferences) : [];
      peers.push({ node, run, differences, cosigned });
    }
    const newest = [...witnesses.values()].map((one) => Date.parse(one.at));
    const [first] = await listCheckpoints(tx, 'exchange', 1, 1);
    const waited = first ? Date.parse(ctx.clock.now()) - Math.max(Date.parse(first.at), ...newest) : 0;
    const open = await findRecovery(tx);
    const conflicts = [...new Set((await listConflicts(tx)).map((one) => one.node))];
    await nameActor(tx, ctx.actor);
    const actor = ctx.actor.kind === 'public' ? 'public' : ctx.actor.id;
    return {
      peers,
      conflicts,
      isUnwitnessed: nodes.length > 0 && waited > day,
      recovery: open
        ? { from: open.from, to: open.to, proposedAt: open.proposedAt, isOwnProposal: open.proposedBy === actor }
        : null,
    };
  });
}
