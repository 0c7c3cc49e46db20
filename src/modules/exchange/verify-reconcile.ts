import type { ReadJws } from '../../platform/crypto/index.ts';
import { fail, type Instant, type Result, type Sha256 } from '../../platform/values/index.ts';
import { isValidAt } from './envelope-answers.ts';
import { isOfMoment, readPayload, readSignedText } from './envelope-read.ts';
import { ReconcileAnswer, ReconcileQuestion, type ReconcileAsk } from './rules/reconcile.ts';
import type { NodeId, RefusalCode, TrustView } from './schema.ts';

/** How far the clocks of two nodes that compare may differ, in milliseconds. */
const mostSkew = 300_000;

export interface ComparingFacts {
  /** The other side, by its TLS key. */
  peer: NodeId;
  ownNode: NodeId;
  trust: TrustView;
  now: Instant;
}

/** Whose word it is: signed by a key of the other side, at this moment. */
function readWord(text: string, { peer, trust, now }: ComparingFacts): Result<ReadJws, RefusalCode> {
  const read = readSignedText('reconcile', text);
  if (!read.ok) return read;
  const { kid } = read.value.header;
  const wrong = isValidAt((at) => trust.nodeKey(peer, kid, 'node-sign', at), read.value, [now]);
  return wrong ? fail(wrong) : read;
}

/** What is wrong with the outside of a word: its moment, or between whom it passes. */
function faultOf(
  read: ReadJws,
  { at, fromNode, toNode }: { at: Instant; fromNode: NodeId; toNode: NodeId },
  { peer, ownNode }: ComparingFacts,
): RefusalCode | undefined {
  if (!isOfMoment(read, at)) return 'exchange.algorithm';
  return fromNode === peer && toNode === ownNode ? undefined : 'exchange.wrong-recipient';
}

/** Verifies a question of a peer; one of another hour is refused, so that an old one tells nothing new. */
export function verifyReconcileQuestion(text: string, facts: ComparingFacts): Result<ReconcileQuestion, RefusalCode> {
  const read = readWord(text, facts);
  if (!read.ok) return read;
  const question = readPayload(ReconcileQuestion, read.value.payload);
  if (!question.ok) return question;
  const fault = faultOf(read.value, question.value, facts);
  if (fault) return fail(fault);
  const skew = Math.abs(Date.parse(question.value.at) - Date.parse(facts.now));
  return skew > mostSkew ? fail('exchange.clock-skew') : question;
}

/** Verifies an answer: of the node that was asked, to exactly this question. */
export function verifyReconcileAnswer(
  text: string,
  facts: ComparingFacts,
  asked: { questionSha256: Sha256; what: ReconcileAsk['what'] },
): Result<ReconcileAnswer, RefusalCode> {
  const read = readWord(text, facts);
  if (!read.ok) return read;
  const answer = readPayload(ReconcileAnswer, read.value.payload);
  if (!answer.ok) return answer;
  const fault = faultOf(read.value, answer.value, facts);
  if (fault) return fail(fault);
  if (answer.value.questionSha256 !== asked.questionSha256) return fail('exchange.wrong-recipient');
  return answer.value.answer.what === asked.what ? answer : fail('exchange.schema');
}
