import pino, { type Logger } from 'pino';

/** One event, one line of JSON. Ids and codes only, never names or contents. */
export type Log = Logger;

export function createLog(level: string): Log {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
