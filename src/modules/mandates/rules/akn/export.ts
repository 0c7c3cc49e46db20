import type { Child, Footnote, Operative, ParsedCitation, Preambular, Resolution } from '../../schema.ts';
import { toFacts } from './facts.ts';
import { element, writeXml, type Element } from './xml.ts';

export const aknNamespace = 'http://docs.oasis-open.org/legaldocml/ns/akn/3.0';
/** Namespace of what Akoma Ntoso has no place for: duties, deadlines, confidence. */
export const factsNamespace = 'https://comity.example/ns/mandates/1';

const slug = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** ISO 639-3 codes, as the schema asks for the language of an expression. */
const iso3: Record<string, string> = { en: 'eng', fr: 'fra', es: 'spa', ru: 'rus', ar: 'ara', zh: 'zho', und: 'und' };

/** Actors as the guidelines for documents of the United Nations write them in an address; others by our own id. */
const actors: Record<string, string> = { ga: 'unga', 'security-council': 'unsc', hrc: 'unhrc' };

/**
 * Work, expression and manifestation of a resolution. The number is the printed one with a hyphen for what no address may hold.
 * @source Akoma Ntoso Naming Convention 1.0, 4.5 to 4.8 (country, type, subtype, actor, date, number; `!main`; `.xml`); AKN4UN part 2: a resolution is a `statement` of subtype `deliberation` with the name `resolution`
 */
export function iriOf({ document }: Resolution): { work: string; expression: string; manifestation: string } {
  const number = slug(document.number ?? document.symbol ?? document.title ?? '') || document.sha256.slice(0, 12);
  const actor = document.bodyId === null ? 'unknown' : (actors[document.bodyId] ?? document.bodyId);
  const year = document.date ?? '0001-01-01';
  const work = `/akn/un/statement/deliberation/${actor}/${year}/${number.slice(0, 80)}`;
  // The first version of an expression: the sign stands alone.
  const expression = `${work}/${iso3[document.language] ?? 'und'}@`;
  return { work, expression, manifestation: `${expression}.xml` };
}

class Ids {
  readonly #taken = new Set<string>();
  /** An id that stands once: numbers printed twice get a counter. */
  of(wanted: string): string {
    let id = wanted;
    for (let n = 2; this.#taken.has(id); n += 1) id = `${wanted}_${String(n)}`;
    this.#taken.add(id);
    return id;
  }
}

function hrefOf({ type, target, article }: ParsedCitation): string {
  const place = article === null ? '' : `#${slug(article)}`;
  return `urn:comity:${type}:${encodeURIComponent(target ?? '')}${place}`;
}

/** Words with their citations as references, in their order; a citation that overlaps the one before is left to the facts. */
function withRefs(text: string, citations: readonly ParsedCitation[]): (Element | string)[] {
  const out: (Element | string)[] = [];
  let at = 0;
  for (const one of citations) {
    const found = one.target === null || one.text === '' ? -1 : text.indexOf(one.text, at);
    if (found < 0) continue;
    if (found > at) out.push(text.slice(at, found));
    out.push(element('ref', { href: hrefOf(one) }, [one.text]));
    at = found + one.text.length;
  }
  if (at < text.length || out.length === 0) out.push(text.slice(at));
  return out.filter((one) => one !== '');
}

/** Notes as they are met: the first mark of a note holds it, later ones point to it. */
class Notes {
  readonly #left: { note: Footnote; index: number }[];
  readonly #placed = new Map<string, number>();
  constructor(notes: readonly Footnote[]) {
    this.#left = notes.map((note, index) => ({ note, index }));
  }
  at(marks: readonly string[]): Element[] {
    return marks.map((marker) => {
      const next = this.#left.findIndex((one) => one.note.marker === marker);
      const found = next < 0 ? undefined : this.#left.splice(next, 1)[0];
      if (found) {
        this.#placed.set(marker, found.index);
        return noteElement(found.note, found.index);
      }
      const known = this.#placed.get(marker);
      return element('noteRef', {
        marker,
        href: known === undefined ? '#none' : `#authorialNote_${String(known + 1)}`,
      });
    });
  }
  rest(): Element[] {
    return this.#left.splice(0).map(({ note, index }) => noteElement(note, index));
  }
}

const noteElement = ({ marker, text, citations }: Footnote, index: number) =>
  element('authorialNote', { eId: `authorialNote_${String(index + 1)}`, marker, placement: 'bottom' }, [
    element('p', {}, withRefs(text, citations)),
  ]);

/** The opening words in italics, as they are printed, then the rest. */
function opened(text: string, opening: string | null, citations: readonly ParsedCitation[]): (Element | string)[] {
  if (opening === null || opening === '' || !text.startsWith(opening)) return withRefs(text, citations);
  const rest = text.slice(opening.length);
  return [element('i', {}, [opening]), ...(rest === '' ? [] : withRefs(rest, citations))];
}

function recitalOf(one: Preambular, notes: Notes): Element {
  const eId = `recs_1__rec_${String(one.index)}`;
  return element('recital', { eId }, [
    element('p', {}, [...opened(one.text, one.opening, one.citations), ...notes.at(one.footnotes)]),
    ...one.items.map((item) => element('p', { class: 'item' }, item === '' ? [] : [item])),
  ]);
}

function pointOf(child: Child, base: string, ids: Ids): Element {
  const eId = ids.of(`${base}__point_${slug(child.number) || 'dash'}`);
  const num = element('num', {}, [child.numberText ?? child.number]);
  const words = element('p', {}, withRefs(child.text, child.citations));
  return child.children.length === 0
    ? element('point', { eId }, [num, element('content', {}, [words])])
    : element('point', { eId }, [
        num,
        element('intro', {}, [words]),
        element(
          'list',
          { eId: `${eId}__list_1` },
          child.children.map((inner) => pointOf(inner, `${eId}__list_1`, ids)),
        ),
      ]);
}

function paragraphOf(one: Operative, eId: string, ids: Ids, notes: Notes): Element {
  const points = one.children.filter((child) => child.type === 'subparagraph');
  const concepts = one.verb === null ? [] : [`#verb-${slug(one.verb)}`];
  const roles = one.addressees.flatMap((to) => (to.id === null ? [] : [`#${to.id}`]));
  const refersTo = [...new Set([...concepts, ...roles])].join(' ') || undefined;
  const words = element('p', {}, [...opened(one.text, one.opening, one.citations), ...notes.at(one.footnotes)]);
  const num = element('num', {}, [one.numberText ?? (one.numbering === 'source' ? `${one.number}.` : one.number)]);
  return element('paragraph', { eId, refersTo }, [
    num,
    ...(points.length === 0
      ? [element('content', {}, [words])]
      : [
          element('intro', {}, [words]),
          element(
            'list',
            { eId: `${eId}__list_1` },
            points.map((point) => pointOf(point, `${eId}__list_1`, ids)),
          ),
        ]),
  ]);
}

function headParts({ head, document }: Resolution): { before: Element[]; line: Element[]; after: Element[] } {
  const at = head.findIndex(({ text }) => /[,:،，：]$/.test(text));
  const end = at < 0 ? head.length : at;
  const line = (text: string): Element => {
    if (text === document.title) return element('p', {}, [element('docTitle', {}, [text])]);
    if (document.number !== null && text.endsWith(document.number)) {
      const before = text.slice(0, text.length - document.number.length);
      return element('p', {}, [...(before === '' ? [] : [before]), element('docNumber', {}, [document.number])]);
    }
    return element('p', {}, [text]);
  };
  return {
    before: head.slice(0, end).map(({ text }) => line(text)),
    line: head.slice(end, end + 1).map(({ text }) => {
      const body = document.body !== null && text.includes(document.body) ? document.body : undefined;
      const from = body === undefined ? -1 : text.indexOf(body);
      const parts =
        body === undefined
          ? [text]
          : [text.slice(0, from), element('docProponent', {}, [body]), text.slice(from + body.length)];
      return element(
        'p',
        {},
        parts.filter((one) => one !== ''),
      );
    }),
    after: head.slice(end + 1).map(({ text }) => element('p', {}, [text])),
  };
}

/** `…/!main`; in a manifestation the format stays last: `…/!main.xml`. */
const component = (iri: string, part: string) =>
  iri.endsWith('.xml') ? `${iri.slice(0, -4)}/!${part}.xml` : `${iri}/!${part}`;

function identificationOf(resolution: Resolution, part?: string): Element {
  const { work, expression, manifestation } = iriOf(resolution);
  const { document } = resolution;
  const date = document.date ?? '0001-01-01';
  const core = (iri: string, more: readonly Element[]) => [
    element('FRBRthis', { value: component(iri, part ?? 'main') }),
    element('FRBRuri', { value: iri }),
    element('FRBRdate', { date, name: document.date === null ? 'unknown' : 'adoption' }),
    element('FRBRauthor', { href: `#${document.bodyId ?? 'unknown-body'}`, as: '#author' }),
    ...more,
  ];
  return element('identification', { source: '#comity' }, [
    element('FRBRWork', {}, core(work, [
      element('FRBRcountry', { value: 'un' }),
      element('FRBRsubtype', { value: 'deliberation' }),
      ...(document.number === null ? [] : [element('FRBRnumber', { value: document.number })]),
    ])),
    element('FRBRExpression', {}, core(expression, [element('FRBRlanguage', { language: iso3[document.language] ?? 'und' })])),
    element('FRBRManifestation', {}, core(manifestation, [])),
  ]); // prettier-ignore
}

function referencesOf({ document, operative }: Resolution): Element {
  const actors = new Map<string, string>();
  const verbs = new Set<string>();
  for (const one of operative) {
    if (one.verb !== null) verbs.add(one.verb);
    for (const to of one.addressees) if (to.id !== null) actors.set(to.id, to.text);
  }
  return element('references', { source: '#comity' }, [
    element('TLCOrganization', { eId: document.bodyId ?? 'unknown-body', href: `/akn/ontology/organization/un/${document.bodyId ?? 'unknown'}`, showAs: document.body ?? 'Unknown' }),
    ...[...actors].filter(([id]) => id !== document.bodyId).map(([id, words]) => element('TLCOrganization', { eId: id, href: `/akn/ontology/organization/un/${id}`, showAs: words })),
    element('TLCOrganization', { eId: 'comity', href: '/akn/ontology/organization/comity', showAs: 'Comity' }),
    element('TLCRole', { eId: 'author', href: '/akn/ontology/role/author', showAs: 'Author' }),
    ...[...verbs].map((verb) => element('TLCConcept', { eId: `verb-${slug(verb)}`, href: `/akn/ontology/concept/un/verb/${slug(verb)}`, showAs: verb })),
  ]);
} // prettier-ignore

/** What the text does not hold: everything said of it. Texts, places and the structure are in the elements of the standard. */
function proprietaryOf(resolution: Resolution, eIds: readonly string[]): Element {
  const { document, preambular, operative, footnotes, annexes, furniture, problems } = resolution;
  const fields = element('c:resolution', { 'xmlns:c': factsNamespace }, [
    toFacts('document', document),
    ...preambular.map((one) => {
      const { index, opening, openings, citations, variants } = one;
      return toFacts('preambular', { index, opening, openings, citations, variants });
    }),
    ...operative.map(({ text: _text, spans: _spans, found: _found, children, footnotes: _marks, ...facts }, n) =>
      toFacts('operative', { for: eIds[n], ...facts, children: children.map(childFacts) }),
    ),
    toFacts('footnotes', footnotes.map(({ citations }) => ({ citations }))),
    toFacts('annexes', annexes.map(({ title }) => ({ title }))),
    toFacts('furniture', furniture.map(({ text }) => text)),
    toFacts('problems', problems),
  ]); // prettier-ignore
  return element('proprietary', { source: '#comity' }, [fields]);
}

/** An act keeps its words here, for they are a stretch of the paragraph's own; a sub-paragraph's stand in its point. */
function childFacts(child: Child): unknown {
  const { text, children, ...facts } = child;
  return { ...facts, ...(child.type === 'act' ? { text } : {}), children: children.map(childFacts) };
}

function attachmentOf(resolution: Resolution, annex: Resolution['annexes'][number], n: number): Element {
  const part = `annex_${String(n + 1)}`;
  const lines = annex.text.split('\n');
  return element('attachment', { eId: `att_${String(n + 1)}` }, [
    element('doc', { name: 'annex' }, [
      element('meta', {}, [identificationOf(resolution, part)]),
      ...(annex.title === null ? [] : [element('preface', {}, [element('p', {}, [annex.title])])]),
      element(
        'mainBody',
        {},
        lines.map((line) => element('p', {}, line === '' ? [] : [line])),
      ),
    ]),
  ]);
}

/** A resolution as Akoma Ntoso 3.0. Everything that was read comes back by `readAkomaNtoso`, but for the places in the input. */
export function toAkomaNtoso(resolution: Resolution): string {
  const ids = new Ids();
  const notes = new Notes(resolution.footnotes);
  const { before, line, after } = headParts(resolution);
  const eIds = resolution.operative.map((one) => ids.of(`para_${slug(one.number) || 'x'}`));
  const recitals = resolution.preambular.map((one) => recitalOf(one, notes));
  const paragraphs = resolution.operative.map((one, n) => paragraphOf(one, eIds[n]!, ids, notes));
  const left = notes.rest();
  const preamble = [
    ...(line.length > 0 ? [element('formula', { name: 'enactingFormula' }, line)] : []),
    ...(recitals.length > 0 ? [element('recitals', { eId: 'recs_1' }, recitals)] : []),
  ];
  const conclusions = [...after, ...(left.length > 0 ? [element('p', { class: 'notes' }, left)] : [])];
  return writeXml(
    element('akomaNtoso', { xmlns: aknNamespace }, [
      element('statement', { name: 'resolution' }, [
        element('meta', {}, [
          identificationOf(resolution),
          referencesOf(resolution),
          proprietaryOf(resolution, eIds),
        ]),
        ...(before.length > 0 ? [element('preface', {}, before)] : []),
        ...(preamble.length > 0 ? [element('preamble', {}, preamble)] : []),
        element('mainBody', {}, paragraphs.length > 0 ? paragraphs : [element('p')]),
        ...(conclusions.length > 0 ? [element('conclusions', {}, conclusions)] : []),
        ...(resolution.annexes.length > 0
          ? [element('attachments', {}, resolution.annexes.map((one, n) => attachmentOf(resolution, one, n)))]
          : []),
      ]),
    ]),
  ); // prettier-ignore
}
