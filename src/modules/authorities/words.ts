import type { Translate } from '../../platform/i18n/index.ts';
import type { PlainDate } from '../../platform/values/index.ts';
import type { Why } from './schema/index.ts';

/** How days and instruments are written where the reason is read. */
interface Written {
  day(day: PlainDate): string;
  instrument(id: string): string;
}

/** Name by which officials know an instrument; its number where we have no name. */
export function instrumentName(t: Translate, id: string): string {
  const key = `authorities.instrument.${id}`;
  return t.has(key) ? t.code(key) : id;
}

/** Articles such as `18(13)`, isolated so that a right-to-left sentence does not turn them round. */
export function articleText(articles: string, dir: 'ltr' | 'rtl'): string {
  return dir === 'rtl' ? `\u2066${articles}\u2069` : articles;
}

/** One reason of the chooser in words. */
export function whyText(t: Translate, why: Why, written?: Written): string {
  const { function: asked, held, role, stage, on, instrument } = why.params;
  const named = written?.instrument ?? ((id: string) => instrumentName(t, id));
  const isInstrument = why.code.startsWith('authorities.why.instrument');
  return t.code(why.code, {
    ...why.params,
    ...(typeof on === 'string' && written && { on: written.day(on as PlainDate) }),
    ...(typeof instrument === 'string' && { instrument: named(instrument) }),
    ...(isInstrument && typeof held === 'string' && { held: named(held) }),
    functionName: asked === undefined ? '' : t.code(`authorities.function.${asked}`),
    heldName: held === undefined || isInstrument ? '' : t.code(`authorities.function.${held}`),
    stageName: stage === undefined ? '' : t.code(`authorities.stage.${stage}`),
    roleName: role === undefined ? '' : t.code(`authorities.role.${role}`),
  });
}
