import { dayIn, toInstant, type Instant, type PlainDate } from './values/index.ts';

/** The only source of time. Tests hand in a clock they can move. */
export interface Clock {
  now(): Instant;
  /** Calendar day in an IANA zone. */
  today(zone: string): PlainDate;
}

export function clockFrom(millis: () => number): Clock {
  const now = () => toInstant(new Date(millis()));
  return { now, today: (zone) => dayIn(zone, now()) };
}

export const systemClock: Clock = clockFrom(() => Date.now());

/** A clock for tests: stands still until told to move. */
export function fakeClock(start: string): Clock & { set(at: string): void; advance(millis: number): void } {
  let at = Date.parse(start);
  const clock = clockFrom(() => at);
  return {
    ...clock,
    set: (text) => void (at = Date.parse(text)),
    advance: (millis) => void (at += millis),
  };
}

/** Does something again and again until stopped. Does not keep the process alive. */
export function every(millis: number, work: () => void): { stop(): void } {
  const timer = setInterval(work, millis);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Does something once, later, unless stopped before. Does not keep the process alive. */
export function once(millis: number, work: () => void): { stop(): void } {
  const timer = setTimeout(work, millis);
  timer.unref();
  return { stop: () => clearTimeout(timer) };
}
