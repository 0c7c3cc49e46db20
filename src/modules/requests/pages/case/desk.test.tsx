import { expect, test } from 'vitest';
import { testView } from '../../../../../tests/support/view.ts';
import { Conflict, NotAllowed } from '../../../../platform/errors.ts';
import { instant, plainDate, stateCode } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import { toDeadlineCalendar } from '../../deadline-calendar.ts';
import type { Deadline } from '../../service/index.ts';
import { incomingMessages } from '../../messages/incoming.ts';
import { requestsMessages } from '../../messages/index.ts';
import { threadMessages } from '../../messages/thread.ts';
import { workMessages } from '../../messages/work.ts';
import { DeadlinesPage } from '../work/deadlines.tsx';
import { bulkLimit, BulkNotice, stillPicked, takeBulk } from './bulk.tsx';

const others = [requestsMessages, workMessages, threadMessages, incomingMessages];
const viewIn = (locale: 'en' | 'ar') => testView({ locale, catalogues: others });
const now = instant('2026-05-14T12:00:00.000Z');
const deadlines: Deadline[] = [
  {
    reference: 'XB-2026-05-0041-D' as Deadline['reference'],
    side: 'incoming',
    clock: 'stage',
    item: null,
    startAt: instant('2026-05-14T11:00:00.000Z'),
    dueAt: instant('2026-05-14T13:00:00.000Z'),
    paused: false,
    types: ['T9'],
    urgent: true,
    otherState: stateCode('XA'),
    otherAuthority: 'XA:central-authority',
    owner: 'ines',
    level: 50,
  },
  {
    reference: 'XB-2026-05-0042-E' as Deadline['reference'],
    side: 'outgoing',
    clock: 'freeze-end',
    item: null,
    startAt: instant('2026-05-01T00:00:00.000Z'),
    dueAt: instant('2026-07-01T00:00:00.000Z'),
    paused: true,
    types: ['T5'],
    urgent: false,
    otherState: stateCode('XC'),
    otherAuthority: null,
    owner: 'tomas',
    level: null,
  },
];

async function shown(locale: 'en' | 'ar'): Promise<string> {
  const page = (
    <DeadlinesPage
      view={viewIn(locale)}
      deadlines={deadlines}
      counts={{ all: 2, mine: 1 }}
      onlyMine={false}
      own={3}
      incoming={4}
      names={new Map([['ines', 'Ines Duarte']])}
      places={new Map([['XA:central-authority', { zone: 'Asia/Tokyo', place: 'Alba City', phone: null }]])}
      days={90}
      now={now}
    />
  );
  return String(await page);
}

test('deadlines of both sides say in words what ends, for whom, here and there; what stands still says so', async () => {
  const html = await shown('en');
  for (const words of ['Next step', 'Freezing ends', 'in 1 h 0 min', 'Alba City', '22:00', '30 June 2026'])
    expect(html).toContain(words);
  expect(html.match(/Stands still/g)).toHaveLength(1);
  const arabic = await shown('ar');
  for (const raw of ['freeze-end', 'Next step', 'requests.clock', 'work.']) expect(arabic).not.toContain(raw);
});

test('the calendar file names no person, no State and not what is asked, and leaves out what stands still', () => {
  const { t } = viewIn('en');
  const file = toDeadlineCalendar(t, deadlines, now, 'UTC');
  const whole = toDeadlineCalendar(t, [{ ...deadlines[1]!, paused: false }], now, 'UTC');
  // A day that ends at midnight is a whole day, not a moment of the next one.
  expect(whole).toContain('DTSTART;VALUE=DATE:20260630');
  expect(file.match(/BEGIN:VEVENT/g)).toHaveLength(1);
  expect(file).toContain('SUMMARY:XB-2026-05-0041-D Next step');
  expect(file).toContain('20260514T130000Z');
  for (const told of ['Duarte', 'Alba', 'Cordia', 'Freez', 'central-authority']) expect(file).not.toContain(told);
});

const call = (view: View, values: Record<string, string[]>) => ({ view, form: { values, files: [] }, ctx: 'who acts' });

test('an act on several is done for each that lets it; the others stay ticked with their reason', async () => {
  const view = viewIn('en');
  const done: string[] = [];
  const outcome = await takeBulk(call(view, { act: ['assign'], person: ['tomas'], pick: ['a', 'b', 'c', 'b'] }), {
    async assign(_ctx, reference, person) {
      if (reference === 'b') throw new NotAllowed('requests.not-a-member');
      done.push(`${reference} ${person}`);
    },
    waitUntil: () => Promise.reject(new Error('not asked')),
  });
  expect(done).toEqual(['a tomas', 'c tomas']);
  expect(outcome).toMatchObject({ done: 2, failed: [{ reference: 'b', code: 'requests.not-a-member' }] });
  expect([...stillPicked(outcome)]).toEqual(['b']);
  const html = String(await (<BulkNotice view={view} outcome={outcome} />));
  expect(html).toContain('Done for 2 requests');
  expect(html).toContain('href="/requests/b"');
});

test('nothing is done without a choice, with more than ten, or with what cannot be read', async () => {
  const view = viewIn('en');
  const uses = {
    assign: () => Promise.reject(new Conflict('never')),
    waitUntil: () => Promise.reject(new Conflict('never')),
  };
  const codes = async (values: Record<string, string[]>) =>
    (await takeBulk(call(view, values), uses)).problems.map((one) => one.code);
  expect(await codes({ act: ['assign'], person: ['x'] })).toEqual(['work.bulk-none']);
  const many = Array.from({ length: bulkLimit + 1 }, (_, n) => `r${n}`);
  expect(await codes({ act: ['assign'], person: ['x'], pick: many })).toEqual(['work.bulk-too-many']);
  expect(await codes({ act: ['assign'], person: [''], pick: ['a'] })).toEqual(['work.bulk-no-person']);
  expect(await codes({ act: ['wait'], wait: ['03/04/2026'], pick: ['a'] })).toEqual(['web.bad-date']);
  await expect(takeBulk(call(view, { act: ['register'], pick: ['a'] }), uses)).rejects.toMatchObject({
    code: 'http.malformed',
  });
  const day = plainDate('2026-05-20');
  const waited: unknown[] = [];
  const kept = await takeBulk(call(view, { act: ['wait'], wait: ['2026-05-20'], pick: ['a'] }), {
    ...uses,
    waitUntil: (_ctx, _reference, given) => Promise.resolve(waited.push(given)),
  });
  expect([kept.done, waited]).toEqual([1, [day]]);
});
