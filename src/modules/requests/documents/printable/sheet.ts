import type { Translate } from '../../../../platform/i18n/index.ts';
import type { Instant, PlainDate, StateCode } from '../../../../platform/values/index.ts';
import { isUnknown } from '../../../../platform/values/index.ts';
import type { DraftRequest } from '../../schema/index.ts';
import type { PrintableClause, PrintLanguage } from './schema.ts';
import { isolated, SideWriter, type DraftLine, type WriterSetting } from './writer.ts';

/** What one State did about an instrument relied on, as `treaties` answers it, with where that is known from. */
export interface TreatyStatusRow {
  instrument: string;
  state: StateCode;
  /** Kinds: signature, ratification, accession, reservation, … */
  acts: { kind: string; on: PlainDate }[];
  boundFrom: PlainDate | null;
  boundUntil?: PlainDate | null;
  source: string;
  asOf: PlainDate;
}

/** Names and facts from outside the request that its paper shows. */
export interface PrintOptions {
  /** One language, or two facing each other with a left-to-right one first. */
  languages: readonly PrintLanguage[];
  words: Record<PrintLanguage, Translate>;
  stateName(code: StateCode, lang: PrintLanguage): string;
  /** Name of a directory entry, `XB:central-authority`, without its State. */
  authorityName(id: string, lang: PrintLanguage): string;
  instrumentName(id: string, lang: PrintLanguage): string;
  /** Title of a type, `T9`. */
  typeTitle(type: string, lang: PrintLanguage): string;
  /** Label of a type's field, `property.iban`; undefined when the definition is not known here. */
  fieldLabel?(type: string, path: string, lang: PrintLanguage): string | undefined;
  optionLabel?(type: string, path: string, value: string, lang: PrintLanguage): string | undefined;
  letterhead: {
    /** State, authority, address, hours: one list of lines per language. */
    lines: Partial<Record<PrintLanguage, readonly string[]>>;
    /** Round the seal, Latin capitals. */
    sealText: string;
    /** SHA-256 of the authority's public key, which draws the rosette of the seal. */
    sealSha256: string;
  };
  treatyStatus: { rows: readonly TreatyStatusRow[]; dataset?: { on: PlainDate; sha256: string } } | null;
  /** Address of the public page that checks papers, `https://alba.example/verify`. */
  verifyUrl: string;
  training: boolean;
  createdAt: Instant;
  /** Prints protected persons' identity; only for readers on the named list. */
  showProtected?: boolean;
}

/** The document under way: counts clauses and remembers which item stands in which. */
export class Sheet {
  readonly request: DraftRequest;
  readonly options: PrintOptions;
  readonly clauseOf = new Map<string, number>();
  private readonly setting: WriterSetting;
  private last = 0;

  constructor(request: DraftRequest, options: PrintOptions) {
    const { words, languages } = options;
    const translations = request.languages?.translations ?? [];
    this.request = request;
    this.options = options;
    this.setting = {
      languages,
      words,
      original: request.languages?.original ?? languages[0] ?? 'en',
      stateName: (code, lang) => options.stateName(code, lang),
      machine: new Set(translations.filter((one) => one.machine && !one.checkedBy).map((one) => one.lang ?? '')),
    };
  }

  /** Says something in every language of the document. */
  inEach(say: (w: SideWriter) => string): string[] {
    return this.options.languages.map((lang) => say(new SideWriter(lang, this.setting)));
  }

  clause(build: (w: SideWriter) => readonly (DraftLine | null)[], item?: string): PrintableClause {
    const n = ++this.last;
    if (item !== undefined) this.clauseOf.set(item, n);
    const sides = this.options.languages.map((lang) => {
      const writer = new SideWriter(lang, this.setting);
      return writer.finish(build(writer));
    });
    return { n, sides };
  }

  /** Name of a person of the request; a protected one's code. */
  personName(id: string, w: SideWriter): string | undefined {
    const person = (this.request.persons ?? []).find((one) => one.id === id);
    if (!person) return undefined;
    if (person.protected && this.options.showProtected !== true) return isolated(id);
    const names = person.names;
    if (!names || isUnknown(names) || names.length === 0) return isolated(id);
    const script = w.lang === 'ar' ? 'Arab' : 'Latn';
    const name = names.find((one) => one.script === script) ?? names.find((one) => one.original) ?? names[0];
    return isolated(name?.text ?? id);
  }

  /** Place, State: as far as known. */
  place(place: NonNullable<NonNullable<DraftRequest['facts']>[number]['where']> | undefined, w: SideWriter): string {
    if (!place) return '';
    return w.comma([w.inline(place.place), w.state(place.state)]);
  }
}

/** A labelled line, or nothing when there is no text. */
export function labelled(label: string, text: string, level = 0): DraftLine | null {
  return text === '' ? null : { label, text, level };
}

/** A label over paragraphs of free text; a single paragraph stands beside it. */
export function labelledFree(label: string, lines: readonly DraftLine[], level = 0): DraftLine[] {
  const [first, ...rest] = lines;
  return first ? [{ ...first, label, level }, ...rest.map((line) => ({ ...line, level: level + 1 }))] : [];
}
