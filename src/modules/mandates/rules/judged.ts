import { z } from 'zod';
import { ActKind, type Operative, type Resolution } from '../schema.ts';

/** What a person says a paragraph asks, and of whom. An addressee is an id of the table of actors. */
export const JudgementInput = z.strictObject({
  kind: ActKind,
  addressees: z.array(z.string().max(80)).max(20),
  why: z.string().max(1000),
});
export type JudgementInput = z.infer<typeof JudgementInput>;

export interface Judgement extends JudgementInput {
  id: string;
  by: string;
  at: string;
}

/** A paragraph with the judgement that stands over it; `parsed` is what the parser found. */
export interface JudgedParagraph {
  paragraph: Operative;
  parsed: Operative;
  judgement: Judgement | null;
}

/** Lays the newest judgement on each paragraph over what was parsed; without one the parse stands as it is. */
export function judgedParagraphs(
  { operative }: Resolution,
  judgementsOf: (paragraph: Operative) => readonly Judgement[],
  typeOf: (id: string) => Operative['addressees'][number]['type'],
): JudgedParagraph[] {
  return operative.map((parsed) => {
    const judgement = judgementsOf(parsed).at(-1) ?? null;
    if (!judgement) return { paragraph: parsed, parsed, judgement };
    const addressees = judgement.addressees.map(
      (id) => parsed.addressees.find((one) => one.id === id) ?? { id, text: id, type: typeOf(id) },
    );
    const confidence = { ...parsed.confidence, addressees: 1, kind: 1 };
    return { paragraph: { ...parsed, kind: judgement.kind, addressees, confidence }, parsed, judgement };
  });
}

/** Fields a person should look at: below 0.8. */
export function doubtful({ confidence }: Operative): ('verb' | 'addressees' | 'kind')[] {
  return (['verb', 'addressees', 'kind'] as const).filter((field) => confidence[field] < 0.8);
}
