import { expect, test } from 'vitest';
import { findArticlePath, loadTreaties, parseInstrument } from '../../treaties/index.ts';
import { searchLanguages } from '../search/schema.ts';
import { shippedThesaurus } from './index.ts';

const { concepts } = shippedThesaurus();

test('every concept has a preferred label in all six languages', () => {
  const bare = concepts.flatMap((concept) =>
    searchLanguages
      .filter((language) => !concept.labels.some((one) => one.language === language && one.kind === 'preferred'))
      .map((language) => `${concept.id} ${language}`),
  );
  expect(bare).toEqual([]);
  expect(concepts.length).toBeGreaterThan(100);
});

test('T04: no label stands for two concepts in one language', () => {
  const seen = new Map<string, string>();
  const twice: string[] = [];
  for (const concept of concepts)
    for (const { language, label } of concept.labels) {
      const key = `${language} ${label.toLowerCase()}`;
      if (seen.has(key)) twice.push(`${key}: ${seen.get(key)} and ${concept.id}`);
      seen.set(key, concept.id);
    }
  expect(twice).toEqual([]);
});

test('labels are in the script of their language', () => {
  const scripts = { ar: /^[\p{sc=Arabic}\s()]+$/u, zh: /^[\p{sc=Han}、（）]+$/u, ru: /^[\p{sc=Cyrillic}\s(),—-]+$/u };
  const strange = concepts.flatMap((concept) =>
    concept.labels
      .filter(({ language, label }) => {
        const script = language in scripts ? scripts[language as keyof typeof scripts] : /^[\p{sc=Latin}\s(),:’-]+$/u;
        return !script.test(label);
      })
      .map(({ label }) => `${concept.id}: ${label}`),
  );
  expect(strange).toEqual([]);
});

test('every provision named beside a concept is one of a treaty we know', () => {
  const facts = loadTreaties();
  const unknown = concepts.flatMap(({ id, provisions }) =>
    provisions
      .filter((one) => {
        const [instrument = '', article = ''] = one.split(' ');
        return !parseInstrument(facts, instrument).ok || !findArticlePath(article);
      })
      .map((one) => `${id}: ${one}`),
  );
  expect(unknown).toEqual([]);
});
