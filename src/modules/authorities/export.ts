import { Invalid } from '../../platform/errors.ts';
import type { FileAnswer } from '../../platform/http/routes.ts';
import type { OfferedLocale } from '../../platform/i18n/index.ts';
import type { PlainDate, Problem, Result, StateCode } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import type { Readers } from './ask.ts';
import { bookletPdf, type BookletState } from './booklet/index.ts';
import { toCsv, toJsonDocument } from './exports.ts';
import { calendarOf, exportFeed, findAuthorities, profileOn, type AuthoritiesNeeds } from './service/index.ts';

/** Problems of a use case become one refused call that names them all. */
export function must<T>(result: Result<T, Problem[]>): T {
  if (result.ok) return result.value;
  throw new Invalid(result.error[0]?.code ?? 'authorities.field-shape', {
    problems: result.error,
    params: result.error[0]?.params,
  });
}

/** Text or bytes as a file to keep. */
export function file(fileName: string, mediaType: string, text: string | Uint8Array): FileAnswer {
  return { fileName, mediaType, bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text };
}

export const exportFormats = ['json', 'csv', 'pdf', 'bundle'] as const;

/** What an export is asked for. */
export interface ExportAsked {
  format: string;
  on: PlainDate;
  state?: StateCode | undefined;
  /** Language of the booklet. */
  locale?: OfferedLocale | undefined;
}

/** An export of the directory. Lists are always in the public layer, whoever asks. */
export async function exportAs(
  ctx: Context,
  needs: AuthoritiesNeeds,
  readers: Readers,
  { format, on, state, locale = ctx.locale }: ExportAsked,
): Promise<FileAnswer> {
  ctx.allow('authorities.export');
  if (format === 'bundle') return file(`comity-directory-${on}.zip`, 'application/zip', await exportFeed(ctx, needs));
  const found = await findAuthorities(ctx, { on, ...(state && { state }) });
  const versions = found.map((one) => one.version);
  const name = state ? `authorities-${state}-${on}` : `authorities-${on}`;
  switch (format) {
    case 'json':
      return file(`${name}.json`, 'application/json', JSON.stringify(toJsonDocument(versions, on), null, 1));
    case 'csv':
      return file(`${name}.csv`, 'text/csv; charset=utf-8', toCsv(versions));
    case 'pdf': {
      const codes = state ? [state] : [...new Set(found.map((one) => one.version.entry.state))];
      const states: BookletState[] = await ctx.transaction(async (tx) => {
        const made: BookletState[] = [];
        for (const code of codes)
          made.push({
            state: code,
            entries: found.filter((one) => one.version.entry.state === code),
            profile: await profileOn(tx, code, on),
            calendar: await calendarOf(tx, code),
          });
        return made;
      });
      const stateName = readers.stateName ?? ((code: StateCode) => code);
      const pdf = await bookletPdf({ states, locale, on, createdAt: ctx.clock.now(), stateName });
      return file(`${name}-${locale}.pdf`, 'application/pdf', pdf.bytes);
    }
    default:
      throw new Invalid('authorities.unknown-format', { params: { given: format.slice(0, 20) } });
  }
}
