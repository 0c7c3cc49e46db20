import { expect, test } from 'vitest';
import { kinds } from '../../../platform/values/index.ts';
import { loadDefinitions } from '../definitions.ts';
import { carriedBodies, groundIds, readShape, replyKinds } from '../schema/index.ts';
import { carriedSamples } from './carried-samples.ts';

const samples = carriedSamples();

test('every kind this module carries has a valid and an invalid sample, every reply too, and stands in the table of kinds', () => {
  const named = Object.keys(carriedBodies).sort();
  for (const valid of [true, false])
    expect([...new Set(samples.filter((one) => one.valid === valid).map((one) => one.kind))].sort()).toEqual(named);
  const listed = Object.entries(kinds).flatMap(([kind, about]) =>
    about.module === 'requests' ? [`${kind}/${about.version}`] : [],
  );
  expect(listed.sort()).toEqual(named);
  for (const reply of replyKinds) {
    const of = samples.filter((one) => one.body['reply'] === reply);
    expect([reply, of.some((one) => one.valid), of.some((one) => !one.valid)]).toEqual([reply, true, true]);
  }
  expect(loadDefinitions().replies.map((one) => one.id)).toEqual(replyKinds);
  expect(loadDefinitions().grounds.map((one) => one.id)).toEqual([...groundIds]);
});

test.each(samples.map((one) => [`${one.kind} ${one.name}`, one] as const))('%s', (_name, sample) => {
  const read = readShape<unknown>(carriedBodies[sample.kind], sample.body);
  const at = read.ok
    ? null
    : read.error.map((one) => one.path.join('/')).find((path) => path.startsWith(sample.at ?? '-'));
  expect({ valid: read.ok, at: at ?? null }).toMatchObject(
    sample.valid ? { valid: true, at: null } : { valid: false, at: expect.stringContaining(sample.at ?? '') as string },
  );
});
