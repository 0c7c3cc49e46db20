import { describe, expect, test } from 'vitest';
import { testView } from '../../../../tests/support/view.ts';
import { isUnknown, plainDate } from '../../../platform/values/index.ts';
import { authoritiesMessages } from '../messages/index.ts';
import { checkProfile } from '../rules/index.ts';
import { controlsOf, itemCodes, type Profile } from '../schema/index.ts';
import { readSamples } from '../service/index.ts';
import { AnswerFields } from './profile-fields.tsx';
import { readAnswer, type Posted } from './profile-form.ts';

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** What a browser would post of a form as it stands. */
function postedOf(html: string): Posted {
  const posted: Record<string, string[]> = {};
  const add = (name: string, value: string) => (posted[name] = [...(posted[name] ?? []), unescaped(value)]);
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    const isChoice = /type="(radio|checkbox)"/.test(tag);
    if (name && (!isChoice || / checked/.test(tag))) add(name, /value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, name = '', text = ''] of html.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)<\/textarea>/g))
    add(name, text);
  for (const [, name = '', options = ''] of html.matchAll(/<select[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs))
    add(name, /value="([^"]*)" selected/.exec(options)?.[1] ?? '');
  return posted;
}

const profiles = readSamples(plainDate('2026-05-14'))
  .filter((one) => one.kind === 'requirement-profile')
  .map((one) => one.body as Profile);

describe.each(['en', 'ar'] as const)('in %s', (locale) => {
  const view = testView({ locale, catalogues: [authoritiesMessages], path: '/' });
  test.each(itemCodes)('the answer to %s comes back from its form as every sample State gave it', (code) => {
    for (const profile of profiles) {
      const stored = profile.items[code]?.value as Record<string, unknown> | undefined;
      if (!stored) continue;
      const html = String(<AnswerFields view={view} parts={controlsOf(code)} value={stored} problems={[]} />);
      expect(readAnswer(controlsOf(code), postedOf(html), '', stored), `${profile.state} ${code}`).toEqual(stored);
    }
  });
});

test('a form left empty gives unknowns where the State may be silent, and faults where it may not', () => {
  for (const code of itemCodes) {
    const value = readAnswer(controlsOf(code), {});
    for (const part of controlsOf(code))
      expect(isUnknown(value[part.name]), `${code} ${part.name}`).toBe(part.mayBeUnknown);
    const item = {
      value,
      source: 's',
      asOf: '2026-05-14',
      recordedAt: '2026-05-14T00:00:00.000Z',
      validFrom: '2026-05-14',
      until: null,
    };
    const read = checkProfile({
      state: 'XA',
      territory: null,
      items: { [code]: item },
      validFrom: '2026-05-14',
      until: null,
      custodian: false,
    });
    const mustSay = controlsOf(code).some(
      (part) => !part.mayBeUnknown && !part.optional && value[part.name] === undefined,
    );
    expect(read.ok, code).toBe(!mustSay);
  }
});

test('digits are numbers, and what is no number is told at its field', () => {
  const [days] = controlsOf('P17');
  expect(readAnswer([days!], { minDaysBeforeHearing: ['21'] })).toEqual({ minDaysBeforeHearing: 21 });
  expect(readAnswer([days!], { minDaysBeforeHearing: ['three weeks'] })).toEqual({
    minDaysBeforeHearing: 'three weeks',
  });
});
