import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { PostedForm } from '../../platform/http/routes.ts';
import { Money, PlainDate, TextIn } from '../../platform/values/index.ts';
import { testView } from '../../../tests/support/view.ts';
import { FormFields, defineForm, readForm, typedFrom } from './index.ts';

const Offence = z.object({
  name: z.string().min(1).max(40),
  until: PlainDate.refine((day) => day < '2026-11-22', 'web.bad-date'),
  years: z.number().int().min(0).max(30).optional(),
  worth: Money.optional(),
  urgency: z.enum(['day', 'week']),
  measures: z.array(z.string()).min(1),
  summary: TextIn.optional(),
  read: z.literal(true),
});

const form = defineForm(Offence, {
  name: { kind: 'text', label: 'web.create' },
  until: { kind: 'date', label: 'web.help', missing: 'web.script-off' },
  years: { kind: 'integer', label: 'web.next' },
  worth: { kind: 'money', label: 'web.amount' },
  urgency: {
    kind: 'radios',
    label: 'web.theme',
    options: [
      { value: 'day', label: 'web.yes' },
      { value: 'week', label: 'web.no' },
    ],
  },
  measures: { kind: 'checkboxes', label: 'web.select', options: [{ value: 'freeze', label: 'web.yes' }] },
  summary: { kind: 'bilingual', label: 'web.error', languages: ['en', 'ar'] },
  read: { kind: 'tick', label: 'web.continue' },
});

const view = testView();

function posted(values: Record<string, string | string[]>): PostedForm {
  return { files: [], values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [value].flat()])) };
}

const complete = {
  _csrf: 'x',
  name: ' Laundering ',
  until: '2 April 2026',
  years: '10',
  'worth.amount': '412,600.00',
  'worth.currency': 'eur',
  urgency: 'day',
  measures: ['freeze'],
  'summary.en': 'Facts',
  'summary.ar': 'الوقائع',
  read: 'yes',
};

describe('a form is made and read from its schema', () => {
  test('a complete form gives the value of the schema, texts as typed', () => {
    const read = readForm(view, form, posted(complete));
    expect(read).toMatchObject({
      ok: true,
      value: {
        name: ' Laundering ',
        until: '2026-04-02',
        years: 10,
        worth: { amount: '412600.00', currency: 'EUR' },
        urgency: 'day',
        measures: ['freeze'],
        summary: { en: 'Facts', ar: 'الوقائع' },
        read: true,
      },
    });
    expect(read.typed).not.toHaveProperty('_csrf');
  });

  test('an empty form lists every problem in the order of the page, each with its field', () => {
    const read = readForm(view, form, posted({ name: '  ' }));
    if (read.ok) throw new Error('read as complete');
    expect(read.error.map((problem) => [problem.code, problem.path])).toEqual([
      ['web.missing', ['name']],
      ['web.script-off', ['until']],
      ['web.missing-choice', ['urgency']],
      ['web.missing-choice', ['measures']],
      ['web.missing-choice', ['read']],
    ]);
    expect(view.problemText(read.error[0] ?? { code: '', severity: 'block', path: [] })).toBe(
      'Create: enter an answer.',
    );
    expect(read.typed.name).toEqual(['  ']);
  });

  test('a day that can be read in two ways is refused with both readings', () => {
    const read = readForm(view, form, posted({ ...complete, until: '03/04/2026' }));
    if (read.ok) throw new Error('read as complete');
    expect(read.error).toHaveLength(1);
    expect(view.problemText(read.error[0] ?? { code: '', severity: 'block', path: [] })).toBe(
      'Help: write the month as a word. 03/04/2026 may be 3 April 2026 or 4 March 2026.',
    );
    expect(read.typed.until).toEqual(['03/04/2026']);
  });

  test.each([
    [{ name: 'x'.repeat(41) }, 'web.too-long'],
    [{ name: 'é'.repeat(60_000) }, 'web.too-large-text'],
    [{ name: 'a\u0007b' }, 'web.hidden-characters'],
    [{ years: '10.5' }, 'web.bad-whole-number'],
    [{ years: '31' }, 'web.number-too-large'],
    [{ urgency: 'month' }, 'web.unknown-choice'],
    [{ 'worth.currency': '' }, 'web.missing-currency'],
    [{ 'worth.currency': 'EURO' }, 'web.bad-currency'],
    [{ 'worth.amount': 'much' }, 'web.bad-number'],
    [{ until: '2062-04-02' }, 'web.bad-date'],
  ])('%o is refused as %s', (change, code) => {
    const read = readForm(view, form, posted({ ...complete, ...change }));
    expect(read.ok ? [] : read.error.map((problem) => problem.code)).toEqual([code]);
  });

  test('the currency may be typed with the amount', () => {
    const read = readForm(view, form, posted({ ...complete, 'worth.amount': 'EUR 412 600,00', 'worth.currency': '' }));
    expect(read).toMatchObject({ ok: true, value: { worth: { amount: '412600.00', currency: 'EUR' } } });
  });

  test('one page of a form is read without the others', () => {
    const read = readForm(view, form, posted({ name: 'Laundering' }), { only: ['name'] });
    expect(read).toMatchObject({ ok: true, value: { name: 'Laundering' } });
  });

  test('a problem stands beside its field in the words of the summary, and the typed text stays', () => {
    const read = readForm(view, form, posted({ ...complete, until: '31.2.2026' }));
    const html = String(
      <FormFields view={view} form={form} typed={read.typed} problems={read.ok ? [] : read.error} only={['until']} />,
    );
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain('aria-describedby="f-until-hint f-until-error"');
    expect(html).toContain('value="31.2.2026"');
    expect(html).toContain('enter a day that exists');
  });

  test('a stored value fills the same form and comes back the same', () => {
    const first = readForm(view, form, posted(complete));
    if (!first.ok) throw new Error('not read');
    const typed = typedFrom(form, first.value);
    const again = readForm(view, form, { values: typed, files: [] });
    expect(again.ok && again.value).toEqual(first.value);
  });

  test('markup in a value cannot leave its field', () => {
    const html = String(
      <FormFields view={view} form={form} typed={{ name: ['"><script>alert(1)</script>'] }} only={['name']} />,
    );
    expect(html).not.toContain('<script>');
  });
});
