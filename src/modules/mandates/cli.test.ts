import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exit } from '../../platform/cli/index.ts';
import { createTranslators } from '../../platform/i18n/index.ts';
import type { Context } from '../identity/index.ts';
import { mandatesCommands } from './cli.ts';
import { mandatesMessages } from './messages/index.ts';
import { Resolution } from './schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'mandates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const words = createTranslators([mandatesMessages]);
// A command over files asks the context for no more than the language.
const ctx: Pick<Context, 'locale'> = { locale: 'en' };
const said: string[] = [];

async function run(verb: string, args: string[], switches: string[] = [], options: Record<string, string> = {}) {
  const command = mandatesCommands((locale) => words[locale]).find((one) => one.verb === verb);
  if (!command) throw new Error(`no command ${verb}`);
  return command.run({ ctx: ctx as Context, args, options, lists: {}, switches: new Set(switches), say: (line) => said.push(line) });
} // prettier-ignore
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done', (error: { code?: string }) => error.code ?? 'none'); // prettier-ignore

const head = 'Resolution 5/1\n\nOn invented things\n\nThe General Assembly,\n\nRecalling its rules,\n\n';
const first = `${head}1. Invites States to count the things;\n\n2. Requests the Secretary-General to report to it at its eightieth session;\n\n3. Decides to remain seized of the matter.\n`;
const second = `${head}1. Urges States to count the things;\n\n2. Requests the Secretary-General to report to it at its eighty-first session;\n\n3. Encourages donors to give lamps for those who count at night.\n`;

test('check answers 0 and nothing to look at for a clean text', async () => {
  const answer = await run('check', [file('clean.md', first)]);
  expect(answer.exit).toBe(exit.done);
  expect(answer.json).toMatchObject({ documents: [{ number: '5/1', preambular: 1, operative: 3, problems: [], doubtful: [] }], unreadable: [] }); // prettier-ignore
});

test('check names each problem with its place and what should be looked at, and answers 1', async () => {
  const text = `${head}1. Frobnicates all States;\n\n3. Requests the keepers of the lamps to act;\n\n3. Urges States to act.[9]\n`;
  const answer = await run('check', [file('odd.md', text)]);
  expect(answer.exit).toBe(exit.negative);
  expect(answer.text).toContain('operative 1: ');
  expect(answer.text).toContain('Paragraph 3: look at the addressees (0.5)');
  expect(answer.json).toMatchObject({
    documents: [
      {
        problems: [
          { code: 'mandates.footnote-without-text', marker: '9' },
          { code: 'mandates.unknown-verb' },
          { code: 'mandates.number-missing' },
          { code: 'mandates.number-twice' },
        ],
      },
    ],
  });
});

test('a file that cannot be read does not hide the others; alone it is refused with its code', async () => {
  const letter = file('letter.txt', 'Dear colleague,\n\nThank you for the books.\n\nYours,\nA reader\n');
  const answer = await run('check', [file('good.md', first), letter]);
  expect(answer.exit).toBe(exit.negative);
  expect(answer.json).toMatchObject({ documents: [{}], unreadable: [{ code: 'mandates.not-a-resolution' }] });
  expect(await codeOf(run('check', [letter]))).toBe('mandates.not-a-resolution');
  expect(await codeOf(run('check', [file('empty.txt', '')]))).toBe('mandates.unreadable');
  expect(await codeOf(run('check', [file('binary.bin', new Uint8Array([1, 0, 2, 0, 250]))]))).toBe('mandates.unreadable');
  expect(await codeOf(run('check', [join(folder, 'nowhere.md')]))).toBe('mandates.file-missing');
  expect(await codeOf(run('check', []))).toBe('cli.argument-needed');
}); // prettier-ignore

test('diff sets paragraphs side by side: another force, other words, gone and new', async () => {
  const answer = await run('diff', [file('old.md', first), file('new.md', second)]);
  expect(answer.exit).toBe(exit.negative);
  expect(answer.json).toMatchObject({
    changes: [
      { change: 'verb', old: { number: '1', kind: 'invitation' }, new: { number: '1', kind: 'call' } },
      { change: 'words', removed: ['eightieth'], added: ['eighty-first'] },
      { change: 'added', new: { number: '3', verb: 'encourages' } },
      { change: 'removed', old: { number: '3', kind: 'closing' } },
    ],
  });
  expect(answer.text).toContain('invites → urges');
  expect((await run('diff', [file('same.md', first), file('again.md', first)])).exit).toBe(exit.done);
  expect(await codeOf(run('diff', [file('one.md', first)]))).toBe('cli.argument-needed');
});

test('parse writes a table, JSON, or Akoma Ntoso; --strict answers 1 when there are problems', async () => {
  const path = file('parse.md', first);
  const answer = await run('parse', [path]);
  expect(Resolution.parse(answer.json).operative).toHaveLength(3);
  expect(answer.text).toContain('secretary-general');
  const out = join(folder, 'out.xml');
  await run('parse', [path], ['akn'], { out });
  expect(readFileSync(out, 'utf8')).toContain('/akn/un/statement/deliberation/unga/0001-01-01/5-1/!main');
  expect((await run('parse', [file('gap.md', first.replace('2. ', '4. '))], ['strict'])).exit).toBe(exit.negative);
  const both = await run('parse', [path, file('other.md', second)]);
  expect(both.lines).toHaveLength(2);
  expect(await codeOf(run('parse', [path], [], { style: 'baroque' }))).toBe('mandates.style-unknown');
  expect(await codeOf(run('parse', [path], [], { language: 'xx' }))).toBe('mandates.language-unknown');
});
