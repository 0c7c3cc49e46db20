import ical from 'ical-generator';
import type { Translate } from '../../platform/i18n/index.ts';
import { dayIn, toInstant, type Instant, type PlainDate } from '../../platform/values/index.ts';
import type { Deadline } from './service/index.ts';

/** The day that a term lasts to its end; null for one that ends at a time of its own. */
export function lastDay(dueAt: Instant, zone: string): PlainDate | null {
  const before = dayIn(zone, toInstant(new Date(Date.parse(dueAt) - 1)));
  return before === dayIn(zone, dueAt) ? null : before;
}

/** Name of a term in the reader's language. */
export function clockWords(t: Translate, kind: string): string {
  return t.code(`requests.clock.${kind}`);
}

/**
 * Terms that run as iCalendar: the kind of term and the reference, and nothing that names a person, a State or what is
 * asked. Terms that stand still are left out.
 * @param at moment the file is made
 * @param zone IANA zone in which days end
 */
export function toDeadlineCalendar(t: Translate, deadlines: readonly Deadline[], at: Instant, zone: string): string {
  const file = ical({ name: t('work.deadlines'), prodId: { company: 'comity', product: 'requests' } });
  for (const one of deadlines) {
    if (one.paused) continue;
    const day = lastDay(one.dueAt, zone);
    file.createEvent({
      id: `${one.reference}/${one.clock}/${one.item ?? ''}`,
      ...(day
        ? { start: new Date(`${day}T00:00:00Z`), allDay: true }
        : { start: new Date(one.dueAt), end: new Date(one.dueAt) }),
      timezone: 'UTC',
      summary: `${one.reference} ${clockWords(t, one.clock)}`,
      stamp: new Date(at),
    });
  }
  return file.toString();
}
