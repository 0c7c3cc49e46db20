import type { Problem } from './values/index.ts';

/** Says why the caller cannot go on. `code` is the message key; `params` fill the message. */
export class ComityError extends Error {
  readonly code: string;
  readonly params: Record<string, string | number>;
  readonly problems: Problem[];
  constructor(
    code: string,
    options: { params?: Record<string, string | number>; problems?: Problem[]; cause?: unknown } = {},
  ) {
    super(code, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.params = options.params ?? {};
    this.problems = options.problems ?? [];
  }
}

/** The object does not exist, or the actor may not know that it does: both answer alike. */
export class NotFound extends ComityError {}
/** The actor may know of the object and may not do this. */
export class NotAllowed extends ComityError {}
/** The object changed meanwhile, or another holds it. */
export class Conflict extends ComityError {}
/** What came in cannot be taken; `problems` name every field. */
export class Invalid extends ComityError {}
/** A part the act needs is missing now: data, index, lock, peer, disk. */
export class Unavailable extends ComityError {}
