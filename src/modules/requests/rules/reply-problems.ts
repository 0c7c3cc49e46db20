import { problem, type PlainDate, type Problem } from '../../../platform/values/index.ts';
import {
  purposes,
  type Definitions,
  type DraftRequest,
  type FreeText,
  type GroundId,
  type ReplyContent,
  type ReplyOf,
  type ResultItem,
} from '../schema/index.ts';

/** What a check of a reply looks at beside it. */
export interface ReplyFacts {
  definitions: Pick<Definitions, 'grounds'>;
  /** Working copy of the request. */
  request: DraftRequest;
  today: PlainDate;
  /** Consultations recorded here, by id. */
  consultations: readonly string[];
  /** Questions about other use that wait for an answer. */
  useQuestions: readonly string[];
  /** Reminders since the last question. */
  reminders: number;
  /** Files of the case file by id; null when nothing was asked. */
  files: ReadonlyMap<string, { sha256: string; size: number; addedBy: string }> | null;
  /** Items the other side withdrew: nothing is owed for them. */
  withdrawn: readonly string[];
  /** Items of which results have left in part. */
  reported: readonly string[];
  /** Who takes the act. */
  actor: string;
}

const words = (text: FreeText | null | undefined) => Object.values(text ?? {}).join('\n');

/** Bank secrecy named as a reason, in the six languages of the United Nations. */
const bankSecrecy =
  /bank(ing)?['’]?s?[\s-]+(secrecy|confidentiality)|secrecy of bank|confidentiality of bank|secret bancaire|secreto bancario|банковск\p{L}*\s+тайн|тайн\p{L}*\s+банк|السرية المصرفية|سرية المصارف|سر المهنة المصرفية|السر المصرفي|银行保密|银行秘密|銀行保密/iu;
/** A fiscal matter named as a reason. */
const fiscal =
  /fiscal (matter|offence|offense|character|nature)|tax (matter|offence|offense)|matters? of tax|affaire fiscale|infraction fiscale|caractère fiscal|asunto fiscal|cuestion(es)? tributaria|delito fiscal|налогов\p{L}*\s+(дел|преступ|характер|вопрос)|фискальн|مسألة (ضريبية|مالية)|جريمة ضريبية|أمور مالية|财政(事项|问题)|税务(事项|问题|犯罪)/iu;

/** Whether words name bank secrecy as a reason. @source UNTOC art. 18(8); UNCAC art. 46(8); 1988 art. 7(5) */
export function namesBankSecrecy(text: string): boolean {
  return bankSecrecy.test(text);
}

/** Places of a reply in which help is declined, put off or sent back, with the words that say why. */
function declining(reply: ReplyContent): { path: (string | number)[]; text: string }[] {
  switch (reply.reply) {
    case 'refused':
      return reply.grounds.map((one, n) => ({
        path: ['grounds', n, 'reasons'],
        text: `${words(one.reasons)}\n${one.provision ?? ''}`,
      }));
    case 'postponed':
      return [{ path: ['ground'], text: `${words(reply.ground)}\n${reply.provision}` }];
    case 'returned-unexecuted':
      return [{ path: ['note'], text: words(reply.note) }];
    case 'executed':
    case 'partly-executed':
      return reply.results.flatMap((one, n) =>
        one.outcome === 'not-possible' ? [{ path: ['results', n, 'note'], text: words(one.note) }] : [],
      );
    default:
      return [];
  }
}

/**
 * Places where a reply declines help for bank secrecy, whether it is written here or comes as a message.
 * @source UNTOC art. 18(8); UNCAC art. 46(8); 1988 art. 7(5)
 */
export function bankSecrecyIn(reply: ReplyContent): Problem[] {
  return declining(reply).flatMap(({ path, text }) =>
    namesBankSecrecy(text) ? [problem('requests.bank-secrecy', path, { rule: 'V15', source: 'UNTOC art. 18(8)' })] : [],
  );
}

/**
 * What stands against a refusal. Bank secrecy is never a ground, a fiscal matter never the only one, each ground has its
 * reasons, and the consultation was recorded where the treaty asks it.
 * @source UNTOC art. 18(8), 18(21)-(23), 18(26), 16(15)-(16); UNCAC art. 46(8), (21)-(23), (26); 1988 art. 7(5), 7(15)-(16)
 */
function refusal(reply: ReplyOf<'refused'>, facts: ReplyFacts): Problem[] {
  const found: Problem[] = [];
  const instrument = facts.request.basis?.primary?.instrument ?? null;
  const others = (facts.request.basis?.alternatives ?? []).map((one) => one.instrument);
  const asked = new Set(facts.request.types ?? []);
  const definition = (id: GroundId) => facts.definitions.grounds.find((one) => one.id === id);
  const isFiscal = reply.grounds.map((one) => fiscal.test(`${words(one.reasons)}\n${one.provision ?? ''}`));
  if (isFiscal.every(Boolean))
    found.push(problem('requests.fiscal-alone', ['grounds'], { rule: 'V16', source: 'UNTOC art. 18(22), 16(15)' }));
  for (const [n, given] of reply.grounds.entries()) {
    const path = ['grounds', n];
    const known = definition(given.ground);
    if (!known) {
      found.push(problem('requests.no-such-ground', [...path, 'ground'], { rule: 'V17', source: 'UNTOC art. 18(21)' }));
      continue;
    }
    if (!words(given.reasons).trim())
      found.push(problem('requests.no-reasons', [...path, 'reasons'], { rule: 'V17', source: 'UNTOC art. 18(23)' }));
    if (known.cites && !(given.provision ?? '').trim())
      found.push(
        problem('requests.no-provision', [...path, 'provision'], { rule: 'V17', source: 'UNTOC art. 18(21), 18(23)' }),
      );
    if (known.instrument && instrument && known.instrument !== instrument && !others.includes(known.instrument))
      found.push(
        problem('requests.ground-of-other-law', [...path, 'ground'], {
          severity: 'warn',
          rule: 'V17',
          source: known.source,
        }),
      );
    if (known.types && !known.types.some((type) => asked.has(type)))
      found.push(problem('requests.ground-of-other-type', [...path, 'ground'], { rule: 'V17', source: known.source }));
    if (known.consultation === 'required' && !reply.consultation)
      found.push(problem('requests.no-consultation', ['consultation'], { rule: 'V18', source: 'UNTOC art. 18(26)' }));
    if (known.consultation === 'appropriate' && !reply.consultation)
      found.push(
        problem('requests.consultation-advised', ['consultation'], {
          severity: 'warn',
          rule: 'V18',
          source: 'UNTOC art. 16(16)',
        }),
      );
    found.push(...unknownItems(given.measures ?? [], [...path, 'measures'], facts));
  }
  for (const item of leftOpen(reply, facts))
    found.push(problem('requests.item-left-open', ['grounds'], { source: 'UNTOC art. 18(23)', params: { item } }));
  return [...found, ...consultation(reply.consultation, facts)];
}

/** Items that a refusal of single items leaves without an answer: refusing ends the request. */
function leftOpen({ grounds }: ReplyOf<'refused'>, { request, withdrawn, reported }: ReplyFacts): string[] {
  if (grounds.some((one) => one.measures === null)) return [];
  const answered = new Set([...grounds.flatMap((one) => one.measures ?? []), ...withdrawn, ...reported]);
  return (request.measures ?? []).flatMap((one) => (one.id === undefined || answered.has(one.id) ? [] : [one.id]));
}

function consultation(given: { id: string } | null, facts: ReplyFacts): Problem[] {
  return given && !facts.consultations.includes(given.id)
    ? [problem('requests.unknown-consultation', ['consultation', 'id'], { rule: 'V18', source: 'UNTOC art. 18(26)' })]
    : [];
}

function unknownItems(ids: readonly string[], path: (string | number)[], { request }: ReplyFacts): Problem[] {
  const known = new Set((request.measures ?? []).map((one) => one.id));
  return ids.flatMap((item, n) =>
    known.has(item) ? [] : [problem('requests.unknown-item', [...path, n], { params: { item } })],
  );
}

function results(items: readonly ResultItem[], open: readonly { measure: string }[], facts: ReplyFacts): Problem[] {
  const found: Problem[] = [];
  const measures = facts.request.measures ?? [];
  const asked = facts.request.purpose?.useLimitation;
  const covered = new Set([...items, ...open].map((one) => one.measure));
  const seen = new Set<string>();
  for (const [n, item] of items.entries()) {
    const path = ['results', n];
    const params = { item: item.measure };
    if (!measures.some((one) => one.id === item.measure))
      found.push(problem('requests.unknown-item', [...path, 'measure'], { params }));
    if (seen.has(item.measure)) found.push(problem('requests.item-twice', [...path, 'measure'], { params }));
    seen.add(item.measure);
    if (item.outcome === 'executed' && item.evidence.length === 0 && !words(item.note).trim())
      found.push(problem('requests.results-without-evidence', [...path, 'evidence'], { params }));
    if (asked && purposes.indexOf(item.use) > purposes.indexOf(asked))
      found.push(
        problem('requests.use-wider-than-asked', [...path, 'use'], {
          severity: 'advise',
          source: 'UNTOC art. 18(19)',
          params,
        }),
      );
    if (facts.files)
      for (const [k, file] of item.evidence.entries()) {
        const stored = facts.files.get(file.id);
        const at = [...path, 'evidence', k];
        if (!stored) found.push(problem('requests.unknown-evidence', at, { params: { file: file.fileName } }));
        else if (stored.sha256 !== file.sha256 || stored.size !== file.size)
          found.push(problem('requests.evidence-differs', at, { params: { file: file.fileName } }));
      }
  }
  for (const { id } of measures)
    if (id !== undefined && !covered.has(id) && !facts.withdrawn.includes(id))
      found.push(problem('requests.item-without-result', ['results'], { params: { item: id } }));
  return found;
}

/** A day that must lie ahead. */
function ahead(day: PlainDate | null, path: (string | number)[], { today }: ReplyFacts, code = 'requests.day-in-past') {
  return day !== null && day <= today ? [problem(code, path, { params: { given: day } })] : [];
}

/**
 * Everything that stands against a reply, all at once. The same for a page, the API, a command and a message.
 * @source UNTOC art. 18(8), 18(16)-(26)
 */
export function replyProblems(reply: ReplyContent, facts: ReplyFacts): Problem[] {
  return [...bankSecrecyIn(reply), ...problemsOfKind(reply, facts)];
}

function problemsOfKind(reply: ReplyContent, facts: ReplyFacts): Problem[] {
  switch (reply.reply) {
    case 'acknowledgement':
      return ahead(reply.expected, ['expected'], facts);
    case 'more-information':
      return reply.questions.flatMap((one, n) => ahead(one.by, ['questions', n, 'by'], facts));
    case 'secrecy-not-possible':
      return ahead(reply.question.by, ['question', 'by'], facts);
    case 'conditions':
      return [];
    case 'postponed':
      return [
        ...ahead(reply.review, ['review'], facts, 'requests.review-in-past').map((one) => ({
          ...one,
          rule: 'V19',
          source: 'UNTOC art. 18(25)',
        })),
        ...consultation(reply.consultation, facts),
      ];
    case 'partly-executed':
      return [
        ...results(reply.results, reply.open, facts),
        ...unknownItems(
          reply.open.map((one) => one.measure),
          ['open'],
          facts,
        ),
        ...reply.open.flatMap((one, n) => ahead(one.by, ['open', n, 'by'], facts)),
      ];
    case 'executed':
      return results(reply.results, [], facts);
    case 'refused':
      return refusal(reply, facts);
    case 'returned-unexecuted':
      return reply.reason === 'no-answer' && facts.reminders < 2
        ? [problem('requests.two-reminders-first', ['reason'])]
        : [];
    case 'consent-to-use':
    case 'use-declined':
      return facts.useQuestions.includes(reply.request) ? [] : [problem('requests.no-use-question', ['request'])];
  }
}
