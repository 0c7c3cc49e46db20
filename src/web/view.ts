import type { Formats } from '../platform/i18n/formats.ts';
import type { Locale, OfferedLocale, Translate } from '../platform/i18n/index.ts';
import type { Problem, StateCode } from '../platform/values/index.ts';

/** One entry of the rail, given only when the reader may use it. */
export interface RailEntry {
  id: string;
  href: string;
  label: string;
  icon: string;
  /** Work waiting behind the entry; 0 and absent show nothing. */
  count?: number;
  /** `own` entries (Outbox, Recent, Saved) stand below the line. */
  group?: 'own';
}

/** Addresses the frame links to, where the defaults do not hold. `null` leaves the entry out. */
export interface FrameLinks {
  home?: string;
  /** Where the demo leads a newcomer through; only there. */
  tour?: string;
  search?: string | null;
  create?: string | null;
  notices?: { href: string; count: number };
  profile?: string;
  /** Takes `theme` or `density`, and `return`. */
  display?: string;
  signIn?: string;
  signOut?: string;
  help?: { how?: string; ask?: string; phone?: string };
}

/** Everything a page needs to print itself: language, words, formats, who reads, and the fields each form carries. */
export interface View {
  /** Language for what only the languages of the whole interface hold. */
  locale: OfferedLocale;
  /** Language of this page's words: a further one where the page is offered in it. */
  language: Locale;
  /** Languages this page is offered in. */
  languages: readonly Locale[];
  dir: 'ltr' | 'rtl';
  t: Translate;
  formats: Formats;
  /** Path and query of this page, for language links and return addresses. */
  path: string;
  stateName(code: StateCode): string;
  /** Words of a problem, in the reader's language. */
  problemText(problem: Problem): string;
  node: {
    state: StateCode;
    stateName: string;
    authorityName: string;
    profile: 'demo' | 'training' | 'production';
    zone: string;
    /** The node only reads for now: storage is almost full. */
    readOnly?: boolean;
  };
  person: { name: string; officeName: string } | null;
  rail: RailEntry[];
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
  csrf: string;
  /** A fresh idempotency key for one form. */
  formKey(): string;
  /** File name with content hash of a built asset, `/assets/app-1A2B.css`. */
  asset(name: string): string;
  links?: FrameLinks;
}
