import type { Resolution } from '../schema.ts';

export type Label = 'preambular' | 'operative' | 'null';
/** What was wanted, and what was found. */
export type Pair = readonly [wanted: Label, found: Label];

interface Labelled {
  id: string;
  paragraphs: readonly { n: number; fr: string; type: 'preambular' | 'operative' | null }[];
}

const parts = ['preambular', 'operative', 'head', 'footnotes', 'furniture', 'annexes'] as const;

/** The part in which most of a stretch of the text lies. */
function labelOf(resolutions: readonly Resolution[], from: number, to: number): Label {
  let best: { part: string; length: number } = { part: 'head', length: 0 };
  for (const part of parts) {
    let length = 0;
    for (const resolution of resolutions)
      for (const { spans } of resolution[part])
        for (const [start, end] of spans) length += Math.max(0, Math.min(end, to) - Math.max(start, from));
    if (length > best.length) best = { part, length };
  }
  return best.part === 'preambular' || best.part === 'operative' ? best.part : 'null';
}

/** Parses each text and sets what was found beside the labels of people and of the model. */
export function labelsOf(
  texts: readonly Labelled[],
  byPeople: ReadonlyMap<string, string>,
  parse: (text: string) => readonly Resolution[],
): { human: Pair[]; model: Pair[] } {
  const human: Pair[] = [];
  const model: Pair[] = [];
  for (const { id, paragraphs } of texts) {
    const blocks = paragraphs.map(({ fr }) => `${fr.replace(/\s*\n\s*/g, ' ')}\n\n`);
    let read: readonly Resolution[] = [];
    try {
      read = paragraphs.length === 0 ? [] : parse(blocks.join(''));
    } catch {
      // A text that is refused has no labels: every one of them counts as missed.
    }
    let at = 0;
    paragraphs.forEach(({ n, type }, index) => {
      const end = at + blocks[index]!.length;
      const found = labelOf(read, at, end);
      at = end;
      model.push([type ?? 'null', found]);
      const said = byPeople.get(`${id} ${String(n)}`);
      if (said !== undefined) human.push([said as Label, found]);
    });
  }
  return { human, model };
}

/** F1 of the two labels that matter, and their mean. */
export function scoreOf(pairs: readonly Pair[]): { preambular: number; operative: number; macro: number } {
  const f1 = (label: Label) => {
    const right = pairs.filter(([wanted, found]) => wanted === label && found === label).length;
    const either = pairs.filter(([wanted, found]) => (wanted === label) !== (found === label)).length;
    return (2 * right) / (2 * right + either);
  };
  const [preambular, operative] = [f1('preambular'), f1('operative')];
  return { preambular, operative, macro: (preambular + operative) / 2 };
}
