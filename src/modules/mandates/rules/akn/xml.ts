import { SaxesParser } from 'saxes';

/** An element, its attributes and what it holds. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
}

export function element(
  name: string,
  attributes: Record<string, string | undefined> = {},
  children: readonly (Element | string)[] = [],
): Element {
  const kept = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { name, attributes: Object.fromEntries(kept), children: [...children] };
}

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' }; // prettier-ignore
// Characters that XML does not know, lone halves of pairs among them.
const unknown = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g; // prettier-ignore
const escapeText = (text: string) => text.replace(unknown, '\uFFFD').replace(/[&<>\r]/g, (one) => marks[one] ?? one);
const escapeValue = (text: string) => text.replace(unknown, '\uFFFD').replace(/[&<>"\n\r\t]/g, (one) => marks[one] ?? one); // prettier-ignore

/** Writes a tree. What holds text is written without added blanks, all else line by line. */
export function writeXml(root: Element): string {
  const out: string[] = ['<?xml version="1.0" encoding="UTF-8"?>\n'];
  const write = (one: Element, depth: number, isInline: boolean): void => {
    const pad = isInline ? '' : '  '.repeat(depth);
    const attributes = Object.entries(one.attributes)
      .map(([name, value]) => ` ${name}="${escapeValue(value)}"`)
      .join('');
    if (one.children.length === 0) {
      out.push(`${pad}<${one.name}${attributes}/>${isInline ? '' : '\n'}`);
      return;
    }
    const holdsText = isInline || one.name === 'p' || one.children.some((child) => typeof child === 'string');
    out.push(`${pad}<${one.name}${attributes}>${holdsText ? '' : '\n'}`);
    for (const child of one.children)
      if (typeof child === 'string') out.push(escapeText(child));
      else write(child, depth + 1, holdsText);
    out.push(`${holdsText ? '' : pad}</${one.name}>${isInline ? '' : '\n'}`);
  };
  write(root, 0, false);
  return out.join('');
}

const deepest = 200;

/** Reads a tree. Nothing is fetched and no entity of the document's own is put in; undefined for what is no XML. */
export function readXml(text: string): Element | undefined {
  const parser = new SaxesParser();
  let root: Element | undefined;
  let isBroken = false;
  const open: Element[] = [];
  parser.on('error', () => {
    isBroken = true;
  });
  parser.on('doctype', () => {
    isBroken = true;
  });
  parser.on('opentag', (tag) => {
    const one: Element = { name: tag.name, attributes: { ...tag.attributes }, children: [] };
    if (open.length > deepest) isBroken = true;
    else open.at(-1)?.children.push(one);
    root ??= one;
    open.push(one);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const add = (words: string) => {
    const into = open.at(-1)?.children;
    if (!into) return;
    const last = into.at(-1);
    if (typeof last === 'string') into[into.length - 1] = last + words;
    else into.push(words);
  };
  parser.on('text', add);
  parser.on('cdata', add);
  try {
    for (let at = 0; at < text.length && !isBroken; at += 65_536) parser.write(text.slice(at, at + 65_536));
    parser.close();
  } catch {
    return undefined;
  }
  return isBroken ? undefined : root;
}

export const isElement = (one: Element | string): one is Element => typeof one !== 'string';

/** Elements of a name directly below. */
export function below(one: Element | undefined, name: string): Element[] {
  return one ? one.children.filter(isElement).filter((child) => child.name === name) : [];
}

/** First element of a name anywhere below. */
export function within(one: Element | undefined, name: string): Element | undefined {
  if (!one) return undefined;
  for (const child of one.children.filter(isElement)) {
    if (child.name === name) return child;
    const found = within(child, name);
    if (found) return found;
  }
  return undefined;
}

export function textOf(one: Element, skip: ReadonlySet<string> = new Set()): string {
  return one.children.map((child) => (isElement(child) ? (skip.has(child.name) ? '' : textOf(child, skip)) : child)).join(''); // prettier-ignore
}
