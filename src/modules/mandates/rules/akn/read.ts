import { Resolution } from '../../schema.ts';
import { fromFacts } from './facts.ts';
import { below, isElement, readXml, textOf, within, type Element } from './xml.ts';

const notes = new Set(['authorialNote', 'noteRef']);
const plain = (one: Element) => textOf(one, notes);

interface Note {
  index: number;
  marker: string;
  text: string;
}

function marksIn(one: Element, into: Note[]): string[] {
  return one.children.filter(isElement).flatMap((child): string[] => {
    if (!notes.has(child.name)) return marksIn(child, into);
    const marker = child.attributes.marker ?? '';
    const index = /^(?:fn|authorialNote)_(\d+)$/.exec(child.attributes.eId ?? '')?.[1];
    if (child.name === 'authorialNote' && index !== undefined)
      into.push({ index: Number(index), marker, text: below(child, 'p').map(plain).join('\n') });
    return [marker];
  });
}

/** Fields that hold something to read, from the facts of one paragraph. */
type Facts = Record<string, unknown>;
const factsOf = (one: Element): Facts => fromFacts(one) as Facts;

function childrenFrom(facts: readonly Facts[], points: readonly Element[]): Facts[] {
  let next = 0;
  return facts.map((one) => {
    if (one.type === 'act') return one;
    const point = points[next];
    next += 1;
    const holder = point && (below(point, 'content')[0] ?? below(point, 'intro')[0]);
    return {
      ...one,
      text: holder ? below(holder, 'p').map(plain).join('\n') : '',
      children: childrenFrom((one.children ?? []) as Facts[], below(below(point, 'list')[0], 'point')),
    };
  });
}

function rebuilt(statement: Element, own: Element): unknown {
  const found: Note[] = [];
  const group = (name: string) => below(own, `c:${name}`).map(factsOf);
  const list = (name: string) => fromFacts(below(own, `c:${name}`)[0] ?? { name, attributes: { type: 'list' }, children: [] }) as Facts[]; // prettier-ignore
  const preamble = below(statement, 'preamble')[0];
  const body = below(statement, 'mainBody')[0];
  const recitals = below(below(preamble, 'recitals')[0], 'recital');
  const preambular = group('preambular').map((facts, n) => {
    const [first, ...items] = below(recitals[n], 'p');
    return {
      ...facts,
      text: first ? plain(first) : '',
      footnotes: first ? marksIn(first, found) : [],
      items: items.map(plain),
      spans: [],
      found: [],
    };
  });
  const byId = new Map(below(body, 'paragraph').map((one) => [one.attributes.eId, one]));
  const operative = group('operative').map(({ for: eId, children, ...facts }) => {
    const paragraph = byId.get(String(eId));
    const holder = below(paragraph, 'content')[0] ?? below(paragraph, 'intro')[0];
    const words = below(holder, 'p')[0];
    return {
      ...facts,
      text: words ? plain(words) : '',
      footnotes: words ? marksIn(words, found) : [],
      children: childrenFrom((children ?? []) as Facts[], below(below(paragraph, 'list')[0], 'point')),
      spans: [],
      found: [],
    };
  });
  const conclusions = below(below(statement, 'conclusions')[0], 'p');
  for (const one of conclusions.filter((p) => p.attributes.class === 'notes')) marksIn(one, found);
  const head = [
    ...below(below(statement, 'preface')[0], 'p'),
    ...below(below(preamble, 'formula')[0], 'p'),
    ...conclusions.filter((one) => one.attributes.class !== 'notes'),
  ].map((one) => ({ text: plain(one), spans: [] }));
  const attachments = below(below(statement, 'attachments')[0], 'attachment');
  return {
    kind: 'resolution',
    version: 1,
    document: group('document')[0],
    preambular,
    operative,
    footnotes: found
      .sort((a, b) => a.index - b.index)
      .map(({ marker, text }, n) => ({ marker, text, spans: [], found: [], ...list('footnotes')[n] })),
    annexes: list('annexes').map((facts, n) => {
      const inner = below(attachments[n], 'doc')[0];
      return { ...facts, text: below(below(inner, 'mainBody')[0], 'p').map(plain).join('\n'), spans: [] };
    }),
    furniture: list('furniture').map((text) => ({ text, spans: [] })),
    head,
    problems: list('problems'),
  };
}

/** A document of ours, as it was before it was written; undefined when the facts are not there or do not fit. */
function ownResolution(root: Element): Resolution | undefined {
  const statement = below(root, 'statement')[0];
  const own = statement && within(below(statement, 'meta')[0], 'c:resolution');
  if (!statement || !own) return undefined;
  const read = Resolution.safeParse(rebuilt(statement, own));
  return read.success ? read.data : undefined;
}

const blocks = new Set(['p', 'docTitle', 'heading', 'subheading', 'longTitle']);

/** Any Akoma Ntoso as Markdown: numbers before their words, notes as notes. */
function toMarkdown(root: Element): string {
  const out: string[] = [];
  const foot: string[] = [];
  const words = (one: Element): string =>
    one.children
      .map((child) => {
        if (!isElement(child)) return child;
        if (child.name === 'authorialNote') {
          const marker = child.attributes.marker ?? String(foot.length + 1);
          foot.push(`<sup>${marker}</sup> ${textOf(child).replace(/\s+/g, ' ').trim()}`);
          return `<sup>${marker}</sup>`;
        }
        return child.name === 'noteRef' ? `<sup>${child.attributes.marker ?? ''}</sup>` : words(child);
      })
      .join('')
      .replace(/\s+/g, ' ');
  const walk = (one: Element, number: string): void => {
    let mark = number;
    for (const child of one.children.filter(isElement)) {
      if (child.name === 'meta') continue;
      if (child.name === 'num') mark = `${words(child).trim()} `;
      else if (blocks.has(child.name)) {
        const text = words(child).trim();
        const isHead = child.name !== 'p' || (one.name === 'preface' && within(child, 'docTitle') !== undefined);
        if (text !== '') out.push(`${isHead ? '## ' : mark}${text}`);
        if (child.name === 'p') mark = '';
      } else {
        walk(child, mark);
        if (['content', 'intro'].includes(child.name)) mark = '';
      }
    }
  };
  walk(root, '');
  return [...out, ...(foot.length > 0 ? ['---', ...foot] : [])].join('\n\n');
}

export type AknRead = { kind: 'own'; resolution: Resolution } | { kind: 'text'; markdown: string };

/** Reads Akoma Ntoso: our own comes back as it was, any other as Markdown to be parsed. Undefined for what is none. */
export function readAkomaNtoso(text: string): AknRead | undefined {
  const root = readXml(text);
  if (!root || !/(?:^|:)akomaNtoso$/.test(root.name)) return undefined;
  const own = ownResolution(root);
  return own ? { kind: 'own', resolution: own } : { kind: 'text', markdown: toMarkdown(root) };
}
