import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNightly } from '../../../../tests/support/nightly.ts';
import { instant, plainDate } from '../../../platform/values/index.ts';
import {
  actions,
  incomingActions,
  incomingInput,
  incomingStatuses,
  replies,
  requestedActs,
  requestingActs,
  sides,
  statuses,
  type ActionData,
  type ActionKind,
  type DraftRequest,
  type IncomingAction,
  type IncomingActionData,
  type IncomingActionKind,
  type SharedAct,
  type ThreadEntry,
} from '../schema/index.ts';
import {
  atAnyTime,
  executionActs,
  foldIncoming,
  incomingAfter,
  incomingPermission,
  isAllowedIncoming,
  nextActionsIncoming,
  nextIncoming,
  permissionAt,
  type IncomingState,
} from './incoming.ts';
import { decideIncoming, waitsFor, type IncomingFacts } from './decide-incoming.ts';
import { incomingClocks } from './incoming-clocks.ts';
import { foldShared, inOrder } from './shared-acts.ts';
import { foldThread } from './thread.ts';
import { fold, isAllowed, nextActions, statusAfter } from './workflow.ts';

const runs = isNightly ? 10_000 : 1_000;
const at = instant('2026-05-14T12:00:00.000Z');

function act(kind: IncomingActionKind, actor = 'ines', data: IncomingActionData = {}, when = at): IncomingAction {
  return { id: `${kind}-${actor}`, at: when, actor, kind, data, shared: false, causes: null };
}

test('the table of the requested side holds every status; each act has a permission, a place and words to give', () => {
  expect(Object.keys(nextActionsIncoming).sort()).toEqual([...incomingStatuses].sort());
  const placed = new Set<IncomingActionKind>([...Object.values(nextActionsIncoming).flat(), ...atAnyTime]);
  expect(incomingActions.filter((kind) => !placed.has(kind))).toEqual(['receive', 'receive-late']);
  for (const kind of incomingActions)
    expect([kind, kind in incomingInput]).toEqual([kind, incomingPermission[kind] !== 'system']);
});

test('G9: any commands on an incoming request stay inside its table, and its buttons are the table', () => {
  const step = fc.record({
    kind: fc.constantFrom(...incomingActions),
    answered: fc.boolean(),
    part: fc.boolean(),
    actor: fc.constantFrom('ines', 'tomas'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const done: IncomingAction[] = [act('receive', 'system:exchange')];
      let state: IncomingState = foldIncoming(done);
      for (const { kind, answered, part, actor } of steps) {
        const allowed = isAllowedIncoming(state, kind);
        const listed = nextIncoming(state).includes(kind) || (atAnyTime as readonly string[]).includes(kind);
        if (kind !== 'receive-late' && kind !== 'acknowledge-change')
          expect(allowed).toBe(listed && (state.status !== 'closed' || kind === 'reopen'));
        if (!allowed || kind === 'receive') continue;
        // What is done in execution waits until a change is acknowledged.
        if (waitsFor(state, kind) !== null) {
          if (state.changedByOtherSide && executionActs.has(kind))
            expect(waitsFor(state, kind)).toBe('requests.acknowledge-change-first');
          continue;
        }
        const before = state.status;
        done.push(act(kind, actor, { answered, ...(part ? { subject: 'part' } : {}) }));
        state = incomingAfter(state, done.at(-1) ?? act(kind));
        expect(incomingStatuses).toContain(state.status);
        if (kind === 'receive-late') expect(state.status).toBe(before);
      }
      expect(foldIncoming(done)).toEqual(state);
    }),
    { numRuns: runs },
  );
});

test('G9: any commands on an outgoing request stay inside its table', () => {
  const step = fc.record({
    kind: fc.constantFrom(...actions),
    reply: fc.constantFrom(...replies),
    back: fc.constantFrom('registered' as const, 'in-execution' as const, undefined),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const done: { kind: ActionKind; data: ActionData }[] = [{ kind: 'open', data: {} }];
      let status = fold(done);
      for (const { kind, reply, back } of steps) {
        if (!isAllowed(status, kind)) continue;
        expect(kind === 'receive-late' || (nextActions[status] as readonly string[]).includes(kind)).toBe(true);
        const data: ActionData = kind === 'receive-reply' ? { reply } : back ? { back } : {};
        done.push({ kind, data });
        status = statusAfter(status, kind, data);
        expect(statuses).toContain(status);
      }
      expect(fold(done)).toBe(status);
    }),
    { numRuns: runs },
  );
});

const uuids = fc.uuid();
const sharedAct: fc.Arbitrary<SharedAct> = fc
  .record({
    id: uuids,
    n: fc.integer({ min: 1, max: 12 }),
    side: fc.constantFrom(...sides),
    pick: fc.nat(),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  .map(({ id, n, side, pick, minute }) => {
    const kinds = side === 'requesting' ? requestingActs : requestedActs;
    return {
      id,
      n,
      side,
      kind: kinds[pick % kinds.length] ?? 'transmit',
      at: instant(`2026-05-14T12:${String(minute).padStart(2, '0')}:00.000Z`),
      causes: null,
    };
  });

test('the fold of shared acts is the same on both sides after any order of delivery with repeats', () => {
  fc.assert(
    fc.property(fc.array(sharedAct, { maxLength: 25 }), fc.infiniteStream(fc.nat()), (acts, picks) => {
      // The other side gets them in another order, some twice.
      const rest = [...acts];
      const arrived: SharedAct[] = [];
      for (const pick of picks) {
        const [one] = rest.splice(pick % Math.max(rest.length, 1), 1);
        if (!one) break;
        arrived.push(one);
        if (pick % 3 === 0) arrived.push(one);
      }
      expect(foldShared(arrived)).toEqual(foldShared(acts));
      expect(inOrder(arrived)).toEqual(inOrder(acts));
    }),
    { numRuns: runs },
  );
});

test('a withdrawal that crosses an answer ends it the same way on both sides', () => {
  const made = (n: number, side: SharedAct['side'], kind: SharedAct['kind'], id: string): SharedAct => ({
    id,
    n,
    side,
    kind,
    at,
    causes: null,
  });
  const sent = made(1, 'requesting', 'transmit', 'a');
  const withdrawn = made(4, 'requesting', 'withdraw', 'b');
  const executed = made(4, 'requested', 'executed', 'c');
  for (const order of [
    [sent, withdrawn, executed],
    [executed, withdrawn, sent],
  ])
    expect(foldShared(order)).toMatchObject({ stage: 'closed', withdrawn: true, answer: null });
  expect(foldShared([sent, executed, made(5, 'requesting', 'query-results', 'd')])).toMatchObject({
    stage: 'being-executed',
    answer: null,
  });
});

test('a thread is the same in any order with repeats; only the other side answers and only the asking one settles', () => {
  const entry = (type: ThreadEntry['type'], side: ThreadEntry['side'], id: string): ThreadEntry => {
    const base = { id, question: 'q', side, at };
    if (type === 'question') return { ...base, id: 'q', type, path: [], text: { en: 'Which?' }, why: null, by: null };
    return type === 'answer' ? { ...base, type, text: { en: 'This' }, files: [], supplement: null } : { ...base, type };
  };
  const all = [
    entry('question', 'requested', 'q'),
    entry('answer', 'requesting', '1'),
    entry('answer', 'requested', '2'),
    entry('settle', 'requesting', '3'),
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 8 }), (shuffled) => {
      expect(foldThread(shuffled)).toMatchObject([{ status: 'answered', answers: [{ id: '1' }] }]);
    }),
    { numRuns: 50 },
  );
  expect(foldThread([...all, entry('settle', 'requested', '4')])[0]?.status).toBe('settled');
});

const request = {
  kind: 'request',
  requesting: { state: 'XA' },
  requested: { state: 'XB' },
  urgency: { level: 'urgent' },
  deadline: { date: plainDate('2026-05-20') },
  measures: [{ id: 'm1' }],
} as DraftRequest;
const normal = { ...request, urgency: { level: 'normal' } } as DraftRequest;
const calendars = {};

test('an urgent request is registered within the hour and assessed within a day; another in working days', () => {
  const due = (one: DraftRequest, acts: IncomingAction[]) =>
    incomingClocks(one, acts, { calendars, profile: null }, 'UTC').find((clock) => clock.kind === 'stage');
  expect(due(request, [act('receive')])).toMatchObject({ unit: 'hours', due: '2026-05-14T13:00:00.000Z' });
  expect(due(request, [act('receive'), act('register')])).toMatchObject({ due: '2026-05-15T12:00:00.000Z' });
  expect(due(normal, [act('receive')])).toMatchObject({ unit: 'working-days', due: '2026-05-15', weekendsOnly: true });
  expect(due(normal, [act('receive'), act('register')])).toMatchObject({ due: '2026-05-18' });
});

test('while the other side is waited for, the own terms stand still and say so; the set date runs', () => {
  const question = {
    id: '00000000-0000-7000-8000-000000000001',
    path: [],
    text: { en: 'x' },
    why: { en: 'y' },
    by: plainDate('2026-06-01'),
  };
  const asked = act('ask-information', 'ines', {
    reply: { reply: 'more-information', questions: [question], meanwhile: null },
  });
  const before = [act('receive'), act('register'), act('acknowledge'), act('assess')];
  const clocks = incomingClocks(request, [...before, asked], { calendars, profile: null }, 'UTC');
  expect(clocks).toMatchObject([
    { kind: 'stage', due: '2026-06-01', paused: false },
    { kind: 'deadline', due: '2026-05-20', paused: true },
  ]);
  const after = incomingClocks(
    request,
    [...before, asked, act('receive-answer', 'system:exchange', { answered: true })],
    { calendars, profile: null },
    'UTC',
  );
  expect(after.find((one) => one.kind === 'deadline')).toMatchObject({ paused: false });
});

test('a freezing that was reported runs out on its day once the results have left, and not before', () => {
  const reply = {
    reply: 'executed' as const,
    results: [],
    procedure: { followed: true, note: null },
    conditions: [],
    freezeEnds: plainDate('2027-05-15'),
    costs: null,
  };
  const reported = [act('receive'), act('register'), act('report-executed', 'vera', { reply })];
  const ends = (acts: IncomingAction[]) =>
    incomingClocks(request, acts, { calendars, profile: null }, 'UTC').filter((one) => one.kind === 'freeze-end');
  expect(ends(reported)).toEqual([]);
  expect(ends([...reported, act('send-results')])).toMatchObject([{ due: '2027-05-15', paused: false }]);
  expect(ends([...reported, act('send-results'), act('close')])).toHaveLength(1);
});

test('whoever executes may ask, and begin a postponement or refusal, only while it is executed', () => {
  for (const kind of ['ask-information', 'start-postponement', 'start-refusal'] as const) {
    expect(permissionAt('in-execution', kind)).toBe('requests.execute');
    expect(permissionAt('assessed', kind)).toBe('requests.assess');
  }
});

test('an act on another head, or outside the table, is told with the present status', () => {
  const facts: IncomingFacts = {
    state: foldIncoming([act('receive')]),
    head: 'h2',
    openChanges: [],
    reply: {
      definitions: { grounds: [] },
      request,
      today: plainDate('2026-05-14'),
      consultations: [],
      useQuestions: [],
      reminders: 0,
      withdrawn: [],
      reported: [],
      files: null,
      actor: 'ines',
    },
  };
  expect(decideIncoming('register', {}, 'h1', facts)).toMatchObject({
    ok: false,
    error: [{ code: 'requests.changed-meanwhile' }],
  });
  expect(decideIncoming('refuse', {}, 'h2', facts)).toMatchObject({
    ok: false,
    error: [{ code: 'requests.action-not-allowed' }],
  });
  expect(decideIncoming('register', {}, 'h2', facts).ok).toBe(true);
});
