import ical from 'ical-generator';
import { stringify } from 'csv-stringify/sync';
import { isUnknown, type Instant } from '../../platform/values/index.ts';
import { printedName } from './rules/index.ts';
import type { Calendar, Entry, EntryVersion } from './schema/index.ts';

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export function safeCell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function words(value: unknown): string {
  if (isUnknown(value)) return '';
  if (Array.isArray(value)) return value.map(words).join('; ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

const columns = [
  'id',
  'state',
  'territory',
  'name',
  'role',
  'functions',
  'instruments',
  'languages',
  'channels',
  'timeZone',
  'website',
  'origin',
  'validFrom',
  'until',
  'confirmedOn',
  'version',
  'hash',
];

/** A table of entries in the layer they are given in. */
export function toCsv(versions: readonly EntryVersion[]): string {
  const rows = versions.map(({ entry, version, hash }) => [
    entry.id,
    entry.state,
    entry.territory ?? '',
    printedName(entry),
    entry.role,
    words([...new Set(entry.designations.map((one) => one.function))]),
    words([...new Set(entry.designations.flatMap((one) => one.instrument ?? []))]),
    isUnknown(entry.languages) ? '' : words(entry.languages.map((one) => one.code)),
    isUnknown(entry.channels) ? '' : words(entry.channels.map((one) => one.channel)),
    words(entry.timeZone),
    words(entry.website),
    entry.origin,
    words(entry.validFrom),
    entry.until ?? '',
    words(entry.confirmedOn),
    String(version),
    hash,
  ]);
  return stringify(
    [columns, ...rows].map((row) => row.map(safeCell)),
    { record_delimiter: 'windows' },
  );
}

/** Entries with version and hash, as one document. */
export function toJsonDocument(versions: readonly EntryVersion[], on: string) {
  return {
    kind: 'authorities.directory',
    version: 1,
    on,
    entries: versions.map(({ entry, version, hash, recordedAt }) => ({
      entry,
      recordVersion: version,
      hash,
      recordedAt,
    })),
  };
}

/** Holidays and half days as iCalendar, whole days, names in the wanted language where there is one. */
export function toICalendar(calendar: Calendar, locale: string, at: Instant): string {
  const file = ical({ name: calendar.id, prodId: { company: 'comity', product: 'authorities' } });
  const nameIn = (names: Record<string, string>) => names[locale] ?? names['en'] ?? Object.values(names)[0] ?? '';
  for (const holiday of calendar.holidays) {
    const event = file.createEvent({
      id: `${calendar.id}/${holiday.on}`,
      start: new Date(`${holiday.on}T00:00:00Z`),
      allDay: true,
      timezone: 'UTC',
      summary: nameIn(holiday.names),
      stamp: new Date(at),
    });
    event.x([{ key: 'X-COMITY-STATUS', value: holiday.status }]);
  }
  for (const half of calendar.halfDays) {
    const event = file.createEvent({
      id: `${calendar.id}/${half.on}/half`,
      start: new Date(`${half.on}T00:00:00Z`),
      allDay: true,
      timezone: 'UTC',
      summary: nameIn(half.names),
      description: `– ${half.until}`,
      stamp: new Date(at),
    });
    event.x([{ key: 'X-COMITY-HALF-DAY', value: half.until }]);
  }
  return file.toString();
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(',', '\\,').replaceAll(';', '\\;');
}

/** Lines longer than 75 octets are folded, never inside a character. @source RFC 6350 section 3.2 */
function folded(line: string): string {
  let out = '';
  let length = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (length + size > 75) {
      out += '\r\n ';
      length = 1;
    }
    out += character;
    length += size;
  }
  return out;
}

/** One desk as a vCard 4.0, in the layer it is given in. */
export function toVCard(entry: Entry): string {
  const line = (key: string, value: unknown) =>
    isUnknown(value) || value === null || value === '' ? [] : [`${key}:${escaped(String(value))}`];
  const many = (key: string, value: unknown) => (Array.isArray(value) ? value.flatMap((one) => line(key, one)) : []);
  const part = (value: unknown) => (isUnknown(value) ? '' : escaped(String(value)));
  const address = [entry.postal, '', entry.street, entry.city, '', entry.postcode, ''].map((one) =>
    one === '' ? '' : part(one),
  );
  const others = entry.names.filter((name) => name.text !== printedName(entry));
  return [
    'BEGIN:VCARD',
    'VERSION:4.0',
    'KIND:org',
    ...line('FN', printedName(entry)),
    ...others.flatMap((name) => line(`FN${name.lang ? `;LANGUAGE=${name.lang}` : ''}`, name.text)),
    ...line('ORG', printedName(entry)),
    `ADR:${address.join(';')}`,
    ...many('EMAIL', entry.emails),
    ...many('TEL;TYPE=work', entry.phones),
    ...line('TEL;TYPE=fax', entry.fax),
    ...line('URL', entry.website),
    ...(isUnknown(entry.languages) ? [] : entry.languages.flatMap((one) => line('LANG', one.code))),
    ...line('TZ', entry.timeZone),
    `UID:urn:comity:authority:${entry.id}`,
    'END:VCARD',
  ]
    .map(folded)
    .join('\r\n')
    .concat('\r\n');
}
