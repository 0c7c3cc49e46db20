import ical from 'ical-generator';
import type { Translate } from '../../platform/i18n/index.ts';
import type { Instant } from '../../platform/values/index.ts';
import type { Deadline } from './service/index.ts';

/** Name of a term in the reader's language. */
export function clockWords(t: Translate, kind: string): string {
  return t.code(`requests.clock.${kind}`);
}

/**
 * Terms that run as iCalendar: the kind of term and the reference, and nothing that names a person, a State or what is
 * asked. Terms that stand still are left out.
 * @param at moment the file is made
 */
export function toDeadlineCalendar(t: Translate, deadlines: readonly Deadline[], at: Instant): string {
  const file = ical({ name: t('work.deadlines'), prodId: { company: 'comity', product: 'requests' } });
  for (const one of deadlines) {
    if (one.paused) continue;
    file.createEvent({
      id: `${one.reference}/${one.clock}/${one.item ?? ''}`,
      start: new Date(one.dueAt),
      end: new Date(one.dueAt),
      timezone: 'UTC',
      summary: `${one.reference} ${clockWords(t, one.clock)}`,
      stamp: new Date(at),
    });
  }
  return file.toString();
}
