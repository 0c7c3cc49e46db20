import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../platform/paths.ts';
import { hashOf } from '../../../platform/values/index.ts';
import { contentHash, DraftRequest, sharedPart, type CarriedKind } from '../schema/index.ts';

/** One body of a message with what is to be said of it. */
export interface CarriedSample {
  kind: CarriedKind;
  /** Name of the vector's file. */
  name: string;
  title: string;
  source: string;
  valid: boolean;
  /** Path of the field that is wrong, for an invalid one. */
  at: string | null;
  body: Record<string, unknown>;
}

const id = (n: number) => `019e2683-0000-7000-8000-${String(n).padStart(12, '0')}`;
const at = '2026-05-14T12:11:00.000Z';
const sha = (digit: string) => digit.repeat(64);
const act = (n: number, side: string, kind: string, causes: string | null = null) => ({
  id: id(n),
  n,
  side,
  kind,
  at,
  causes,
});
const jws = 'eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl';
const reference = 'XA-2026-05-0172-D';
const theirs = { state: 'XB', reference: 'XB-2026-05-0031-J', authority: 'XB:central-authority' };

/** A body without what stands at a path, or with another value there. */
function changed(body: Record<string, unknown>, path: string, value?: unknown): Record<string, unknown> {
  const copy = structuredClone(body);
  const steps = path.split('/');
  const last = steps.pop() ?? '';
  let place: unknown = copy;
  for (const step of steps) place = Reflect.get(place as object, step);
  if (value === undefined) Reflect.deleteProperty(place as object, last);
  else Reflect.set(place as object, last, value);
  return copy;
}

function requestBody(): Record<string, unknown> {
  const path = join(packageRoot, 'data/samples/requests/freeze-and-records.json');
  const draft = DraftRequest.parse(JSON.parse(readFileSync(path, 'utf8')));
  const named: DraftRequest = { ...draft, reference: reference as NonNullable<DraftRequest['reference']> };
  return {
    ...sharedPart(named),
    contentHash: contentHash(named),
    signature: { ...draft.signature, on: '2026-05-14', at, jws },
    act: act(1, 'requesting', 'transmit'),
  };
}

function reply(n: number, kind: string, content: Record<string, unknown>): Record<string, unknown> {
  const unsigned = {
    kind: 'request-reply',
    version: 1,
    ...content,
    to: reference,
    ofVersion: 1,
    from: theirs,
    on: '2026-05-15',
    act: act(n, 'requested', kind),
  };
  return { ...unsigned, contentHash: hashOf(unsigned), signature: { jws, at } };
}

const words = (en: string) => ({ en });
const question = {
  id: id(40),
  path: ['measures', 0, 'text'],
  text: words('Which branch?'),
  why: words('There are two.'),
  by: '2026-05-29',
};
const consultation = { id: id(41), on: '2026-05-15', with: 'XA:central-authority', how: 'Call' };
const result = {
  measure: 'm1',
  outcome: 'executed',
  note: null,
  evidence: [
    {
      id: id(42),
      sha256: sha('a'),
      fileName: 'records.pdf',
      size: 70_008,
      form: 'certified-copy',
      custody: `sha256:${sha('b')}`,
    },
  ],
  use: 'only-this-case',
  secretUntil: null,
  returnBy: null,
};
const other = { request: id(43), scope: words('A further proceeding'), evidence: [id(42)] };

const replies: [string, string, string, Record<string, unknown>, string][] = [
  [
    'acknowledgement',
    'acknowledge',
    'practice',
    {
      reply: 'acknowledgement',
      desk: words('Desk 2'),
      officer: { post: words('Officer'), name: null, line: '+15550200', email: null },
      language: 'en',
      expected: '2026-05-20',
    },
    'desk',
  ],
  [
    'more-information',
    'more-information',
    'UNTOC art. 18(16)',
    { reply: 'more-information', questions: [question], meanwhile: null },
    'questions',
  ],
  [
    'conditions',
    'conditions',
    'UNTOC art. 18(19), 18(26)',
    {
      reply: 'conditions',
      conditions: [{ id: 'c1', kind: 'use', text: words('Only in this case') }],
      ifDeclined: words('Nothing is sent'),
    },
    'ifDeclined',
  ],
  [
    'postponed',
    'postponed',
    'UNTOC art. 18(25)-(26)',
    {
      reply: 'postponed',
      proceeding: words('Inquiry 7/2026'),
      ground: words('It would interfere'),
      provision: 'UNTOC art. 18(25)',
      consultation,
      review: '2026-08-14',
      mayProceed: null,
    },
    'consultation',
  ],
  [
    'partly-executed',
    'partly-executed',
    'UNTOC art. 18(24)',
    {
      reply: 'partly-executed',
      results: [result],
      open: [{ measure: 'm2', reason: words('The bank answers later'), by: '2026-06-01' }],
    },
    'open',
  ],
  [
    'executed',
    'executed',
    'UNTOC art. 18(17), 18(19)',
    {
      reply: 'executed',
      results: [result],
      procedure: { followed: true, note: null },
      conditions: [],
      freezeEnds: '2027-05-15',
      costs: null,
    },
    'procedure',
  ],
  [
    'refused',
    'refused',
    'UNTOC art. 18(21), 18(23), 18(26)',
    {
      reply: 'refused',
      grounds: [{ ground: '18.21.b', provision: null, reasons: words('Essential interests'), measures: null }],
      consultation,
      alternatives: [],
    },
    'grounds',
  ],
  [
    'returned-unexecuted',
    'returned-unexecuted',
    'practice',
    {
      reply: 'returned-unexecuted',
      reason: 'misdirected',
      note: words('Another office'),
      rightDesk: { authority: 'XB:customs', name: null },
    },
    'note',
  ],
  [
    'secrecy-not-possible',
    'secrecy-not-possible',
    'UNTOC art. 18(20)',
    { reply: 'secrecy-not-possible', question, mustDisclose: words('The order'), toWhom: words('The holder') },
    'toWhom',
  ],
  [
    'consent-to-use',
    'consent-to-use',
    'UNTOC art. 18(19)',
    { reply: 'consent-to-use', ...other, until: null },
    'scope',
  ],
  [
    'use-declined',
    'use-declined',
    'UNTOC art. 18(19)',
    { reply: 'use-declined', ...other, reasons: words('Not for this') },
    'reasons',
  ],
];

/** Bodies of every kind that this module sends, with ones that are not to be taken. */
export function carriedSamples(): CarriedSample[] {
  const samples: CarriedSample[] = [];
  const good = (kind: CarriedKind, name: string, title: string, source: string, body: Record<string, unknown>) =>
    samples.push({ kind, name, title, source, valid: true, at: null, body });
  const bad = (
    kind: CarriedKind,
    name: string,
    title: string,
    source: string,
    body: Record<string, unknown>,
    where: string,
  ) => samples.push({ kind, name, title, source, valid: false, at: where, body });

  const request = requestBody();
  good(
    'request/1',
    'freeze-and-records',
    'a complete request to freeze an account and for its records',
    'UNTOC art. 18(15)',
    request,
  );
  bad(
    'request/1',
    'no-purpose',
    'a request without the purpose',
    'UNTOC art. 18(15)(f)',
    changed(request, 'purpose'),
    'purpose',
  );
  bad(
    'request/1',
    'no-signature',
    'a request without signature',
    'UNTOC art. 18(14)',
    changed(request, 'signature'),
    'signature',
  );
  bad(
    'request/1',
    'internal',
    'a request with the part that stays on its own node',
    'practice',
    { ...request, internal: { notes: [] } },
    'internal',
  );
  bad(
    'request/1',
    'money-as-number',
    'an offence date that does not exist',
    'practice',
    changed(request, 'deadline/date', '2026-02-30'),
    'deadline/date',
  );

  for (const [name, kind, source, content, needed] of replies) {
    const body = reply(2, kind, content);
    good('request-reply/1', name, `a reply: ${name}`, source, body);
    bad(
      'request-reply/1',
      `${name}-without-${needed}`,
      `a reply: ${name}, without ${needed}`,
      source,
      changed(body, needed),
      needed,
    );
  }
  const refused = reply(2, 'refused', replies.find(([name]) => name === 'refused')?.[3] ?? {});
  bad(
    'request-reply/1',
    'refused-bank-secrecy',
    'a refusal on the ground of bank secrecy',
    'UNTOC art. 18(8); UNCAC art. 46(8); 1988 art. 7(5)',
    changed(refused, 'grounds/0/ground', 'bank-secrecy'),
    'grounds/0/ground',
  );
  bad(
    'request-reply/1',
    'refused-fiscal',
    'a refusal on the ground of a fiscal matter',
    'UNTOC art. 18(22)',
    changed(refused, 'grounds/0/ground', 'fiscal'),
    'grounds/0/ground',
  );
  bad(
    'request-reply/1',
    'refused-without-reasons',
    'a refusal whose ground has no reasons',
    'UNTOC art. 18(23)',
    changed(refused, 'grounds/0/reasons', {}),
    'grounds/0/reasons',
  );

  const { signature: _signature, contentHash: _hash, act: _act, ...text } = request;
  const draft = {
    kind: 'request-draft',
    version: 1,
    mark: 'DRAFT NOT A REQUEST',
    reference,
    revision: 3,
    contentHash: `sha256:${sha('c')}`,
    expiresOn: '2026-06-13',
    initials: true,
    note: null,
    draft: text,
  };
  good('request-draft/1', 'shown', 'a draft shown for remarks', 'practice', draft);
  bad(
    'request-draft/1',
    'without-mark',
    'a draft that does not say it is one',
    'practice',
    changed(draft, 'mark', 'REQUEST'),
    'mark',
  );
  const remark = {
    kind: 'draft-remark',
    version: 1,
    to: reference,
    ofHash: `sha256:${sha('c')}`,
    remarks: [{ id: id(44), path: ['measures', 0], text: words('Name the branch.'), severity: 'refuses-without' }],
  };
  good('draft-remark/1', 'one-remark', 'a remark on a draft', 'practice', remark);
  bad('draft-remark/1', 'none', 'remarks without any', 'practice', changed(remark, 'remarks', []), 'remarks');

  const supplement = {
    kind: 'request-supplement',
    version: 1,
    id: id(45),
    to: reference,
    ofVersion: 1,
    changes: [
      { id: id(46), path: ['nexus'], before: words('Before'), after: words('After'), why: words('New bank data') },
    ],
    request: { ...changed(request, 'act'), requestVersion: 2, supersedes: request['contentHash'] },
    act: act(5, 'requesting', 'supplement'),
  };
  good('request-supplement/1', 'one-change', 'a supplement that changes one field', 'UNTOC art. 18(16)', supplement);
  bad(
    'request-supplement/1',
    'without-why',
    'a supplement whose change says no reason',
    'practice',
    changed(supplement, 'changes/0/why'),
    'changes/0/why',
  );
  const withdrawal = {
    kind: 'request-withdrawal',
    version: 1,
    to: reference,
    measures: null,
    reason: words('Settled'),
    act: act(6, 'requesting', 'withdraw'),
  };
  good('request-withdrawal/1', 'whole', 'the whole request is withdrawn', 'practice', withdrawal);
  bad(
    'request-withdrawal/1',
    'without-act',
    'a withdrawal that no act orders',
    'practice',
    changed(withdrawal, 'act'),
    'act',
  );
  const thread = {
    kind: 'request-thread',
    version: 1,
    to: reference,
    entries: [
      {
        type: 'answer',
        id: id(47),
        question: id(40),
        side: 'requesting',
        at,
        text: words('Branch 4'),
        files: [],
        supplement: null,
      },
    ],
    act: act(7, 'requesting', 'answer'),
  };
  good('request-thread/1', 'answer', 'an answer to a question', 'UNTOC art. 18(16)', thread);
  bad(
    'request-thread/1',
    'answer-without-words',
    'an answer without words',
    'practice',
    changed(thread, 'entries/0/text', {}),
    'entries/0/text',
  );
  const status = {
    kind: 'request-status',
    version: 1,
    to: reference,
    stage: 'being-executed',
    note: null,
    use: null,
    decisions: [],
    act: act(8, 'requested', 'accept-execution'),
  };
  good('request-status/1', 'being-executed', 'execution has begun', 'UNTOC art. 18(24)', status);
  bad(
    'request-status/1',
    'unknown-stage',
    'a stage that both sides do not know',
    'practice',
    changed(status, 'stage', 'half-way'),
    'stage',
  );
  const receipt = {
    kind: 'results-receipt',
    version: 1,
    to: theirs.reference,
    ofReply: id(2),
    items: [{ evidence: id(42), sent: sha('a'), received: sha('a'), same: true }],
    act: act(9, 'requesting', 'confirm-results', id(2)),
  };
  good('results-receipt/1', 'same', 'results that came in as they were sent', 'practice', receipt);
  bad(
    'results-receipt/1',
    'short-hash',
    'a receipt with a hash that is none',
    'practice',
    changed(receipt, 'items/0/received', 'abc'),
    'items/0/received',
  );
  return samples;
}
