import { Tokenizer, TokenizerMode, type Token, type TokenHandler } from 'parse5';

const headings = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const breaks = new Set(['p', 'div', 'section', 'article', 'table', 'tr', 'blockquote', 'dd', 'dt', 'ul', 'ol', 'header', 'footer', 'main', 'body', 'figure', 'title']); // prettier-ignore
/** Never shown, so never read; their text is skipped as it stands. */
const raw: Record<string, number> = {
  script: TokenizerMode.SCRIPT_DATA,
  style: TokenizerMode.RAWTEXT,
  noscript: TokenizerMode.RAWTEXT,
  iframe: TokenizerMode.RAWTEXT,
  template: TokenizerMode.RAWTEXT,
  textarea: TokenizerMode.RCDATA,
  title: TokenizerMode.RCDATA,
};
const struck = new Set(['s', 'del', 'strike']);

/** Deepest nesting of lists that is read. */
export const deepestList = 6;

const numerals: readonly [number, string][] = [[10, 'x'], [9, 'ix'], [5, 'v'], [4, 'iv'], [1, 'i']]; // prettier-ignore

/** 1 as `1.`, `(a)` or `(i)`. */
export function printMark(format: string, value: number): string {
  if (format === 'a') return `(${String.fromCharCode(97 + ((value - 1) % 26))})`;
  if (format !== 'i') return `${String(value)}.`;
  let rest = value;
  let out = '';
  for (const [worth, letters] of numerals)
    while (rest >= worth) {
      out += letters;
      rest -= worth;
    }
  return `(${out})`;
}

/** Marks that mean something in Markdown keep their own meaning. */
export const escapeMarkdown = (text: string) => text.replace(/[*_#<~\\]/g, '\\$&');

interface List {
  format: string;
  next: number;
}

/**
 * HTML as Markdown, token by token: nothing is run, fetched or built. Undefined when lists nest deeper than any resolution has.
 */
export function htmlToMarkdown(html: string): string | undefined {
  const blocks: string[] = [];
  let words = '';
  let prefix = '';
  let isTooDeep = false;
  let skipping: string | undefined;
  let raised: string | undefined;
  const lists: List[] = [];
  const close = () => {
    const text = words.replace(/\s+/g, ' ').trim();
    if (text !== '') {
      // A number that is typed wins over the one of the list.
      const own = /^(?:\d{1,3}\s?[.)]|\([a-z\d]{1,4}\))\s/i.test(text) && prefix !== '' && !prefix.startsWith('#');
      blocks.push(`${own ? '' : prefix}${text}`);
      prefix = '';
    }
    words = '';
  };
  const put = (text: string) => {
    if (skipping !== undefined) return;
    if (raised !== undefined) raised += text;
    else words += escapeMarkdown(text);
  };
  const handler: TokenHandler = {
    onStartTag(tag: Token.TagToken) {
      const name = tag.tagName;
      const state = raw[name];
      if (state !== undefined && !tag.selfClosing) {
        tokenizer.state = state as Tokenizer['state'];
        tokenizer.lastStartTagName = name;
        skipping = name;
        return;
      }
      const attribute = (wanted: string) => tag.attrs.find((one) => one.name === wanted)?.value;
      if (name === 'sup') raised = '';
      else if (struck.has(name)) words += '~~';
      else if (name === 'br') words += ' ';
      else if (name === 'td' || name === 'th') words += ' ';
      else if (name === 'hr') {
        close();
        blocks.push('---');
      } else if (headings.has(name)) {
        close();
        prefix = `${'#'.repeat(Number(name[1]))} `;
      } else if (name === 'ol' || name === 'ul') {
        close();
        const type = (attribute('type') ?? (lists.length === 0 ? '1' : lists.length === 1 ? 'a' : 'i')).toLowerCase();
        lists.push({ format: name === 'ul' ? '-' : type, next: Number(attribute('start') ?? 1) || 1 });
        if (lists.length > deepestList) isTooDeep = true;
      } else if (name === 'li') {
        close();
        const list = lists.at(-1);
        const note = /^(?:fn|footnote|note)[-_:]?(\d{1,4})$/i.exec(attribute('id') ?? '')?.[1];
        if (note !== undefined) prefix = `<sup>${note}</sup> `;
        else if (list === undefined || list.format === '-') prefix = '- ';
        else {
          prefix = `${printMark(list.format, list.next)} `;
          list.next += 1;
        }
      } else if (breaks.has(name)) close();
    },
    onEndTag(tag: Token.TagToken) {
      const name = tag.tagName;
      if (skipping === name) skipping = undefined;
      else if (name === 'sup' && raised !== undefined) {
        const mark = raised.replace(/[[\]()\s]/g, '');
        // 21st, 1er: letters that are raised belong to their word.
        words += /^(?:\d{1,4}|[a-d]|\*{1,3})$/i.test(mark) ? `<sup>${mark}</sup>` : escapeMarkdown(raised);
        raised = undefined;
      } else if (struck.has(name)) words += '~~';
      else if (name === 'ol' || name === 'ul') {
        close();
        lists.pop();
      } else if (headings.has(name) || name === 'li' || breaks.has(name)) {
        close();
        if (headings.has(name)) prefix = '';
      }
    },
    onCharacter: ({ chars }) => put(chars),
    onWhitespaceCharacter: ({ chars }) => put(chars),
    onNullCharacter: () => {},
    onComment: () => {},
    onDoctype: () => {},
    onEof: close,
  };
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: false }, handler);
  tokenizer.write(html, true);
  return isTooDeep ? undefined : blocks.join('\n\n');
}
