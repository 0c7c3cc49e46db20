import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ComityError, Conflict, Invalid, NotAllowed, NotFound, Unavailable } from '../errors.ts';
import { problem, type Problem } from '../values/index.ts';
import { exit, type CliAnswer, type CliCall, type Command, type Exit } from './index.ts';

/** Where a command writes and how it says things. */
export interface CliHost<C> {
  /** Opens what the command needs; `close` is called when it is done. */
  open(needs: Command<C>['needs'], language: string | undefined): Promise<{ ctx: C; close(): Promise<void> }>;
  out(text: string): void;
  err(text: string): void;
  words(code: string, params: Record<string, string | number>, language: string | undefined): string;
}

type Given = Record<string, string | boolean | (string | boolean)[] | undefined>;

function exitFor(error: unknown): Exit {
  if (error instanceof NotAllowed) return exit.notAllowed;
  if (error instanceof Conflict || error instanceof Unavailable) return exit.cannotNow;
  if (error instanceof Invalid || error instanceof NotFound) return exit.usage;
  return exit.ourFault;
}

function helpFor<C>(command: Command<C>): string {
  const lines = [
    `comity ${command.module} ${command.verb}${command.usage ? ` ${command.usage}` : ''}`,
    `  ${command.summary}`,
    '',
  ];
  for (const [name, option] of Object.entries(command.options ?? {})) {
    const shown = `--${name}${option.value ? ` ${option.value}` : ''}`;
    lines.push(`  ${shown.padEnd(28)} ${option.summary}${option.required ? ' (needed)' : ''}`);
  }
  lines.push(
    '  --json'.padEnd(31) + 'one JSON document on standard output',
    '  --lang ar'.padEnd(31) + 'language of the words',
  );
  return lines.join('\n');
}

/** Overview of all commands, or of one module's. */
export function overview<C>(commands: readonly Command<C>[], module?: string): string {
  const chosen = commands.filter((command) => module === undefined || command.module === module);
  const rows = chosen.map((command) => {
    const name = [command.module, command.verb].filter((part) => part !== '').join(' ');
    return `  comity ${name.padEnd(28)} ${command.summary}`;
  });
  return ['Commands:', ...rows, '', 'Add --help to a command for its options, --json for one JSON document.'].join(
    '\n',
  );
}

/** Finds the command the words name: `module verb …`, or a node-wide `verb …`. */
function findCommand<C>(
  commands: readonly Command<C>[],
  words: string[],
): { command: Command<C>; rest: string[] } | undefined {
  const byModule = commands.find(
    (one) =>
      one.module === words[0] &&
      one.verb !== '' &&
      words.slice(1, 1 + one.verb.split(' ').length).join(' ') === one.verb,
  );
  if (byModule) return { command: byModule, rest: words.slice(1 + byModule.verb.split(' ').length) };
  const wide = commands.find((one) => one.module === '' && one.verb === words[0]);
  return wide && { command: wide, rest: words.slice(1) };
}

/** Runs one command line. Answers the exit code; never throws. */
export async function runCommandLine<C>(
  commands: readonly Command<C>[],
  words: string[],
  host: CliHost<C>,
): Promise<Exit> {
  const found = findCommand(commands, words);
  if (!found) {
    const asked = words.find((word) => !word.startsWith('-'));
    const isHelp = words.length === 0 || words.includes('--help') || words[0] === 'help';
    const known = commands.some((command) => command.module === asked);
    (isHelp ? host.out : host.err)(overview(commands, known ? asked : undefined));
    return isHelp ? exit.done : exit.usage;
  }
  const { command, rest } = found;
  const options: NonNullable<ParseArgsConfig['options']> = {
    json: { type: 'boolean' },
    help: { type: 'boolean' },
    lang: { type: 'string' },
  };
  for (const [name, option] of Object.entries(command.options ?? {})) {
    options[name] = { type: option.value ? 'string' : 'boolean', multiple: option.multiple ?? false };
  }
  let values: Given;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({ args: rest, options, allowPositionals: true }) as {
      values: Given;
      positionals: string[];
    });
  } catch (error) {
    host.err(`${error instanceof Error ? error.message : String(error)}\n\n${helpFor(command)}`);
    return exit.usage;
  }
  if (values.help === true) {
    host.out(helpFor(command));
    return exit.done;
  }
  const language = typeof values.lang === 'string' ? values.lang : undefined;
  const missing = Object.entries(command.options ?? {}).filter(
    ([name, option]) => option.required && values[name] === undefined,
  );
  if (missing.length > 0) {
    const problems = missing.map(([name]) =>
      problem('cli.option-needed', [name], {
        params: { option: `--${name}` },
        message: host.words('cli.option-needed', { option: `--${name}` }, language),
      }),
    );
    const message = problems.map((one) => one.message).join('\n');
    if (values.json === true) host.out(problemDocument('cli.option-needed', message, problems));
    host.err(`${message}\n\n${helpFor(command)}`);
    return exit.usage;
  }
  let opened: { ctx: C; close(): Promise<void> } | undefined;
  try {
    // A command that works from files may offer `--node`: it then reads the node's database too.
    opened = await host.open(values.node === true ? 'node' : command.needs, language);
    const answer = await command.run(toCall(opened.ctx, values, positionals, host));
    const { json, lines, text } = answer;
    const printed = lines ? lines.map((one) => JSON.stringify(one)).join('\n') : JSON.stringify(json, null, 2);
    host.out(values.json === true ? printed : text);
    return answer.exit ?? exit.done;
  } catch (error) {
    return tell(error, values.json === true, language, host);
  } finally {
    await opened?.close();
  }
}

function toCall<C>(ctx: C, values: Given, args: string[], host: CliHost<C>): CliCall<C> {
  const options: Record<string, string | undefined> = {};
  const lists: Record<string, string[]> = {};
  const switches = new Set<string>();
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') options[name] = value;
    else if (Array.isArray(value)) lists[name] = value.map(String);
    else if (value === true) switches.add(name);
  }
  return { ctx, args, options, lists, switches, say: (line) => host.err(line) };
}

function problemDocument(code: string, message: string, problems: Problem[]): string {
  return JSON.stringify({ kind: 'problem', version: 1, code, message, problems }, null, 2);
}

function tell<C>(error: unknown, asJson: boolean, language: string | undefined, host: CliHost<C>): Exit {
  const code = exitFor(error);
  if (!(error instanceof ComityError)) {
    if (asJson) host.out(problemDocument('http.problem', host.words('http.problem', {}, language), []));
    host.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return code;
  }
  const message = host.words(error.code, error.params, language);
  const problems = error.problems.map((one: Problem) => ({
    ...one,
    message: host.words(one.code, one.params ?? {}, language),
  }));
  if (asJson) host.out(problemDocument(error.code, message, problems));
  host.err([message, ...problems.map((one) => `- ${one.path.join('.')}: ${one.message}`)].join('\n'));
  return code;
}

/** A finished answer with the shared shape, for commands that only print a document. */
export function document(kind: string, body: Record<string, unknown>, text: string, code?: Exit): CliAnswer {
  return { json: { kind, version: 1, ...body }, text, ...(code === undefined ? {} : { exit: code }) };
}
