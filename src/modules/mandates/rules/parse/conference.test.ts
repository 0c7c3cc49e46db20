import { expect, test } from 'vitest';
import type { Resolution } from '../../schema.ts';
import { readResolutions } from '../../service.ts';
import { conferenceTexts, humanLabels } from '../../testing/texts.ts';
import { labelsOf, scoreOf } from '../../testing/labels.ts';

test('paragraphs of the education conference: preambular and operative as people and the model say', () => {
  const texts = conferenceTexts();
  if (texts.length === 0) {
    console.warn('mandates: no conference texts beside the project; preambular and operative were not measured');
    return;
  }
  const silent = () => ({ read: () => [], readNote: () => [] });
  const { human, model } = labelsOf(texts, humanLabels(), (text) => readResolutions(text, { citer: silent }));
  expect(human).toHaveLength(305);
  expect(scoreOf(human).macro).toBeGreaterThanOrEqual(0.95);
  expect(model.length).toBeGreaterThan(1700);
  expect(scoreOf(model).macro).toBeGreaterThanOrEqual(0.95);
});

const conference = `LA LECTURE\n\nLa Conférence internationale de l'Instruction publique, Convoquée à Genève, adopte la recommandation suivante :\n\nConsidérant que lire est utile,\n\nConsidérant que nul n'y pense,\n\nSoumet aux Ministères de l'Instruction publique des différents pays la recommandation suivante :\n\nI. BUTS\n\n1° Que chacun lise ;\n\n2° Que tous écrivent.`;

test('the older style: what submits the recommendation asks nothing itself, headings of parts are no paragraphs', () => {
  const [read] = readResolutions(conference);
  expect(read?.document).toMatchObject({ style: 'conference', bodyId: 'ice', language: 'fr', title: 'LA LECTURE' });
  expect([read?.preambular.length, read?.operative.map((one: Resolution['operative'][number]) => one.number)]).toEqual([2, ['1', '2']]); // prettier-ignore
  expect(read?.head.map(({ text }) => text.slice(0, 10))).toContain('I. BUTS');
});

test('conclusions in prose turn where the measures begin', () => {
  const prose = `7.1 Les situations sont diverses.\n\n7.2 La Conférence a examiné les voies. Les mesures suivantes sont recommandées :\n\n7.2.1 favoriser la lecture ;\n\n7.2.2 fournir des livres ;\n\n7.2.3 ouvrir les portes.`;
  const [read] = readResolutions(prose);
  expect([read?.preambular.length, read?.operative.length, read?.document.style]).toEqual([1, 3, 'conference']);
});
