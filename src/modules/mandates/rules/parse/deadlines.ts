import type { Deadline } from '../../schema.ts';
import type { Grammar } from './grammar.ts';
import { plainDigits, readOrdinal } from './numbers.ts';

/** A day, a month or a year as it is printed, as `2027-12-31`, `2027-12` or `2027`; null when it is none of them. */
export function dateOf(printed: string, months: readonly string[]): string | null {
  const text = plainDigits(printed).toLowerCase().normalize('NFC');
  const year = /(?:19|20)\d{2}/.exec(text)?.[0];
  if (year === undefined) return null;
  const words = text.match(/\p{L}+/gu) ?? [];
  const named = words.map((word) => months.indexOf(word)).find((at) => at >= 0);
  const chinese = /年(\d{1,2})月(?:(\d{1,2})日)?/u.exec(text);
  const month = named === undefined ? Number(chinese?.[1] ?? 0) : named + 1;
  if (month < 1 || month > 12) return year;
  const day = Number(chinese ? (chinese[2] ?? 0) : (/(?<!\d)(\d{1,2})(?!\d)/.exec(text)?.[1] ?? 0));
  const two = (value: number) => String(value).padStart(2, '0');
  return day < 1 || day > 31 ? `${year}-${two(month)}` : `${year}-${two(month)}-${two(day)}`;
}

/** When something is due, as the words say: a session, a day, a stretch of time, again and again. */
export function deadlineOf(
  text: string,
  grammar: Grammar,
  body: { id: string | null } | null,
  isReport: boolean,
): Deadline | null {
  const none = { body: null, session: null, date: null, recurrence: null };
  const at = grammar.session.exec(text);
  const inTime = grammar.within.exec(text);
  // "Two months before the twelfth session" is a stretch of time, not the session.
  const isBefore =
    at && inTime && inTime.index <= at.index && at.index + at[0].length <= inTime.index + inTime[0].length;
  if (at && !isBefore) {
    const session = at.slice(1).find((one) => one !== undefined) ?? '';
    return { ...none, text: at[0], type: 'session', body: body?.id ?? null, session: readOrdinal(session) };
  }
  const by = grammar.until.exec(text);
  if (by) return { ...none, text: by[0], type: 'date', date: dateOf(by[1] ?? '', grammar.months) };
  if (inTime) return { ...none, text: inTime[0], type: 'period' };
  const again = grammar.recurring.exec(text);
  if (again) return { ...none, text: again[0], type: 'recurring', recurrence: again[0].toLowerCase() };
  // "To report in 2027 and 2029": a year alone says when only of a report.
  const year = isReport ? grammar.inYear.exec(text) : null;
  return year ? { ...none, text: year[0], type: 'date', date: dateOf(year[1] ?? '', grammar.months) } : null;
}
