import { expect, test } from 'vitest';
import { readResolutions } from '../../service.ts';
import { factsRead, inventedTexts, singleFacts } from '../../testing/invented.ts';

test.each(inventedTexts())('$name: everything a reader finds in it is found, and no act more', ({ text, facts }) => {
  const read = readResolutions(text);
  expect(read).toHaveLength(1);
  const found = factsRead(read[0]!);
  const wanted = singleFacts(facts);
  const missing = wanted.filter((fact) => !found.includes(fact));
  expect(missing).toEqual([]);
  const acts = (list: readonly string[]) => list.filter((fact) => fact.includes(' | '));
  expect(acts(found)).toEqual(acts(wanted));
});
