import { fail, ok, PlainDate, problem, type Problem, type Result } from '../../platform/values/index.ts';

/** A day read from an iCalendar file. */
export interface IcsDay {
  on: PlainDate;
  names: Record<string, string>;
  status: 'fixed' | 'expected' | 'announced';
  /** Work ends at this local time; null for a whole day. */
  until: string | null;
}

interface Line {
  name: string;
  params: Record<string, string>;
  value: string;
}

/** Lines unfolded, each with its name, parameters and value. @source RFC 5545 section 3.1 */
function linesOf(text: string): Line[] {
  return text
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .flatMap((line) => {
      const parts = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^;:"]*))*):(.*)$/.exec(line);
      if (!parts) return [];
      const [, name = '', given = '', value = ''] = parts;
      const params = Object.fromEntries(
        [...given.matchAll(/;([A-Za-z0-9-]+)=("[^"]*"|[^;:"]*)/g)].map((one) => [
          (one[1] ?? '').toUpperCase(),
          (one[2] ?? '').replaceAll('"', ''),
        ]),
      );
      return [{ name: name.toUpperCase(), params, value }];
    });
}

function plain(value: string): string {
  return value.replaceAll(/\\([\\;,nN])/g, (_, sign: string) => (sign.toLowerCase() === 'n' ? ' ' : sign)).trim();
}

function dayOf(value: string): PlainDate | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})/.exec(value);
  const read = PlainDate.safeParse(parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : '');
  return read.success ? read.data : undefined;
}

const mostDays = 2000;

/**
 * Reads the dated days of an iCalendar file. An event of several days gives each of them.
 * Refuses what repeats by a rule, since a feast that moves must be entered with its date.
 * @param locale language of a summary that names none
 * @source RFC 5545 sections 3.6.1, 3.8.2.4, 3.8.5.3
 */
export function readICalendar(text: string, locale: string): Result<IcsDay[], Problem[]> {
  const lines = linesOf(text);
  if (lines[0]?.name !== 'BEGIN' || lines[0].value.toUpperCase() !== 'VCALENDAR')
    return fail([problem('authorities.ics-unreadable', ['file'])]);
  const days: IcsDay[] = [];
  let event: Line[] | undefined;
  for (const line of lines) {
    const opens = line.name === 'BEGIN' && line.value.toUpperCase() === 'VEVENT';
    const closes = line.name === 'END' && line.value.toUpperCase() === 'VEVENT';
    if (opens) event = [];
    else if (closes && event) {
      if (event.some((one) => one.name === 'RRULE')) return fail([problem('authorities.ics-repeats', ['file'])]);
      days.push(...daysOf(event, locale));
      event = undefined;
    } else event?.push(line);
    if (days.length > mostDays) break;
  }
  return days.length > 0 ? ok(days.slice(0, mostDays)) : fail([problem('authorities.ics-empty', ['file'])]);
}

function daysOf(event: readonly Line[], locale: string): IcsDay[] {
  const first = (name: string) => event.find((line) => line.name === name);
  const start = dayOf(first('DTSTART')?.value ?? '');
  if (!start) return [];
  const names: Record<string, string> = {};
  for (const line of event)
    if (line.name === 'SUMMARY')
      names[line.params['LANGUAGE']?.slice(0, 2).toLowerCase() ?? locale] = plain(line.value).slice(0, 200);
  if (Object.values(names).every((name) => name === '')) return [];
  const said = first('X-COMITY-STATUS')?.value.toLowerCase();
  const status = said === 'expected' || said === 'announced' ? said : 'fixed';
  const until = /^([01]\d|2[0-3]):[0-5]\d$/.exec(first('X-COMITY-HALF-DAY')?.value ?? '')?.[0] ?? null;
  const end = dayOf(first('DTEND')?.value ?? '') ?? start;
  const length = Math.round((Date.parse(end) - Date.parse(start)) / 86_400_000);
  return Array.from({ length: Math.min(Math.max(1, length), 60) }, (_, index) => ({
    on: PlainDate.parse(new Date(Date.parse(start) + index * 86_400_000).toISOString().slice(0, 10)),
    names,
    status,
    until,
  }));
}
