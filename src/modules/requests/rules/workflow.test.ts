import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant, plainDate, problem, stateCode, type Hash, type PlainDate } from '../../../platform/values/index.ts';
import {
  actions as kinds,
  replies,
  statuses,
  type ActionData,
  type ActionKind,
  type DraftRequest,
  type RequestAction,
  type Status,
} from '../schema/index.ts';
import { clocksOf } from './clocks.ts';
import { decideAction, draftersOf, holdUntil, type ActionFacts } from './decide-action.ts';
import { actionPermission, fold, isAllowed, nextActions, signedHash, statusAfter } from './workflow.ts';

const hash = (digit: string) => `sha256:${digit.repeat(64)}` as Hash;
const now = instant('2026-05-14T10:43:51.000Z');

function action(kind: ActionKind, actor: string, data: ActionData = {}, at = now): RequestAction {
  return { id: `${kind}-${actor}`, at, actor, kind, data, shared: false, causes: null };
}

/** A request written by Amara, reviewed by Jara, cleared by Noor. */
const cleared = [
  action('open', 'amara'),
  action('submit-for-review', 'amara'),
  action('review-pass', 'jara'),
  action('clear', 'noor'),
];
const signed = [...cleared, action('sign', 'deniz', { contentHash: hash('1'), assertion: 'proof' })];

function facts(actions: RequestAction[], more: Partial<ActionFacts> = {}): ActionFacts {
  return { actions, actor: 'deniz', now, contentHash: hash('1'), urgent: false, problems: [], open: [], ...more };
}

function codes(kind: ActionKind, data: ActionData, given: ActionFacts, seen: string | null = null): string[] {
  const decided = decideAction(kind, data, seen, given);
  return decided.ok ? [] : decided.error.map((one) => one.code);
}

test('the table holds every status and names only actions that have a permission', () => {
  expect(Object.keys(nextActions).sort()).toEqual([...statuses].sort());
  for (const list of Object.values(nextActions)) for (const kind of list) expect(actionPermission).toHaveProperty(kind);
  const reachable = new Set<ActionKind>(Object.values(nextActions).flat());
  expect(kinds.filter((kind) => !reachable.has(kind))).toEqual(['open', 'receive-late']);
});

test('any sequence of allowed actions stays inside the table, and its fold is the status reached', () => {
  const step = fc.record({ pick: fc.nat(), reply: fc.constantFrom(...replies) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let status: Status = 'draft';
      const done: RequestAction[] = [action('open', 'amara')];
      for (const { pick, reply } of steps) {
        const allowed: readonly ActionKind[] = nextActions[status];
        const kind = allowed[pick % Math.max(allowed.length, 1)];
        if (!kind) break;
        const data: ActionData = kind === 'receive-reply' ? { reply } : {};
        done.push(action(kind, 'amara', data));
        status = statusAfter(status, kind, data);
        expect(statuses).toContain(status);
      }
      expect(fold(done)).toBe(status);
    }),
    { numRuns: 300 },
  );
});

test('an action outside the table changes nothing and names the present status', () => {
  fc.assert(
    fc.property(fc.constantFrom(...statuses), fc.constantFrom(...kinds), (status, kind) => {
      if (isAllowed(status, kind)) return;
      const path: Partial<Record<Status, RequestAction[]>> = {
        draft: [action('open', 'amara')],
        'to-sign': cleared,
        signed,
      };
      const given = path[status];
      if (!given) return;
      expect(codes(kind, {}, facts(given))).toEqual(['requests.action-not-allowed']);
    }),
  );
});

test('whoever saw an older action is told the present status before anything else', () => {
  const decided = decideAction('sign', {}, 'open-amara', facts(cleared));
  expect(decided).toMatchObject({
    ok: false,
    error: [{ code: 'requests.changed-meanwhile', params: { status: 'to-sign', head: 'clear-noor' } }],
  });
  expect(codes('sign', { contentHash: hash('1'), assertion: 'proof' }, facts(cleared), 'clear-noor')).toEqual([]);
});

test('signing names the text it signs; another text is refused', () => {
  expect(codes('sign', { contentHash: hash('2'), assertion: 'proof' }, facts(cleared))).toEqual([
    'requests.content-changed',
  ]);
  expect(codes('sign', { contentHash: hash('1') }, facts(cleared))).toEqual(['requests.no-assertion']);
});

test('a signature dies with the text: reopening voids it, and a changed text cannot go out', () => {
  expect(signedHash(signed)).toBe(hash('1'));
  const reopened = [...signed, action('reopen', 'noor', { reason: 'A name was wrong' })];
  expect([fold(reopened), signedHash(reopened)]).toEqual(['draft', null]);
  const late = facts(signed, { now: instant('2026-05-14T11:00:00.000Z'), contentHash: hash('2') });
  expect(codes('transmit', {}, late)).toEqual(['requests.content-changed']);
});

test('a signed request is held ten minutes; only an urgent one may go at once', () => {
  expect(holdUntil(now)).toBe('2026-05-14T10:53:51.000Z');
  const at = (time: string, urgent: boolean, waiveHold: boolean) =>
    codes('transmit', { waiveHold }, facts(signed, { now: instant(time), urgent }));
  expect(at('2026-05-14T10:53:50.999Z', false, false)).toEqual(['requests.hold-not-over']);
  expect(at('2026-05-14T10:53:51.000Z', false, false)).toEqual([]);
  expect(at('2026-05-14T10:44:00.000Z', false, true)).toEqual(['requests.hold-not-over']);
  expect(at('2026-05-14T10:44:00.000Z', true, false)).toEqual(['requests.hold-not-over']);
  expect(at('2026-05-14T10:44:00.000Z', true, true)).toEqual([]);
});

test('nobody reviews, clears or signs a text they wrote on', () => {
  const written = [action('open', 'amara'), action('edit', 'jara'), action('submit-for-review', 'amara')];
  expect(draftersOf(written)).toEqual(['amara', 'jara']);
  expect(codes('review-pass', {}, facts(written, { actor: 'jara' }))).toEqual(['requests.same-person']);
  expect(codes('review-pass', {}, facts(written, { actor: 'noor' }))).toEqual([]);
  expect(codes('sign', { contentHash: hash('1'), assertion: 'proof' }, facts(cleared, { actor: 'amara' }))).toEqual([
    'requests.same-person',
  ]);
});

test('what blocks is told with every step forward, and a warning wants a reason', () => {
  const block = problem('requests.no-purpose', ['purpose', 'text'], { rule: 'V01' });
  const warn = problem('requests.no-redress', ['dataProtection', 'redress'], { severity: 'warn', rule: 'V59' });
  const written = [action('open', 'amara')];
  expect(codes('submit-for-review', {}, facts(written, { problems: [block, warn], open: [warn] }))).toEqual([
    'requests.no-purpose',
    'requests.warning-without-reason',
  ]);
  expect(codes('submit-for-review', {}, facts(written, { problems: [warn], open: [] }))).toEqual([]);
});

test('returning, discarding, withdrawing and reopening say why', () => {
  expect(codes('discard', {}, facts([action('open', 'amara')]))).toEqual(['requests.reason-needed']);
  expect(codes('discard', { reason: '  ' }, facts([action('open', 'amara')]))).toEqual(['requests.reason-needed']);
  expect(codes('clear-return', { reason: 'The basis is another' }, facts(cleared.slice(0, 3)))).toEqual([]);
});

const xa = stateCode('XA');
const request: DraftRequest = {
  kind: 'request',
  requesting: { state: xa },
  requested: { state: stateCode('XB') },
  deadline: { date: plainDate('2026-05-20') },
};
const calendars = { XA: { weeklyRest: [6, 7], holidays: ['2026-05-15'], years: [2026] } };

test('two working days to sign from a Thursday, with a holiday on Friday, end on Tuesday', () => {
  const [stage, deadline] = clocksOf(request, cleared, 'to-sign', { calendars }, 'UTC');
  expect(stage).toMatchObject({ kind: 'stage', due: '2026-05-19', calendar: 'XA', weekendsOnly: false });
  expect(deadline).toMatchObject({ kind: 'deadline', due: '2026-05-20', unit: 'date' });
});

test('without a calendar the clock says that it counted weekends only', () => {
  expect(clocksOf(request, cleared, 'to-sign', { calendars: {} }, 'UTC')[0]).toMatchObject({
    due: '2026-05-18',
    weekendsOnly: true,
  });
});

test('a sent request alarms after four hours, an urgent one after fifteen minutes', () => {
  const sent = [...signed, action('transmit', 'noor')];
  expect(clocksOf(request, sent, 'sent', { calendars }, 'UTC')[0]?.due).toBe('2026-05-14T14:43:51.000Z');
  const urgent = { ...request, urgency: { level: 'urgent' as const } };
  expect(clocksOf(urgent, sent, 'sent', { calendars }, 'UTC')[0]?.due).toBe('2026-05-14T10:58:51.000Z');
});

test('the day that the other side set goes before the own term: for an answer, and for the review of a postponement', () => {
  const sent = [...signed, action('transmit', 'noor')];
  const asked = (until?: PlainDate) =>
    action('receive-reply', 'system', { reply: 'information-asked', ...(until ? { until } : {}) });
  const stage = (last: RequestAction, status: Status) =>
    clocksOf(request, [...sent, last], status, { calendars: {} }, 'UTC').filter((one) => one.kind === 'stage');
  expect(stage(asked(plainDate('2026-05-18')), 'information-asked')).toMatchObject([
    { due: '2026-05-18', unit: 'date', source: 'UNTOC art. 18(16)' },
  ]);
  expect(stage(asked(), 'information-asked')).toMatchObject([{ due: '2026-06-11', unit: 'working-days' }]);
  const postponed = action('receive-reply', 'system', { reply: 'postponed', until: plainDate('2026-08-14') });
  expect(stage(postponed, 'postponed')).toMatchObject([{ due: '2026-08-14', source: 'UNTOC art. 18(25)' }]);
});

test('what was frozen ends on its day and items go back by theirs, even after the request is closed', () => {
  const terms = [
    { kind: 'freeze-end' as const, due: plainDate('2027-05-15') },
    { kind: 'item-return' as const, due: plainDate('2026-09-01'), item: 'm2' },
  ];
  const answered = [
    ...signed,
    action('transmit', 'noor'),
    action('receive-reply', 'system', { reply: 'results-sent', terms }),
  ];
  const kinds = (actions: RequestAction[], status: Status) =>
    clocksOf({ ...request, handling: { retainUntil: plainDate('2036-05-14') } }, actions, status, { calendars }, 'UTC')
      .filter((one) => one.kind !== 'stage' && one.kind !== 'deadline')
      .map((one) => `${one.kind} ${one.due} ${one.item ?? ''}`.trim());
  expect(kinds(answered, 'results-sent')).toEqual([
    'freeze-end 2027-05-15',
    'item-return 2026-09-01 m2',
    'retention 2036-05-14',
  ]);
  expect(kinds([...answered, action('return-items', 'amara')], 'results-received')).toEqual([
    'freeze-end 2027-05-15',
    'retention 2036-05-14',
  ]);
  expect(kinds([...answered, action('close', 'noor')], 'closed')).toEqual([
    'freeze-end 2027-05-15',
    'retention 2036-05-14',
  ]);
});

test('a draft that is shown to the other State is shown for thirty days', () => {
  const shared = [action('open', 'amara'), action('share-draft', 'amara')];
  const found = clocksOf(request, shared, 'draft-shared', { calendars: {} }, 'UTC');
  expect(found.find((one) => one.kind === 'draft-expiry')?.due).toBe('2026-06-13');
});
