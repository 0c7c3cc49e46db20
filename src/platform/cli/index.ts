/** Exit codes of every command: shared meaning. */
export const exit = { done: 0, negative: 1, usage: 2, notAllowed: 3, cannotNow: 4, ourFault: 5 } as const;
export type Exit = (typeof exit)[keyof typeof exit];

export interface Option {
  /** Word shown for the value in help; absent for a switch. */
  value?: string;
  summary: string;
  required?: boolean;
  /** May be given more than once; the answer is then a list. */
  multiple?: boolean;
}

/** `json` is one document with `kind` and `version`; `text` is for people. Progress goes to standard error. */
export interface CliAnswer {
  json: unknown;
  text: string;
  exit?: Exit;
  /** Several documents, one a line: what `--json` prints instead of `json`. */
  lines?: readonly unknown[];
}

export interface CliCall<C> {
  ctx: C;
  args: string[];
  options: Record<string, string | undefined>;
  lists: Record<string, string[]>;
  switches: Set<string>;
  /** A line to standard error. */
  say(line: string): void;
}

/** One command: `comity <module> <verb>`. `--json`, `--lang` and `--help` are understood by all. */
export interface Command<C> {
  module: string;
  verb: string;
  summary: string;
  /** Positional arguments as shown in help: `KEN`, `FILE|REF`. */
  usage?: string;
  options?: Record<string, Option>;
  /** `files`: works from the package's own data; `node`: opens the node's database, starting it when needed. */
  needs: 'files' | 'node';
  run(call: CliCall<C>): Promise<CliAnswer>;
}
