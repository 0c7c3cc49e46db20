import { PlainDate } from '../../../../platform/values/index.ts';
import type { Option, View } from '../../../../web/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';

type Path = readonly (string | number)[];
type PrintableClause = PrintableRequest['sections'][number]['clauses'][number];

/** Where the free text of a paragraph stands in the request; undefined for fixed phrases. */
export function pathOfClause(clause: PrintableClause): string | undefined {
  return clause.sides.flatMap((side) => side.lines).find((line) => line.path !== undefined)?.path;
}

interface Paragraph {
  n: number;
  heading: string;
  path: string | undefined;
  text: string;
}

function paragraphs(view: View, printable: PrintableRequest): Paragraph[] {
  const language = Math.max(0, printable.languages.indexOf(view.locale));
  return printable.sections.flatMap((section) =>
    section.clauses.map((clause) => ({
      n: clause.n,
      heading: section.headings[language] ?? '',
      path: pathOfClause(clause),
      text: (clause.sides[language]?.lines ?? []).flatMap((line) => line.runs.map((run) => run.text)).join(' '),
    })),
  );
}

/** Paragraphs a question may be bound to: by number, with their first words. */
export function placeOptions(view: View, printable: PrintableRequest): Option[] {
  return paragraphs(view, printable).flatMap(({ n, heading, path, text }) =>
    path === undefined
      ? []
      : [{ value: path, label: view.t('thread.paragraph-start', { n, heading, text: firstWords(text) }) }],
  );
}

function firstWords(text: string): string {
  const plain = text.replaceAll(/[\u2066-\u2069]/gu, '');
  return plain.length <= 60 ? plain : `${plain.slice(0, 60).replace(/\s\S*$/u, '')} …`;
}

/** A path of the request in words: its paragraph when it is printed, else the name of the field. */
export function placeWords(view: View, path: Path, printable: PrintableRequest | null): string {
  if (path.length === 0) return view.t('reply.whole-request');
  const text = path.join('/');
  const found =
    printable &&
    paragraphs(view, printable).find(
      (one) =>
        one.path !== undefined &&
        (one.path === text || one.path.startsWith(`${text}/`) || text.startsWith(`${one.path}/`)),
    );
  if (found) return view.t('thread.paragraph', { n: found.n, heading: found.heading });
  const names = path.filter((step) => typeof step === 'string' && !/^\d+$/.test(step));
  for (let length = names.length; length > 0; length -= 1) {
    const key = `requests.field.${names.slice(0, length).join('-')}`;
    if (view.t.has(key)) return view.t.code(key);
  }
  return text;
}

/** Where the paragraph of a path stands on the page of the text: `#p7`. */
export function placeAnchor(view: View, path: Path, printable: PrintableRequest): string | undefined {
  const text = path.join('/');
  const found = paragraphs(view, printable).find((one) => one.path === text);
  return found ? `#p${found.n}` : undefined;
}

/** Any value of a request as lines people can compare. */
export function valueLines(view: View, value: unknown): string[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value === 'boolean') return [view.t(value ? 'web.yes' : 'web.no')];
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string') {
    const day = PlainDate.safeParse(value);
    return [day.success ? view.formats.day(day.data) : value];
  }
  if (Array.isArray(value)) return value.flatMap((one) => valueLines(view, one));
  const entries = Object.entries(value);
  const isText =
    entries.length > 0 && entries.every(([key, one]) => /^[a-z]{2,3}(-\w+)?$/.test(key) && typeof one === 'string');
  if (isText) {
    const own = entries.find(([key]) => key === view.locale) ?? entries[0];
    return [String(own?.[1] ?? '')];
  }
  return entries.flatMap(([key, one]) => (key === 'id' ? [] : valueLines(view, one)));
}
