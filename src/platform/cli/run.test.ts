import { beforeEach, describe, expect, test } from 'vitest';
import { Conflict, Invalid, NotAllowed, NotFound, Unavailable } from '../errors.ts';
import { problem } from '../values/index.ts';
import { exit, type CliCall, type Command } from './index.ts';
import { document, runCommandLine, type CliHost } from './run.ts';

interface SmallContext {
  node: string;
}

let out: string[];
let err: string[];
let opened: string[];
let closed: number;
let calls: CliCall<SmallContext>[];
let outcome: () => Promise<ReturnType<typeof document>>;

beforeEach(() => {
  out = [];
  err = [];
  opened = [];
  calls = [];
  closed = 0;
  outcome = async () => document('notes.add', { id: 7 }, 'Added note 7');
});

const commands: Command<SmallContext>[] = [
  {
    module: 'notes',
    verb: 'add',
    summary: 'Adds a note',
    usage: 'TEXT',
    needs: 'node',
    options: {
      on: { value: 'DAY', summary: 'Day of the note', required: true },
      tag: { value: 'WORD', summary: 'A tag', multiple: true },
      quiet: { summary: 'Says less' },
    },
    run: async (call) => {
      calls.push(call);
      call.say('working');
      return outcome();
    },
  },
  {
    module: 'notes',
    verb: 'list all',
    summary: 'Lists notes',
    needs: 'files',
    run: async () => document('l', {}, 'l'),
  },
  { module: '', verb: 'start', summary: 'Starts', needs: 'files', run: async () => document('start', {}, 'started') },
];

const host: CliHost<SmallContext> = {
  async open(needs, language) {
    opened.push(`${needs} ${language ?? '-'}`);
    return { ctx: { node: 'XA' }, close: async () => void (closed += 1) };
  },
  out: (text) => void out.push(text),
  err: (text) => void err.push(text),
  words: (code, params, language) => [code, ...Object.values(params), ...(language ? [language] : [])].join(' '),
};
const run = (...words: string[]) => runCommandLine(commands, words, host);

describe('a command line', () => {
  test('that does its work answers 0 and prints its text; progress goes to standard error', async () => {
    expect(await run('notes', 'add', 'hello', '--on', '2026-11-22')).toBe(exit.done);
    expect(out).toEqual(['Added note 7']);
    expect(err).toEqual(['working']);
    expect([opened, closed]).toEqual([['node -'], 1]);
  });

  test('hands over arguments, options, lists and switches', async () => {
    await run('notes', 'add', 'a', 'b', '--on=2026', '--tag', 'x', '--tag', 'y', '--quiet', '--lang', 'ar');
    expect(calls[0]).toMatchObject({
      ctx: { node: 'XA' },
      args: ['a', 'b'],
      options: { on: '2026', lang: 'ar' },
      lists: { tag: ['x', 'y'] },
    });
    expect([...calls[0]!.switches]).toEqual(['quiet']);
    expect(opened).toEqual(['node ar']);
  });

  test('with --json prints one document and nothing else on standard output', async () => {
    expect(await run('notes', 'add', '--on', '2026', '--json')).toBe(exit.done);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0]!)).toEqual({ kind: 'notes.add', version: 1, id: 7 });
  });

  test('may answer no with exit code 1', async () => {
    outcome = async () => document('notes.add', {}, 'No', exit.negative);
    expect(await run('notes', 'add', '--on', '2026')).toBe(1);
  });

  test('finds verbs of two words, and commands of the whole node', async () => {
    expect(await run('notes', 'list', 'all')).toBe(exit.done);
    expect(await run('start')).toBe(exit.done);
    expect(out).toEqual(['l', 'started']);
    expect(await run('notes', 'list')).toBe(exit.usage);
  });
});

describe('help', () => {
  test('of everything comes on standard output with exit code 0', async () => {
    for (const words of [[], ['--help'], ['help']]) {
      out = [];
      expect(await run(...words)).toBe(exit.done);
      expect(out[0]).toContain('comity notes add');
      expect(out[0]).toContain('comity start');
    }
    expect(err).toEqual([]);
  });

  test('of one module lists only its commands', async () => {
    expect(await run('notes', '--help')).toBe(exit.done);
    expect(out[0]).toContain('comity notes list all');
    expect(out[0]).not.toContain('comity start');
  });

  test('of one command names its options and which are needed, and opens nothing', async () => {
    expect(await run('notes', 'add', '--help')).toBe(exit.done);
    expect(out[0]).toMatch(/comity notes add TEXT/);
    expect(out[0]).toMatch(/--on DAY\s+Day of the note \(needed\)/);
    expect(out[0]).toMatch(/--quiet\s+Says less\n/);
    expect(out[0]).toContain('--json');
    expect(opened).toEqual([]);
  });
});

describe('a command line that cannot be understood', () => {
  test('answers 2 on standard error with the overview', async () => {
    for (const words of [['nothing'], ['notes'], ['notes', 'burn'], ['--json']]) {
      err = [];
      expect(await run(...words)).toBe(exit.usage);
      expect(err[0]).toContain('Commands:');
    }
    expect(out).toEqual([]);
  });

  test('names every missing option and opens nothing', async () => {
    expect(await run('notes', 'add', 'hello')).toBe(exit.usage);
    expect(err[0]).toMatch(/^cli\.option-needed --on\n/);
    expect([out, opened, calls]).toEqual([[], [], []]);
  });

  test('names an option that is not known or lacks its value', async () => {
    for (const words of [['--on', '2026', '--colour', 'red'], ['--on'], ['--on', '2026', '--quiet=yes']]) {
      err = [];
      expect(await run('notes', 'add', ...words)).toBe(exit.usage);
      expect(err[0]).toContain('comity notes add TEXT');
    }
  });
});

describe('a command that fails', () => {
  const cases: [string, Error, number][] = [
    ['what came in', new Invalid('notes.bad'), exit.usage],
    ['what is not there', new NotFound('notes.none'), exit.usage],
    ['who may not', new NotAllowed('notes.not-yours'), exit.notAllowed],
    ['what changed meanwhile', new Conflict('notes.changed'), exit.cannotNow],
    ['what is away', new Unavailable('notes.away'), exit.cannotNow],
    ['our own fault', new Error('broken'), exit.ourFault],
  ];
  test.each(cases)('says by its exit code: %s', async (_what, error, code) => {
    outcome = async () => {
      throw error;
    };
    expect(await run('notes', 'add', '--on', '2026')).toBe(code);
    expect(out).toEqual([]);
    expect(err.join('\n')).toContain(error.message);
    expect(closed).toBe(1);
  });

  test('lists its problems with their places, in the language asked for', async () => {
    outcome = async () => {
      throw new Invalid('notes.bad', {
        problems: [problem('notes.no-day', ['parts', 0, 'day'], { params: { part: 'one' } })],
      });
    };
    expect(await run('notes', 'add', '--on', '2026', '--lang', 'ar')).toBe(exit.usage);
    expect(err.at(-1)).toBe('notes.bad ar\n- parts.0.day: notes.no-day one ar');
  });

  test('with --json prints a problem document on standard output', async () => {
    outcome = async () => {
      throw new Invalid('notes.bad', { problems: [problem('notes.no-day', ['day'])] });
    };
    expect(await run('notes', 'add', '--on', '2026', '--json')).toBe(exit.usage);
    expect(JSON.parse(out[0]!)).toEqual({
      kind: 'problem',
      version: 1,
      code: 'notes.bad',
      message: 'notes.bad',
      problems: [{ code: 'notes.no-day', severity: 'block', path: ['day'], message: 'notes.no-day' }],
    });
  });

  test('with --json prints a document for our own faults and for missing options too, without their inside', async () => {
    outcome = async () => {
      throw new Error('password=hunter2');
    };
    expect(await run('notes', 'add', '--on', '2026', '--json')).toBe(exit.ourFault);
    expect(JSON.parse(out[0]!)).toMatchObject({ kind: 'problem', version: 1, code: 'http.problem', problems: [] });
    expect(out[0]).not.toContain('hunter2');
    out = [];
    expect(await run('notes', 'add', '--json')).toBe(exit.usage);
    expect(JSON.parse(out[0]!)).toMatchObject({
      kind: 'problem',
      code: 'cli.option-needed',
      problems: [{ code: 'cli.option-needed', path: ['on'] }],
    });
  });

  test('to open is told like any other', async () => {
    const away: CliHost<SmallContext> = {
      ...host,
      open: async () => {
        throw new Unavailable('cli.no-node');
      },
    };
    expect(await runCommandLine(commands, ['start'], away)).toBe(exit.cannotNow);
    expect(err).toEqual(['cli.no-node']);
  });
});
