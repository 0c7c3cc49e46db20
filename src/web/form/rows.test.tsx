import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testView } from '../../../tests/support/view.ts';
import { changesRows, readRows, rowsShown, tidyRows } from './rows.tsx';
import { defineForm } from './spec.ts';

const view = testView();
const form = defineForm(z.object({ text: z.string(), by: z.string().optional() }), {
  text: { kind: 'textarea', label: 'web.example' },
  by: { kind: 'date', label: 'web.reference' },
});
const posted = (values: Record<string, string>) => ({
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]])),
  files: [],
});

describe('a question that may be answered several times', () => {
  test('is read row by row, and blank rows count as not given', () => {
    const read = readRows(
      view,
      form,
      posted({ 'q.0.text': 'first', 'q.1.text': ' ', 'q.1.by': '', 'q.2.text': 'third', 'q.2.by': '14 May 2026' }),
      'q',
    );
    expect(read).toEqual({ ok: true, value: [{ text: 'first' }, { text: 'third', by: '2026-05-14' }] });
  });

  test('names the row and the field of every problem', () => {
    const read = readRows(view, form, posted({ 'q.0.by': '14 May 2026', 'q.1.text': 'x', 'q.1.by': 'soon' }), 'q');
    expect(read.ok).toBe(false);
    expect(read.ok ? [] : read.error.map((one) => one.path)).toEqual([
      ['q', 0, 'text'],
      ['q', 1, 'by'],
    ]);
  });

  test('asks for the first row when one is needed', () => {
    const read = readRows(view, form, posted({}), 'q', { least: 1 });
    expect(read.ok ? [] : read.error.map((one) => one.path)).toEqual([['q', 0, 'text']]);
  });

  test('loses the row whose Remove was pressed and closes the gap', () => {
    const given = posted({ _drop: 'q.1', 'q.0.text': 'a', 'q.1.text': 'b', 'q.2.text': 'c', other: 'stays' });
    expect(changesRows(given)).toBe(true);
    expect(tidyRows(given, 'q').values).toEqual({
      _drop: ['q.1'],
      'q.0.text': ['a'],
      'q.1.text': ['c'],
      other: ['stays'],
    });
  });

  test('grows by one row when more is asked, and never past fifty', () => {
    expect(rowsShown({}, 'q')).toBe(1);
    expect(rowsShown({ _more: ['q'], 'q.0.text': ['a'] }, 'q')).toBe(2);
    expect(rowsShown({ _more: ['other'], 'q.3.text': ['a'] }, 'q')).toBe(4);
    expect(rowsShown({ 'q.500.text': ['a'] }, 'q')).toBe(50);
  });

  test('with a thousand rows posted by hand reads them as they are numbered, up to three digits', () => {
    const values = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`q.${n}.text`, 'x']));
    const read = readRows(view, form, posted(values), 'q');
    expect(read.ok && read.value.length).toBe(1000);
  });
});
