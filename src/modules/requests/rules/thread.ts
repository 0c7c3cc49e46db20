import type { Instant, PlainDate } from '../../../platform/values/index.ts';
import type { FreeText, Side, ThreadEntry, ThreadFile } from '../schema/index.ts';

/** One question with what was said to it. */
export interface FoldedQuestion {
  id: string;
  askedBy: Side;
  at: Instant;
  path: (string | number)[];
  text: FreeText;
  why: FreeText | null;
  by: PlainDate | null;
  status: 'open' | 'answered' | 'settled';
  answers: { id: string; by: Side; at: Instant; text: FreeText; files: ThreadFile[]; supplement: string | null }[];
}

/**
 * Folds the entries of both sides into questions. Entries may come twice and in any order; an answer whose question is
 * not known yet waits for it. Only the side that asked settles, only the other answers.
 */
export function foldThread(entries: readonly ThreadEntry[]): FoldedQuestion[] {
  const once = [...new Map(entries.map((one) => [one.id, one])).values()].sort((a, b) =>
    a.at !== b.at ? (a.at < b.at ? -1 : 1) : a.id < b.id ? -1 : 1,
  );
  const questions = new Map<string, FoldedQuestion>();
  for (const one of once)
    if (one.type === 'question' && !questions.has(one.question)) {
      const { question: id, side: askedBy, at, path, text, why, by } = one;
      questions.set(id, { id, askedBy, at, path, text, why, by, status: 'open', answers: [] });
    }
  for (const one of once) {
    const question = questions.get(one.question);
    if (!question || one.type === 'question') continue;
    if (one.type === 'answer' && one.side !== question.askedBy) {
      const { id, side: by, at, text, files, supplement } = one;
      question.answers.push({ id, by, at, text, files, supplement });
      if (question.status === 'open') question.status = 'answered';
    }
  }
  for (const one of once) {
    const question = questions.get(one.question);
    if (question && one.type === 'settle' && one.side === question.askedBy) question.status = 'settled';
  }
  return [...questions.values()];
}

/** Whether the other side owes no answer any more to what one side asked. */
export function allAnswered(questions: readonly FoldedQuestion[], askedBy: Side): boolean {
  return questions.every((one) => one.askedBy !== askedBy || one.status !== 'open');
}
