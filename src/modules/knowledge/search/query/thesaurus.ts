import { analyse } from '../analysis/index.ts';
import { searchLanguages, type Concept, type SearchLanguage, type Thesaurus } from '../schema.ts';

/** A stretch of a question that is a label of a concept. */
export interface FoundLabel {
  concept: Concept;
  /** Offsets into the question, end exclusive. */
  from: number;
  to: number;
  words: string;
}

export interface LabelFinder {
  /** Longest labels first, none over another; concepts in `dropped` are left as words. */
  find(text: string, dropped: readonly string[]): FoundLabel[];
}

interface Label {
  concept: Concept;
  stems: readonly string[];
}

function stemsOf(text: string, language: SearchLanguage): { stem: string; from: number; to: number }[] {
  return analyse(text, language).flatMap((token) =>
    token.stem === undefined ? [] : [{ stem: token.stem, from: token.from, to: token.to }],
  );
}

/** Files the labels of a thesaurus by their first word. */
export function createLabelFinder(thesaurus: Thesaurus): LabelFinder {
  const byFirst = new Map<string, Label[]>();
  for (const concept of thesaurus.concepts)
    for (const { language, label } of concept.labels) {
      const stems = stemsOf(label, language).map((one) => one.stem);
      const [first] = stems;
      if (first === undefined) continue;
      const key = `${language} ${first}`;
      byFirst.set(key, [...(byFirst.get(key) ?? []), { concept, stems }]);
    }
  return {
    find(text, dropped) {
      const candidates: (FoundLabel & { length: number })[] = [];
      for (const language of searchLanguages) {
        const words = stemsOf(text, language);
        words.forEach((word, index) => {
          for (const { concept, stems } of byFirst.get(`${language} ${word.stem}`) ?? []) {
            if (dropped.includes(concept.id)) continue;
            if (!stems.every((stem, step) => words[index + step]?.stem === stem)) continue;
            const to = words[index + stems.length - 1]!.to;
            candidates.push({ concept, from: word.from, to, words: text.slice(word.from, to), length: stems.length });
          }
        });
      }
      candidates.sort(
        (one, other) =>
          other.length - one.length ||
          other.to - other.from - (one.to - one.from) ||
          one.from - other.from ||
          (one.concept.id < other.concept.id ? -1 : 1),
      );
      const chosen: FoundLabel[] = [];
      for (const { concept, from, to, words } of candidates)
        if (chosen.every((one) => to <= one.from || from >= one.to)) chosen.push({ concept, from, to, words });
      return chosen.sort((one, other) => one.from - other.from);
    },
  };
}
