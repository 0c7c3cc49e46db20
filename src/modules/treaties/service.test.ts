import { expect, test } from 'vitest';
import { createTranslators } from '../../platform/i18n/index.ts';
import { plainDate } from '../../platform/values/index.ts';
import { exit } from '../../platform/cli/index.ts';
import type { Context } from '../identity/index.ts';
import { treatiesApi } from './api.ts';
import { treatiesCommands } from './cli/index.ts';
import { loadTreaties } from './dataset.ts';
import { treatiesMessages } from './messages/index.ts';
import { createTreaties } from './service.ts';

const facts = loadTreaties();
const words = createTranslators([treatiesMessages]);
const treaties = createTreaties({ facts: () => facts, words });
// Reads ask the context for no more than the language, the day and the permission.
const ctx = { locale: 'en', today: () => plainDate('2026-11-22'), allow: () => undefined } as never as Context;

async function command(verb: string, options: Record<string, string>, lists: Record<string, string[]> = {}) {
  const found = treatiesCommands(treaties).find((one) => one.verb === verb)!;
  return found.run({ ctx, args: [], options, lists, switches: new Set(), say: () => undefined });
}

test('174 had deposited the Convention on 29 March 2013: 173 States and one organization', async () => {
  const answer = await command('parties', { instrument: 'UNTOC', on: '2013-03-29' });
  expect(answer.text).toContain('174 deposited');
  expect(answer.json).toMatchObject({
    kind: 'treaties.parties',
    instrument: 'XVIII-12',
    count: { deposited: 174, inForce: 174, states: 173, organizations: 1 },
  });
});

test('a question is refused with every problem at once', () => {
  try {
    treaties.basis(ctx, {
      from: 'Kenia',
      to: 'ZZZ',
      measure: 'help',
      on: '2013-02-30',
      offences: ['theft'],
      penalty: 'long',
    });
    expect.unreachable();
  } catch (error) {
    const codes = (error as { problems: { code: string }[] }).problems.map((one) => one.code);
    expect(codes).toEqual([
      'treaties.unknown-state',
      'treaties.unknown-state',
      'treaties.unknown-measure',
      'treaties.bad-date',
      'treaties.bad-penalty',
      'treaties.unknown-offence',
    ]);
    for (const code of codes) expect(words.ar.has(code)).toBe(true);
  }
});

test('a State cannot ask itself', () => {
  expect(() => treaties.basis(ctx, { from: 'KE', to: 'ken', measure: 'mla' })).toThrow('treaties.same-state');
});

test('an answer other than the one required ends with exit code 1', async () => {
  const options = { from: 'AGO', to: 'BRB', measure: 'mla', on: '2014-11-20' };
  expect((await command('basis', { ...options, require: 'yes' })).exit).toBe(exit.negative);
  expect((await command('basis', { ...options, require: 'unknown' })).exit).toBe(exit.done);
});

test('every public route answers in the shape that it declares', async () => {
  const given: Record<string, { query?: object; params?: object; body?: object }> = {
    '/api/treaties/instruments': {},
    '/api/treaties/instruments/:instrument/parties': {
      params: { instrument: 'UNTOC' },
      query: { on: '2013-03-29', by: 'force' },
    },
    '/api/treaties/states/:state': { params: { state: 'KEN' }, query: { on: '2013-03-29' } },
    '/api/treaties/states/:state/history/:instrument': { params: { state: 'BOL', instrument: 'VI-18' } },
    '/api/treaties/basis': {
      query: { from: 'AGO', to: 'BRB', measure: 'mla', on: '2014-11-20', offence: 'drugs,laundering' },
    },
    '/api/treaties/acts/:id': { params: { id: [...facts.acts.keys()][0] } },
    '/api/treaties/verify': {},
  };
  for (const route of treatiesApi(treaties)) {
    const call = given[route.path];
    if (!call) continue;
    const { input, output } = route;
    const answer = await route.handler({
      ctx,
      query: (input.query?.parse(call.query ?? {}) ?? {}) as never,
      params: (input.params?.parse(call.params ?? {}) ?? {}) as never,
      body: undefined as never,
    });
    expect('parse' in output && output.parse(answer), route.path).toEqual(answer);
    expect(route.permission).toBe('treaties.read');
    expect(route.etag?.(ctx)).toContain(facts.sha256);
  }
});
