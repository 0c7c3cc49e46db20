import { sampleRequest } from '../../src/modules/requests/documents/sample.ts';
import { contentHash, type IncomingStatus } from '../../src/modules/requests/schema/index.ts';
import { nextIncoming, type IncomingState } from '../../src/modules/requests/rules/index.ts';
import type { IncomingView } from '../../src/modules/requests/service/index.ts';
import { incomingInput, type IncomingInputKind } from '../../src/modules/requests/schema/index.ts';
import { instant, plainDate, stateCode } from '../../src/platform/values/index.ts';

const id = (n: number) => `019e0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const at = (time: string) => instant(`2026-05-14T${time}.000Z`);

/** An incoming request of Alba at Borea, as a page gets it: for looking at pages without two nodes. */
export function incomingView(status: IncomingStatus, more: Partial<IncomingView> = {}): IncomingView {
  const request = sampleRequest();
  const state: IncomingState = {
    status,
    back: 'assessed',
    changedByOtherSide: false,
    acknowledged: false,
    reminders: 0,
    reported: null,
    checkedBy: null,
    begunBy: null,
    useQuestions: [],
    withdrawn: [],
    ...more.state,
  };
  const sent = {
    id: id(1),
    n: 1,
    side: 'requesting' as const,
    kind: 'transmit' as const,
    at: at('09:44:00'),
    causes: null,
  };
  const asked = {
    id: id(2),
    n: 3,
    side: 'requested' as const,
    kind: 'more-information' as const,
    at: at('10:31:00'),
    causes: null,
  };
  return {
    id: id(100),
    reference: 'XB-2026-05-0041-D' as IncomingView['reference'],
    otherReference: 'XA-2026-05-0172-D',
    caseFileId: id(101) as IncomingView['caseFileId'],
    conversationId: 'AAAAAAAAAAAAAAAAAAAAAA',
    state,
    status,
    shared: {
      stage: status === 'received' || status === 'registered' ? 'received' : 'accepted',
      reached: [
        { stage: 'sent', at: at('09:44:00'), act: id(1), by: 'requesting' },
        { stage: 'received', at: at('09:44:04'), act: id(1), by: 'requested' },
        ...(status === 'received' || status === 'registered'
          ? []
          : [{ stage: 'accepted' as const, at: at('10:31:00'), act: id(2), by: 'requested' as const }]),
      ],
      answer: null,
      withdrawn: false,
      round: 1,
    },
    head: id(3),
    from: { state: stateCode('XA'), authority: 'XA:central-authority' },
    requestVersion: 2,
    contentHash: contentHash(request),
    urgent: true,
    owner: null,
    waitingUntil: null,
    receivedAt: at('09:44:04'),
    signedAt: at('09:43:51'),
    signature: {
      authority: 'XA:central-authority',
      kid: 'k3Yd0aZp1mQx7uVwT5rC9sEfGhJkLnBo',
      signedAt: at('09:43:51'),
      signatory: 'Deniz Orlo',
      contentHash: contentHash(request),
      finding: 'valid',
    },
    versions: [{ requestVersion: 2, contentHash: contentHash(request), at: at('09:44:04'), request }],
    verbatim: {},
    notKnownHere: { fields: [], types: [], ruleSet: null },
    working: request,
    problems: [],
    files: [],
    notes: [
      {
        id: id(20),
        at: at('09:45:00'),
        by: id(200),
        text: 'Kestrel Bank answers the court within 4 hours. Second chamber sits today until 16:00.',
      },
    ],
    thread: [
      {
        id: id(30),
        askedBy: 'requested',
        at: at('10:31:00'),
        path: ['facts', 0, 'text'],
        text: {
          en: 'Which invoice belongs to the transfer of 2 April 2026?',
          ar: 'أي فاتورة تخص تحويل 2 نيسان/أبريل 2026؟',
        },
        why: { en: 'The court asks for it before it orders the freezing.' },
        by: plainDate('2026-05-15'),
        status: 'answered',
        answers: [
          {
            id: id(31),
            by: 'requesting',
            at: at('11:15:00'),
            text: { en: 'Invoice HQ-402 of 28 March 2026. A copy is attached.' },
            files: [{ id: id(32), fileName: 'invoice-HQ-402.pdf', sha256: 'a'.repeat(64) as never, size: 91_224 }],
            supplement: null,
          },
        ],
        sent: 'opened',
      },
    ],
    supplements: [],
    messages: [
      {
        id: id(0x4f2a),
        direction: 'in',
        kind: 'request/1',
        state: 'taken',
        at: at('09:44:04'),
        stateAt: at('09:44:04'),
        reason: null,
        act: sent,
      },
      {
        id: id(0x4f6c),
        direction: 'out',
        kind: 'request-reply/1',
        state: 'opened',
        at: at('10:31:00'),
        stateAt: at('10:32:11'),
        reason: null,
        act: asked,
      },
    ],
    replies: [],
    receipts: [],
    actions: [
      { id: id(1), at: at('09:44:04'), actor: 'system:exchange', kind: 'receive', data: {}, shared: true },
      { id: id(2), at: at('09:50:00'), actor: id(200), kind: 'register', data: {}, shared: false },
      { id: id(3), at: at('10:31:00'), actor: id(200), kind: 'ask-information', data: {}, shared: true },
    ],
    next: nextIncoming(state)
      .filter((one): one is IncomingInputKind => Object.hasOwn(incomingInput, one))
      .map((action) => ({ action, allowed: true, blockedBy: null })),
    clocks: [
      {
        kind: 'stage',
        start: plainDate('2026-05-14'),
        due: at('21:44:00'),
        unit: 'hours',
        calendar: 'XB',
        weekendsOnly: false,
        paused: false,
        source: 'practice',
      },
      {
        kind: 'deadline',
        start: plainDate('2026-05-14'),
        due: plainDate('2026-05-20'),
        unit: 'date',
        calendar: null,
        weekendsOnly: false,
        paused: false,
        source: 'UNTOC art. 18(24)',
      },
    ],
    proposals: [],
    approvalHash: null,
    misdirected: null,
    changedAt: at('10:31:00'),
    ...more,
  } as IncomingView;
}
