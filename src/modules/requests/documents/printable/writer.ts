import { formatsFor } from '../../../../platform/i18n/formats.ts';
import type { Params, Translate } from '../../../../platform/i18n/index.ts';
import { toPrintableText } from '../../../../platform/documents/index.ts';
import { isUnknown, type DateOrWindow, type PartialDate, type StateCode } from '../../../../platform/values/index.ts';
import type { en } from '../messages/en.ts';
import type { PrintableLine, PrintableRun, PrintableSide, PrintLanguage } from './schema.ts';

type PhraseKey = keyof typeof en extends `requests.print-${infer K}` ? K : never;
type FreeText = Readonly<Record<string, string>>;

/** What the writer needs to know of the document it writes for. */
export interface WriterSetting {
  languages: readonly PrintLanguage[];
  original: string;
  words: Record<PrintLanguage, Translate>;
  stateName(code: StateCode, lang: PrintLanguage): string;
  /** Languages whose text a machine made and nobody has checked. */
  machine: ReadonlySet<string>;
}

/** A line being written: text may hold `mono(…)` spans. */
export interface DraftLine {
  label?: string;
  text: string;
  level?: number;
  path?: string;
  mark?: 'not-translated' | 'machine';
}

function paragraphs(text: string): string[] {
  return text.split(/\n+/).filter((paragraph) => paragraph.trim() !== '');
}

/** Sets a name or phrase apart so that its direction does not disturb its surroundings. */
export function isolated(text: string): string {
  return `\u2068${toPrintableText(text)}\u2069`;
}

/** Sets a number, an amount or a reference apart, left to right in every language. */
export function leftToRight(text: string): string {
  return `\u2066${toPrintableText(text)}\u2069`;
}

/** A left-to-right span in the monospaced face. */
export function mono(text: string): string {
  return `\uE000${leftToRight(text)}\uE001`;
}

export function toRuns(text: string): PrintableRun[] {
  return text
    .split(/(\uE000[^\uE001]*\uE001)/u)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('\uE000') ? { text: part.slice(1, -1), style: 'mono' as const } : { text: part }));
}

/** Writes one side of a clause; remembers what must be marked on it. */
export class SideWriter {
  readonly lang: PrintLanguage;
  private readonly setting: WriterSetting;
  private mark: PrintableSide['mark'];

  constructor(lang: PrintLanguage, setting: WriterSetting) {
    this.lang = lang;
    this.setting = setting;
  }

  /**
   * A fixed phrase of the catalogue, key without its prefix. A `code` chooses the words; hyphens become underscores,
   * which the message syntax takes, and a code that has no words is shown as it stands.
   */
  t(key: PhraseKey, params?: Params): string {
    const code = params?.code;
    const chosen =
      typeof code === 'string' ? { ...params, code: code.replaceAll('-', '_'), raw: isolated(code) } : params;
    return this.setting.words[this.lang](`requests.print-${key}`, chosen);
  }

  state(code: StateCode | undefined): string {
    return code === undefined ? '' : isolated(this.setting.stateName(code, this.lang));
  }

  language(tag: string): string {
    return isolated(formatsFor(this.lang).language(tag));
  }

  day(date: PartialDate): string {
    const [year = '', month, day] = date.split('-');
    if (day !== undefined) return this.t('date', { day: String(Number(day)), month: month ?? '', year });
    return month === undefined ? year : this.t('month', { month, year });
  }

  when(when: DateOrWindow): string {
    if (isUnknown(when)) return this.unknown(when);
    if ('date' in when) return this.day(when.date);
    const { after, before } = when;
    if (after && before) return this.t('between', { after: this.day(after), before: this.day(before) });
    return after ? this.t('after', { after: this.day(after) }) : this.t('before', { before: this.day(before ?? '') });
  }

  unknown(value: { unknown: string; reason?: string | undefined }): string {
    const why = this.t('unknown', { code: value.unknown });
    return value.reason ? `${why} (${isolated(value.reason)})` : why;
  }

  money(value: { amount: string; currency: string }): string {
    const [whole = '', fraction] = value.amount.split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
    return leftToRight(`${value.currency}\u00a0${grouped}${fraction === undefined ? '' : `.${fraction}`}`);
  }

  private find(text: FreeText, lang: string): string | undefined {
    return text[lang] ?? Object.entries(text).find(([tag]) => tag.startsWith(`${lang}-`))?.[1];
  }

  private note(kind: 'not-translated' | 'machine', text: string): void {
    if (this.mark?.kind !== 'not-translated') this.mark = { kind, text };
  }

  private original(text: FreeText): [string, string] | undefined {
    const tag = this.setting.original in text ? this.setting.original : Object.keys(text)[0];
    return tag === undefined ? undefined : [tag, text[tag] ?? ''];
  }

  /** Several things in one line, parted by semicolons as the language writes them. */
  list(items: readonly (string | undefined)[]): string {
    return items.filter((item) => item !== undefined && item !== '').join(this.lang === 'ar' ? '؛ ' : '; ');
  }

  /** Parts of one thing, parted by commas. */
  comma(items: readonly (string | undefined)[]): string {
    return items.filter((item) => item !== undefined && item !== '').join(this.lang === 'ar' ? '، ' : ', ');
  }

  /** Words typed by people, within a line. Without a translation the original stands there and the side is marked. */
  inline(text: FreeText | null | undefined): string {
    if (!text) return '';
    const own = this.find(text, this.lang);
    if (own !== undefined) {
      if (this.setting.machine.has(this.lang)) this.note('machine', this.t('machine'));
      return isolated(own);
    }
    const original = this.original(text);
    if (!original) return '';
    this.note('not-translated', this.t('not-translated', { language: this.language(original[0]) }));
    return isolated(original[1]);
  }

  /**
   * Words typed by people, as paragraphs of their own. Both sides get the same number of lines, so that they face
   * each other paragraph by paragraph; where the numbers differ, the text stays in one piece.
   */
  free(text: FreeText | null | undefined, path: string): DraftLine[] {
    if (!text) return [];
    const sides = this.setting.languages.map((lang) => paragraphs(this.find(text, lang) ?? ''));
    const counts = new Set(sides.map((side) => side.length).filter((count) => count > 0));
    if (this.find(text, this.lang) === undefined && counts.size > 0) {
      const blank = { text: '\u200b', path };
      const lines = counts.size === 1 ? ([...counts][0] ?? 1) : 1;
      const notice: DraftLine = { text: this.t('untranslated-here'), path, mark: 'not-translated' };
      return [notice, ...Array.from({ length: lines - 1 }, () => blank)];
    }
    // An amount is not torn from its currency at the end of a line.
    const own = paragraphs(
      this.inline(text)
        .slice(1, -1)
        .replaceAll(/\b([A-Z]{3}) (?=\d)/g, '$1\u00a0'),
    );
    const pieces = counts.size > 1 ? [own.join('\n')] : own;
    const machine = this.setting.machine.has(this.lang) && this.find(text, this.lang) !== undefined;
    return pieces.map((piece) => ({ text: isolated(piece), path, ...(machine ? { mark: 'machine' as const } : {}) }));
  }

  /** Ends the side: drops empty lines and turns spans into runs. */
  finish(lines: readonly (DraftLine | null)[]): PrintableSide {
    const kept = lines.filter((line) => line !== null && (line.text !== '' || line.label !== undefined)) as DraftLine[];
    return {
      lang: this.lang,
      lines: kept.map(({ text, ...line }): PrintableLine => ({ ...line, runs: toRuns(text) })),
      ...(this.mark ? { mark: this.mark } : {}),
    };
  }
}
