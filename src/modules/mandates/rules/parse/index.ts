import { fail, ok, problem, sha256, type Problem, type Result } from '../../../../platform/values/index.ts';
import type { Operative, Preambular, Resolution, Span } from '../../schema.ts';
import { isBodyText, join, spanOf, splitNotes, type Paragraph } from './flow.ts';
import { inlineBody, readHead, recommendsDraft, type Head } from './head.ts';
import type { Body, Language, Tables } from './language.ts';
import { linesOf, sliced, type Mapped } from './mapped.ts';
import { readLetter, readNumber } from './marks.ts';
import { readNotes, readOperative, readPreambular, type Citer, type Reading } from './paragraphs.ts';
import { problemsOf } from './problems.ts';
import { readBlocks, unmarked, type Block } from './read.ts';

export type { CitedAt, Citer } from './paragraphs.ts';

/** What a document as a whole says, for reading what its parts cite. */
export interface Cited {
  title: string | null;
  body: Body | null;
  language: string;
}

export interface ParseSetting {
  tables: Tables;
  /** Gives, for a document, the reader of what its parts cite; `knowledge` knows. */
  citer(document: Cited): Citer;
  /** Language of the text, when known. */
  language?: string | undefined;
  style?: Resolution['document']['style'] | undefined;
  /** Hash of the file, when the text was taken out of one. */
  sha256?: Resolution['document']['sha256'] | undefined;
}

const mostParagraphs = 5000;
const closing =
  /^(?:\[?(?:approved|adopted|adoptée?|approuvée?|aprobada|adoptada)[.\s\]]*$|(?:adopted|adoptée) (?:without a vote|by|sans (?:vote|être mise aux voix)|par).*|(?:\d+\s?(?:st|nd|rd|th|e|ème)|hundred and \p{L}+) (?:plenary |plénière )?(?:meeting|séance)(?: plénière)?(?!\p{L}).{0,60}|\d{1,2}(?:er)? \p{L}+ \d{4}\.?$|\[(?:adopted|adoptée).*\]$|(?:in favou?r|against|abstaining|abstentions?|ont voté (?:pour|contre)|se sont abstenus|votaron|votes? (?:a favor|en contra)|abstenciones)\s?:.*)/iu;
const annexHead = /^(?:annex|annexe|appendix|anexo|приложение|المرفق|附件)(?:\s+[IVX\d]+)?(?![\p{L}])(?!.*[,;]$)/iu;

function isOperative(text: string, language: Language): boolean {
  const plain = unmarked(text);
  const number = readNumber(plain);
  const rest = plain.slice(number?.length ?? 0);
  if (!number && language.readOpening(rest) !== undefined) return false;
  return language.readVerb(rest) !== undefined;
}

function chooseLanguage(
  blocks: readonly Block[],
  setting: ParseSetting,
): { language: Language; isSure: boolean; hits: number } {
  const all = setting.tables.languages;
  const wanted = all.find((one) => one.language === setting.language);
  const score = (language: Language) =>
    blocks.filter(({ text }) => {
      const plain = unmarked(text);
      const rest = plain.slice(readNumber(plain)?.length ?? 0);
      return language.readOpening(rest) !== undefined || language.readVerb(rest) !== undefined;
    }).length;
  if (wanted) return { language: wanted, isSure: true, hits: score(wanted) };
  const ranked = all.map((language) => ({ language, hits: score(language) })).sort((a, b) => b.hits - a.hits);
  // One sentence that names its body begins with no verb: its language is the one that finds the verb behind the name.
  const ofSentence = ranked[0]!.hits > 0 ? undefined : all.find((language) => blocks.slice(0, 60).some(({ text }) => inlineBody(unmarked(text), setting.tables, language) !== undefined)); // prettier-ignore
  return { language: ofSentence ?? ranked[0]!.language, isSure: ranked[0]!.hits >= 3, hits: ranked[0]!.hits };
}

/** A paragraph that begins with the body's name and goes on with the first opening: `La Conférence, Considérant …`. */
const bodyThenMore =
  /^(?:The|La|L['’]|Le)\s?(?:Conference|Conférence|Commission|Assembly|Assemblée|Council|Conseil)\s?,?\s+(?=\p{Lu})/u;
const pageMark = /^[-–—]\s*\d+\s+/;
const submits = /^(?:soumet|adopte|recommande|submits|adopts|recommends)(?!\p{L})/iu;
const handsOver =
  /[:：,]$|suivantes?\s?\.?$|la présente recommandation(?: n°\s?\d+)?\s?\.?$|the present recommendation\.?$/iu;
/** Where prose comes to what should be done. */
const leadsOver =
  /(?:suivantes?|following|recommand\p{L}+|recommend\p{L}*|invités?|invited|mesures|measures|aspects)[^.]*[:：]$|(?:recommand|invit)\p{L}+[^.]*[:：]$/iu;
const shouldBe = /(?<!\p{L})(?:devrai(?:en)?t|should|deberían?)(?!\p{L})/iu;

/** `Soumet aux Ministères … la recommandation suivante :` opens the operative part and asks nothing itself. */
function isFrame(plain: string, style: Head['style']): boolean {
  if (style !== 'conference' || readNumber(plain)) return false;
  const rest = plain.replace(pageMark, '').replace(bodyThenMore, '');
  return submits.test(rest) && handsOver.test(rest);
}

/** In a conference's conclusions, which are prose: the paragraph before the first measure, or the first that says what should be done. */
function proseTurn(paragraphs: readonly Paragraph[]): { at: number; isFrame: boolean } {
  const frame = paragraphs.findIndex((one) => leadsOver.test(unmarked(one.text)));
  return frame >= 0
    ? { at: frame, isFrame: true }
    : { at: paragraphs.findIndex((one) => shouldBe.test(unmarked(one.text))), isFrame: false };
}

const namesItself = /(?<!\p{L})(?:conclusions?|recommandations?|déclaration|recommendations?|declaration)(?!\p{L})/iu;
const otherKinds = /^(?:dear |sir\b|madam|excellency|monsieur|madame|article (?:\d|premier|one))/iu;

/**
 * Whether prose without a body's line is what a conference concluded: measures behind words that hand them over, or a text that
 * calls itself so and names a body. Letters and treaties say otherwise by their own marks.
 */
function isConcluded(paragraphs: readonly Paragraph[], tables: Tables): boolean {
  const plain = paragraphs.map((one) => unmarked(one.text));
  if (plain.some((one) => otherKinds.test(one))) return false;
  const { at, isFrame: hands } = proseTurn(paragraphs);
  if (hands) return plain.slice(at + 1).filter((one) => readNumber(one) ?? readLetter(one)).length >= 3;
  return at >= 0 && plain.some((one) => namesItself.test(one) && tables.findBody(one) !== undefined);
}

/** `Declare the following:` hands over and asks nothing. */
const declares =
  /^(?:have |has |hereby |solemnly )*(?:declares?|agreed?|proclaims?|adopts?|déclar(?:e|ent|ons)|convien(?:t|nent)|declaran?) (?:the following|as follows|ce qui suit|lo siguiente)[^.;]{0,60}:$/iu;

/** `II. BUTS, PROGRAMMES ET MÉTHODES` heads a part and is none. */
const capitalHead = /^(?:(?:[IVX]+|[A-Z])[.)]\s+)?(?!\d)[\p{Lu}\p{P}\s]{2,150}$/u;

class Sections {
  readonly preambular: Preambular[] = [];
  readonly operative: Operative[] = [];
  readonly annexes: Resolution['annexes'] = [];
  readonly head: Resolution['head'] = [];
  isOpen = false;
}

function sectionsOf(paragraphs: readonly Paragraph[], head: Head, reading: Reading, isProse: boolean): Sections {
  const { language } = reading;
  const out = new Sections();
  for (const one of paragraphs.slice(0, head.bodyLine + 1))
    out.head.push({ text: unmarked(one.text), spans: one.spans });
  const rest = paragraphs.slice(head.bodyLine + 1);
  const turn = isProse ? proseTurn(rest) : { at: -1, isFrame: false };
  let at = 0;
  const items = (): { lines: Mapped[]; spans: Span[] } => {
    const lines: Mapped[] = [];
    const spans: Span[] = [];
    for (; at < rest.length && !rest[at]!.isHeading && isItem(rest[at]!.text); at += 1) {
      lines.push(...linesOf(rest[at]!.marked));
      spans.push(...rest[at]!.spans);
    }
    return { lines, spans };
  };
  while (at < rest.length) {
    const one = rest[at]!;
    const plain = unmarked(one.text);
    at += 1;
    if (out.annexes.length > 0 || (annexHead.test(plain) && out.operative.length > 0)) {
      const last = out.annexes.at(-1);
      if (annexHead.test(plain) || !last) out.annexes.push({ title: plain, text: '', spans: [...one.spans] });
      else {
        last.text = last.text === '' ? plain : `${last.text}\n${plain}`;
        last.spans.push(...one.spans);
      }
      continue;
    }
    if (isFrame(plain, head.style) || (at - 1 === turn.at && turn.isFrame)) {
      out.isOpen = true;
      out.head.push({ text: plain, spans: one.spans });
      continue;
    }
    const inline = out.operative.length === 0 ? inlineBody(plain, reading.tables, language) : undefined;
    if (inline && plain === one.text) {
      // One sentence: what stands before its verb names the body.
      out.isOpen = true;
      const { lines, spans } = items();
      const marked = sliced(one.marked, inline.length);
      const sentence = { ...one, marked, text: marked.text, spans: [...one.spans, ...spans] };
      out.operative.push(readOperative(sentence, lines, 1, reading));
      continue;
    }
    const isHead =
      declares.test(plain) ||
      closing.test(plain) ||
      (one.isHeading && !readNumber(plain)) ||
      (head.style === 'conference' && capitalHead.test(plain)) ||
      (out.operative.length === 0 && isBodyText(plain, reading.tables, language));
    if (isHead) {
      out.head.push({ text: plain, spans: one.spans });
      continue;
    }
    out.isOpen =
      out.isOpen ||
      at - 1 === turn.at ||
      (!isProse && isOperative(one.text, language)) ||
      (!isProse &&
        readNumber(plain) !== undefined &&
        out.preambular.length > 0 &&
        language.readOpening(plain.slice(readNumber(plain)!.length)) === undefined);
    const { lines, spans } = items();
    const paragraph = { ...one, spans: [...one.spans, ...spans] };
    if (out.isOpen) out.operative.push(readOperative(paragraph, lines, out.operative.length + 1, reading));
    else out.preambular.push(readPreambular(paragraph, lines, out.preambular.length + 1, reading));
  }
  return out;
}

const isItem = (text: string) => {
  const plain = unmarked(text);
  return readLetter(plain) !== undefined && readNumber(plain) === undefined;
};

/** Where a second resolution begins in the same file: at its head, or at its body line when it has none. */
function startsOf(paragraphs: readonly Paragraph[], setting: ParseSetting, language: Language): number[] {
  const lines = paragraphs.flatMap((one, n) => (isBodyText(one.text, setting.tables, language) ? [n] : []));
  return lines.slice(1).flatMap((line) => {
    // The first resolution must have come to what it asks.
    let at = line;
    while (at > 0) {
      const before = paragraphs[at - 1]!;
      const plain = unmarked(before.text);
      const isHead = before.isHeading || /^(?:draft )?(?:r[eé]solution|resolución)\b/i.test(plain) || (!/[,;.:]$/.test(plain) && plain.length < 300 && !closing.test(plain) && !readNumber(plain) && !readLetter(plain)); // prettier-ignore
      if (!isHead) break;
      at -= 1;
    }
    const hasOperative = paragraphs.slice(0, at).some((one) => isOperative(one.text, language));
    const from = paragraphs[at]?.spans[0]?.[0];
    // A draft that is recommended belongs to the resolution that recommends it.
    if (paragraphs.slice(Math.max(0, at - 1), line).some(({ text }) => recommendsDraft.test(unmarked(text)))) return [];
    return hasOperative && from !== undefined && at > 0 ? [from] : [];
  });
}

/** A stretch of the input in blocks, with the language it is in and its paragraphs. */
function prepare(input: string, from: number, to: number, setting: ParseSetting) {
  const read = readBlocks(input, from, to);
  if (!read.ok) return read;
  const chosen = chooseLanguage(read.value, setting);
  const { flow, notes, furniture } = splitNotes(read.value);
  return ok({ ...chosen, notes, furniture, paragraphs: join(flow, chosen.language, setting.tables) });
}
type Prepared = Extract<ReturnType<typeof prepare>, { ok: true }>['value'];

function parsePart(
  input: string,
  from: number,
  to: number,
  setting: ParseSetting,
  { language, isSure, hits, notes, furniture, paragraphs }: Prepared,
): Result<Resolution, Problem> {
  if (paragraphs.length > mostParagraphs) return fail(problem('mandates.too-large', []));
  const pageTops = furniture.map(({ text }) => text);
  const head = readHead(paragraphs, pageTops, setting.tables, language);
  const first = paragraphs[head.bodyLine + 1];
  const isInline =
    head.bodyLine < 0 && !head.isSentence && first !== undefined && bodyThenMore.test(unmarked(first.text));
  const isProse =
    head.bodyLine < 0 &&
    !isInline &&
    hits < 2 &&
    (setting.style === 'conference' || isConcluded(paragraphs, setting.tables));
  if (head.bodyLine < 0 && !isInline && !isProse && !head.isSentence && hits < 2)
    return fail(problem('mandates.not-a-resolution', []));
  if (isInline || isProse) head.style = 'conference';
  if (setting.style) head.style = setting.style;
  const { body } = head;
  const citer = setting.citer({ title: head.title, body, language: language.language });
  const own = head.bodyName === null ? null : { id: body?.id ?? null, name: head.bodyName };
  const shorts = setting.tables.shortsIn(input.slice(from, to), language.language);
  const reading: Reading = { tables: setting.tables, language, body: own, shorts, citer };
  const { preambular, operative, annexes, head: heads } = sectionsOf(paragraphs, head, reading, isProse);
  const footnotes = readNotes(notes, reading);
  const problems = problemsOf(preambular, operative, footnotes, isInline || head.isSentence ? { bodyLine: 0 } : head);
  const brackets = [...preambular, ...operative].some((one) => one.variants.some((words) => /\p{L}{2}/u.test(words)));
  return ok({
    kind: 'resolution',
    version: 1,
    document: {
      body: (head.adopter ?? body)?.name ?? head.bodyName,
      bodyId: (head.adopter ?? body)?.id ?? null,
      number: head.number,
      symbol: head.symbol,
      title: head.title,
      session: head.session,
      date: head.date,
      dateTo: head.dateTo,
      place: head.place,
      language: isSure ? language.language : 'und',
      style: head.style,
      draft:
        brackets ||
        paragraphs.some((one) => one.isStruck) ||
        heads.some(({ text }) => /\bdraft resolution\b|\bprojet de résolution\b/i.test(text)),
      experimental: language.isExperimental,
      sha256: setting.sha256 ?? sha256(input),
    },
    preambular,
    operative,
    footnotes,
    annexes,
    furniture: furniture.map((one) => ({ text: one.text, spans: [spanOf(one)] })),
    head: heads,
    problems: isSure ? problems : [{ code: 'mandates.unknown-language', path: [] }, ...problems],
  });
}

/**
 * Reads every resolution of a text, Markdown or plain. Never guesses: what cannot be read stands in `problems`. Every character of
 * the input lies in exactly one of head, preambular, operative, footnote, annex and furniture of one of them. Fails with
 * `mandates.unreadable`, `mandates.not-a-resolution` or `mandates.too-large`.
 */
export function parseResolutions(input: string, setting: ParseSetting): Result<Resolution[], Problem> {
  const whole = prepare(input, 0, input.length, setting);
  if (!whole.ok) return whole;
  const starts = [0, ...startsOf(whole.value.paragraphs, setting, whole.value.language)];
  const all: Resolution[] = [];
  for (const [n, from] of starts.entries()) {
    const to = starts[n + 1] ?? input.length;
    const prepared = starts.length === 1 ? whole : prepare(input, from, to, setting);
    if (!prepared.ok) return prepared;
    const part = parsePart(input, from, to, setting, prepared.value);
    if (!part.ok) return part;
    all.push(part.value);
  }
  return ok(all);
}
