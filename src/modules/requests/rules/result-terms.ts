import type { PlainDate } from '../../../platform/values/index.ts';
import type { ReplyContent, ResultTerm } from '../schema/index.ts';

/** Day by which a reply is to be answered, or on which it is looked at again; null when it sets none. */
export function answerBy(reply: ReplyContent | undefined): PlainDate | null {
  switch (reply?.reply) {
    case 'more-information':
      return reply.questions.map((one) => one.by).toSorted()[0] ?? null;
    case 'secrecy-not-possible':
      return reply.question.by;
    case 'postponed':
      return reply.review;
    default:
      return null;
  }
}

/** What ends on a day set with results: the freezing, and the time in which items are to be given back. */
export function termsOfResults(reply: ReplyContent | undefined): ResultTerm[] {
  if (reply?.reply !== 'executed' && reply?.reply !== 'partly-executed') return [];
  const freezing = reply.reply === 'executed' ? reply.freezeEnds : null;
  return [
    ...(freezing ? [{ kind: 'freeze-end' as const, due: freezing }] : []),
    ...reply.results.flatMap((one) =>
      one.returnBy ? [{ kind: 'item-return' as const, due: one.returnBy, item: one.measure }] : [],
    ),
  ];
}
