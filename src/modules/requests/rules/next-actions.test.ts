import { expect, test } from 'vitest';
import { policy } from '../../identity/index.ts';
import {
  incomingStatuses,
  statuses,
  type ActionKind,
  type IncomingActionKind,
  type IncomingStatus,
} from '../schema/index.ts';
import { atAnyTime, executionActs, nextActionsIncoming, permissionAt } from './incoming.ts';
import { actionPermission, nextActions } from './workflow.ts';

/** Rows of requests.md section 5.1: status, what may follow, and the roles that must be able to do it. */
const outgoing: readonly (readonly [string, string, string])[] = [
  ['draft', 'edit submit-for-review share-draft discard', 'prosecutor'],
  ['peer-review', 'review-pass review-return', 'reviewer'],
  ['legal-clearance', 'clear clear-return', 'central-authority-officer'],
  ['draft-shared', 'receive-comment take-back submit-for-review', 'prosecutor'],
  ['to-sign', 'sign sign-return', 'signatory'],
  ['signed', 'transmit reopen', 'central-authority-officer'],
  ['sent', 'record-delivery recall', 'central-authority-officer'],
  ['delivered', 'record-registration withdraw', 'central-authority-officer'],
  ['delivered', 'supplement', 'signatory'],
  ['registered', 'answer-question remind', 'prosecutor central-authority-officer'],
  ['registered', 'answer-conditions withdraw', 'central-authority-officer'],
  ['registered', 'supplement', 'signatory'],
  ['information-asked', 'answer-question', 'prosecutor central-authority-officer'],
  ['information-asked', 'withdraw', 'central-authority-officer'],
  ['conditions-proposed', 'accept-conditions decline-conditions consult', 'central-authority-officer'],
  ['in-execution', 'remind record-partial', 'prosecutor central-authority-officer'],
  ['in-execution', 'withdraw', 'central-authority-officer'],
  ['in-execution', 'supplement', 'signatory'],
  ['postponed', 'consult withdraw', 'central-authority-officer'],
  ['postponed', 'remind', 'prosecutor central-authority-officer'],
  ['postponed', 'supplement', 'signatory'],
  ['results-sent', 'confirm-results query-results', 'prosecutor central-authority-officer'],
  ['results-received', 'record-use return-items ask-other-use', 'prosecutor central-authority-officer'],
  ['results-received', 'close', 'central-authority-officer'],
  ['refused', 'consult resubmit close', 'central-authority-officer'],
  ['returned-unexecuted', 'consult resubmit close', 'central-authority-officer'],
  ['withdrawn', '', ''],
  ['closed', 'reopen', 'central-authority-officer'],
  ['discarded', '', ''],
];

/** What the design leaves to the other State's messages, in the statuses in which they may come. */
const brought: ReadonlySet<string> = new Set(['receive-reply', 'receive-status']);
/** The answer may come before the receipt of the node is written down. */
const early: readonly string[] = ['sent record-registration'];

/** Rows of requests.md section 5.2. */
const incoming: readonly (readonly [string, string, string])[] = [
  ['received', 'register return-misdirected', 'registrar central-authority-officer'],
  ['registered', 'assess acknowledge', 'central-authority-officer'],
  ['registered', 'return-misdirected', 'registrar central-authority-officer'],
  [
    'assessed',
    'ask-information propose-conditions forward start-refusal start-postponement',
    'central-authority-officer',
  ],
  ['information-asked', 'receive-answer forward return-unexecuted', 'central-authority-officer'],
  ['conditions-proposed', 'receive-answer forward start-refusal', 'central-authority-officer'],
  ['forwarded', 'accept-execution hand-back', 'executing-officer'],
  [
    'in-execution',
    'report-partial report-executed ask-information start-postponement start-refusal',
    'executing-officer central-authority-officer',
  ],
  ['consultation', 'record-consultation propose-conditions refuse postpone forward', 'central-authority-officer'],
  ['postponed', 'resume refuse', 'central-authority-officer'],
  ['executed', 'check-results send-results', 'central-authority-officer'],
  ['results-sent', 'record-results-receipt consent-to-use decline-use', 'central-authority-officer'],
  ['refused', 'reopen-on-resubmission close', 'central-authority-officer'],
  ['returned-unexecuted', 'reopen-on-resubmission close', 'central-authority-officer'],
  ['withdrawn', 'reopen-on-resubmission close', 'central-authority-officer'],
  ['closed', 'reopen', 'central-authority-officer'],
];
/** "After two reminders": there must be a way to remind. */
const reminding: readonly string[] = ['information-asked remind-other-side', 'conditions-proposed remind-other-side'];

const words = (text: string) => text.split(' ').filter((one) => one !== '');
const pairs = (rows: typeof outgoing) =>
  rows.flatMap(([status, acts]) => words(acts).map((act) => `${status} ${act}`)).sort();
const inTable = (table: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(table)
    .flatMap(([status, acts]) => acts.map((act) => `${status} ${act}`))
    .sort();

/** Whether a role may ever take an act; what the node itself does needs none. */
function mayTake(role: string, permission: string): boolean {
  if (permission === 'system') return true;
  const { roles } = policy[permission as keyof typeof policy];
  return Array.isArray(roles) && (roles as readonly string[]).includes(role);
}

test('the table of the requesting side is that of the design, row by row', () => {
  expect([...new Set(outgoing.map(([status]) => status))].sort()).toEqual([...statuses].sort());
  const coded = inTable(nextActions).filter((pair) => !brought.has(pair.split(' ')[1] ?? '') && !early.includes(pair));
  expect(coded).toEqual(pairs(outgoing));
});

test('the table of the requested side is that of the design, row by row', () => {
  expect([...new Set(incoming.map(([status]) => status))].sort()).toEqual([...incomingStatuses].sort());
  expect(inTable(nextActionsIncoming).filter((pair) => !reminding.includes(pair))).toEqual(pairs(incoming));
});

test('whom the design names for an act may take it, in either table', () => {
  const missing = [
    ...outgoing.flatMap(([status, acts, roles]) =>
      words(acts).flatMap((act) =>
        words(roles)
          .filter((role) => !mayTake(role, actionPermission[act as ActionKind]))
          .map((role) => `${status} ${act} ${role}`),
      ),
    ),
    ...incoming.flatMap(([status, acts, roles]) =>
      words(acts).flatMap((act) =>
        words(roles)
          .filter((role) => !mayTake(role, permissionAt(status as IncomingStatus, act as IncomingActionKind)))
          .map((role) => `${status} ${act} ${role}`),
      ),
    ),
  ];
  expect(missing).toEqual([]);
});

test('a supplement or withdrawal may come in any open status, and execution waits for its acknowledgement', () => {
  for (const kind of ['receive-supplement', 'receive-withdrawal', 'acknowledge-change'])
    expect(atAnyTime).toContain(kind);
  expect([...executionActs].sort()).toEqual(
    ['accept-execution', 'forward', 'report-executed', 'report-partial', 'send-results'].sort(),
  );
});

test('who only drafts, reviews or registers never clears, signs, refuses or lets results out', () => {
  const grave = ['requests.clear', 'requests.sign', 'requests.release', 'requests.refuse', 'requests.send-results'];
  for (const role of ['prosecutor', 'reviewer', 'registrar'])
    expect(grave.filter((permission) => mayTake(role, permission))).toEqual([]);
});
