import type { JobHandler } from '../../../platform/jobs/index.ts';
import { addJob, later } from '../../../platform/jobs/index.ts';
import type { Clock as WallClock } from '../../../platform/clock.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import type { Random } from '../../../platform/random.ts';
import { addDays, dayIn, Instant, type PlainDate } from '../../../platform/values/index.ts';
import { toMoment } from '../../authorities/index.ts';
import { visibleCaseFiles, type CaseFileFacts } from '../../evidence/index.ts';
import { admits, type Context } from '../../identity/index.ts';
import { endStatuses, type Clock } from '../rules/index.ts';
import { Status } from '../schema/index.ts';
import * as store from '../store/index.ts';
import { pageOf } from './list-place.ts';
import { handTo, putAside, takeBackLast } from './hand-on.ts';
import type { Deadline, DeskNotice, RequestListItem, Requests } from './types.ts';

/** Ends of the terms as moments: a day ends at midnight in the node's zone. */
function momentOf(due: Clock['due'], zone: string): Instant {
  const whole = Instant.safeParse(due);
  return whole.success ? whole.data : toMoment(addDays(due as PlainDate, 1), '00:00', zone);
}

/** Writes the terms that run now, and answers the first day on which one of them ends. */
export async function saveClocks(
  tx: Tx,
  ctx: Pick<Context, 'zone'>,
  row: Pick<store.RequestRow, 'id' | 'case_file_id'>,
  clocks: readonly Clock[],
): Promise<PlainDate | null> {
  const started = new Map<string, Clock>();
  for (const clock of clocks) started.set(`${clock.kind} ${clock.item ?? ''}`, clock);
  await store.replaceClocks(
    tx,
    row.id,
    [...started.values()].map((clock) => ({
      request_id: row.id,
      case_file_id: row.case_file_id,
      kind: clock.kind,
      item: clock.item ?? '',
      start_at: toMoment(clock.start, '00:00', ctx.zone),
      due_at: momentOf(clock.due, ctx.zone),
      paused: clock.paused,
    })),
  );
  const days = clocks
    .filter((one) => one.kind !== 'retention' && !one.paused)
    .map((one) => (one.due.length === 10 ? (one.due as PlainDate) : dayIn(ctx.zone, one.due as Instant)));
  return days.sort()[0] ?? null;
}

const sweeping = { kind: 'requests.notices', key: 'sweep' };
const sweepEvery = 5 * 60_000;

/**
 * Jobs of this module by kind: `requests.notices` tells the desk of terms that run, at 50, 80, 100 and 110 per cent,
 * and asks for itself again.
 */
export function requestJobs(parts: { clock: WallClock; random: Random }): Record<string, JobHandler> {
  return {
    async [sweeping.kind](tx) {
      const now = parts.clock.now();
      await store.insertDueNotices(tx, now);
      await addJob(tx, parts, { ...sweeping, runAt: later(now, sweepEvery) });
    },
  };
}

/** Asks for the jobs that go on by themselves. Asking again changes nothing. */
export async function startRequestJobs(tx: Tx, parts: { clock: WallClock; random: Random }): Promise<void> {
  await addJob(tx, parts, sweeping);
}

const approvals = {
  'peer-review': 'requests.review',
  'legal-clearance': 'requests.clear',
  'to-sign': 'requests.sign',
} as const;

function readerOf(ctx: Context): store.DeskReader {
  const approves = (Object.keys(approvals) as (keyof typeof approvals)[]).filter((status) =>
    admits(ctx.actor, approvals[status]),
  );
  return {
    personId: ctx.actor.kind === 'person' ? ctx.actor.id : '',
    today: ctx.today(),
    until: addDays(ctx.today(), 7),
    approves,
  };
}

function toListItem(row: store.RequestRow, dueAt: Instant | null): RequestListItem {
  return {
    reference: row.reference,
    caseFileId: row.case_file_id,
    status: Status.parse(row.status),
    types: row.types,
    requestedState: row.requested_state,
    urgent: row.urgent,
    deadline: row.deadline,
    tasksDone: row.tasks_done,
    requestVersion: row.request_version,
    owner: row.owner_id ?? row.created_by,
    waitingUntil: row.waiting_until,
    dueOn: row.due_on,
    dueAt,
    createdBy: row.created_by,
    changedAt: row.changed_at,
  };
}

interface DeskNeeds {
  /** Loads a request for change and asks for the permission on it. */
  lock(tx: Tx, ctx: Context, reference: string): Promise<{ row: store.RequestRow; facts: CaseFileFacts }>;
}

type DeskUses = Pick<
  Requests,
  'list' | 'counts' | 'deskCounts' | 'notices' | 'deadlines' | 'assign' | 'waitUntil' | 'undoDesk'
>;

/** Lists, counts and the work of handing on. Nothing here counts or names what the reader may not know of. */
export function deskUses({ lock }: DeskNeeds): DeskUses {
  const column = 'requests.case_file_id';

  async function open(tx: Tx, ctx: Context, reference: string) {
    const found = await lock(tx, ctx, reference);
    const { status } = found.row;
    if ((endStatuses as readonly string[]).includes(status))
      throw new Conflict('requests.request-ended', { params: { status } });
    return found;
  }

  return {
    list: (ctx, { status, dueBefore, to, caseFileId, owner, view, order, after, limit } = {}) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.list');
        const { rows, next } = await pageOf({ order, after, limit }, (paging) =>
          store.listRequestRows(tx, visibleCaseFiles(ctx, column), {
            ...(status ? { status } : {}),
            ...(dueBefore ? { dueBefore } : {}),
            ...(to ? { requestedState: to } : {}),
            ...(caseFileId ? { caseFileId } : {}),
            ...(owner ? { owner } : {}),
            ...(view ? { view: { name: view, reader: readerOf(ctx) } } : {}),
            ...paging,
          }),
        );
        const due = await store.listNextDue(
          tx,
          rows.map((row) => row.id),
        );
        return { requests: rows.map((row) => toListItem(row, due.get(row.id) ?? null)), next };
      }),

    counts: (ctx) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.list');
        const rows = await store.countByStatus(tx, visibleCaseFiles(ctx, column));
        return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
      }),

    deskCounts: (ctx) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.list');
        return store.countViews(tx, visibleCaseFiles(ctx, column), readerOf(ctx));
      }),

    notices: (ctx, limit = 50) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.list');
        const rows = await store.listNotices(tx, visibleCaseFiles(ctx, column), Math.max(1, Math.min(limit, 200)));
        return rows.map(({ reference, owner, kind, item, due_at, level, at }): DeskNotice => ({
          reference,
          clock: kind,
          item: item === '' ? null : item,
          dueAt: due_at,
          level,
          audience: level === 110 ? 'head' : level === 100 ? 'deputy' : 'owner',
          owner,
          at,
        }));
      }),

    deadlines: (ctx, { until, limit = 200 }) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.list');
        const end = toMoment(addDays(until, 1), '00:00', ctx.zone);
        const rows = await store.listTerms(tx, visibleCaseFiles(ctx, column), end, Math.max(1, Math.min(limit, 500)));
        return rows.map((row): Deadline => {
          const { side, requesting_state, requested_state } = row;
          return {
            reference: row.reference,
            side,
            clock: row.kind,
            item: row.item === '' ? null : row.item,
            startAt: row.start_at,
            dueAt: row.due_at,
            paused: row.paused,
            types: row.types,
            urgent: row.urgent,
            otherState: side === 'incoming' ? requesting_state : requested_state,
            otherAuthority: row.other_authority,
            owner: row.owner,
            level: row.level,
          };
        });
      }),

    assign: (ctx, reference, personId) =>
      ctx.transaction(async (tx) => handTo(tx, ctx, await open(tx, ctx, reference), personId)),
    waitUntil: (ctx, reference, day) =>
      ctx.transaction(async (tx) => putAside(tx, ctx, await open(tx, ctx, reference), day)),
    undoDesk: (ctx, reference) => ctx.transaction(async (tx) => takeBackLast(tx, ctx, await open(tx, ctx, reference))),
  };
}
