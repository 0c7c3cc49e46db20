/**
 * Statements that every message needs, few and short, with one good way whatever is asked: their plans may be kept. Tables
 * of delivery, the outbox, the log that grows with each, and who asks.
 */
export const everydayStatements =
  /\bexchange_(outbox|inbox|stream|peer|event|blob|recovery)\b|\boutbox\b|\blog_(append|heads|checkpoints|cosignatures|witnessed)\b|comity\.actor/;
