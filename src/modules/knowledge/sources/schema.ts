import { z } from 'zod';
import { PlainDate } from '../../../platform/values/index.ts';
import type { InstrumentId, TreatyText } from '../../treaties/index.ts';
import { SearchLanguage } from '../search/schema.ts';

/** What must stand beside every text of others: whose words they are, from which pack, under which licence. */
export const TextOrigin = z.strictObject({
  pack: z.string(),
  packVersion: z.string(),
  packTitle: z.string(),
  asOf: z.string(),
  licence: z.string(),
  sources: z.array(z.string()),
});
export type TextOrigin = z.infer<typeof TextOrigin>;

/** A treaty text of an accepted pack. */
export interface TreatySource {
  origin: TextOrigin;
  instrument: InstrumentId;
  text: TreatyText;
}

/** A part of a resolution with its own words and those below it. */
export interface ResolutionPart {
  /** As printed or assigned: `4`; of an item `a`. */
  number: string;
  text: string;
  items: ResolutionPart[];
}

/** A resolution as its parser read it; the app hands it in. */
export interface ResolutionText {
  /** Symbol by which citations name it: `CTOC/COP/10/4`; else body and number. */
  work: string;
  title: string;
  /** Number or symbol as printed, beside the title. */
  printed: string;
  body: string | null;
  date: PlainDate | null;
  language: SearchLanguage;
  preambular: { number: string; text: string }[];
  operative: ResolutionPart[];
}

export interface ResolutionSource {
  origin: TextOrigin;
  text: ResolutionText;
}

export const workKinds = ['treaty', 'resolution'] as const;

/** The card of a work in one language. */
export const Work = z.strictObject({
  work: z.string(),
  /** In addresses: `A_RES_55_25` for `A/RES/55/25`. */
  slug: z.string(),
  language: SearchLanguage,
  kind: z.enum(workKinds),
  title: z.string(),
  /** Short titles and symbols, the one in print first. */
  shortTitles: z.array(z.string()),
  /** Body that adopted it, by its id. */
  body: z.string().nullable(),
  date: PlainDate.nullable(),
  /** Provisions that are a unit of their own; headings and the card do not count. */
  provisions: z.int().min(0),
  origin: TextOrigin,
});
export type Work = z.infer<typeof Work>;

/** A work as an address names it. */
export function slugOf(work: string): string {
  return work.replaceAll('/', '_').replaceAll(/[^\w.()-]/g, '-');
}
