import { readFile as readBytes, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { exit, type CliAnswer, type CliCall, type Command } from '../../platform/cli/index.ts';
import { ComityError, Invalid } from '../../platform/errors.ts';
import type { OfferedLocale, Translate } from '../../platform/i18n/index.ts';
import type { Context } from '../identity/index.ts';
import { toAkomaNtoso } from './rules/akn/export.ts';
import { diffResolutions } from './rules/diff.ts';
import type { ParseProblem, Resolution } from './schema.ts';
import { readFile, type ReadSetting } from './service.ts';
import { tables } from './tables.ts';

type Call = CliCall<Context>;

async function bytesOf(file: string): Promise<Uint8Array> {
  if (file === '-') return new Uint8Array(await buffer(process.stdin));
  try {
    return new Uint8Array(await readBytes(file));
  } catch (cause) {
    throw new Invalid('mandates.file-missing', { params: { file }, cause });
  }
}

const styles = ['un', 'interpol', 'conference'] as const;

function settingOf({ options }: Call): ReadSetting {
  const { style, language, lang } = options;
  const chosen = styles.find((one) => one === style);
  if (style !== undefined && style !== 'auto' && !chosen) throw new Invalid('mandates.style-unknown', { params: { style } });
  // `--lang` also names the language of the words; it is that of the text only when there is a table for it.
  const known = tables().languages.some((one) => one.language === lang);
  if (language !== undefined && !tables().languages.some((one) => one.language === language))
    throw new Invalid('mandates.language-unknown', { params: { language } });
  const text = language ?? (known ? lang : undefined);
  return { ...(chosen ? { style: chosen } : {}), ...(text === undefined ? {} : { language: text }) };
} // prettier-ignore

const placeOf = (path: ParseProblem['path']) => path.map((one) => (typeof one === 'number' ? String(one + 1) : one)).join(' '); // prettier-ignore

function problemLine(one: ParseProblem, t: Translate): string {
  const place = placeOf(one.path);
  const words = t.code(one.code, { marker: one.marker ?? '', text: one.text ?? '' });
  return place === '' ? words : `${place}: ${words}`;
}

function tableOf(resolution: Resolution, t: Translate): string {
  const { document, preambular, operative, problems } = resolution;
  const rows = operative.flatMap((one) => [
    [one.number, one.verb, one.kind, one.addressees, one.deadline?.text] as const,
    ...one.children.flatMap(({ number, act }) => (act ? [[number, act.verb, act.kind, act.addressees, act.deadline?.text] as const] : [])),
  ]); // prettier-ignore
  const cells = rows.map(([number, verb, kind, addressees, deadline]) => [
    number,
    verb ?? '?',
    kind ?? '?',
    addressees.map((to) => to.id ?? `“${to.text}”`).join(' + '),
    deadline ?? '',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  return [
    [document.number, document.title].filter((one) => one !== null).join('  '),
    t('mandates.cli-counts', { preambular: preambular.length, operative: operative.length, language: document.language, problems: problems.length }),
    ...(document.experimental ? [t('mandates.experimental')] : []),
    ...cells.map((row) => row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join('  ').trimEnd()),
    ...problems.map((one) => problemLine(one, t)),
  ].join('\n');
} // prettier-ignore

interface Outcome {
  file: string;
  resolutions: Resolution[];
  error?: ComityError;
}

async function readAll(call: Call): Promise<Outcome[]> {
  if (call.args.length === 0) throw new Invalid('cli.argument-needed', { params: { argument: 'FILE' } });
  const setting = settingOf(call);
  const all: Outcome[] = [];
  for (const file of call.args) {
    try {
      all.push({ file, resolutions: (await readFile(await bytesOf(file), setting)).resolutions });
    } catch (error) {
      // One file that cannot be read does not hide what the others say.
      if (!(error instanceof ComityError) || call.args.length === 1) throw error;
      all.push({ file, resolutions: [], error });
    }
  }
  return all;
}

async function runParse(call: Call, t: Translate): Promise<CliAnswer> {
  const all = await readAll(call);
  const resolutions = all.flatMap((one) => one.resolutions);
  const failed = all.filter((one) => one.error);
  for (const { file, error } of failed) if (error) call.say(`${file}: ${t.code(error.code, error.params)}`);
  const isStrict = call.switches.has('strict') && resolutions.some((one) => one.problems.length > 0);
  const code = failed.length > 0 ? exit.usage : isStrict ? exit.negative : exit.done;
  const isSingle = resolutions.length === 1 && all.length === 1;
  const json = resolutions[0] ?? null;
  const more = isSingle ? {} : { lines: resolutions };
  const text = call.switches.has('akn')
    ? resolutions.map(toAkomaNtoso).join('\n').trimEnd()
    : resolutions.map((one) => tableOf(one, t)).join('\n\n');
  const { out } = call.options;
  if (out === undefined) return { json, ...more, text, exit: code };
  const printed = isSingle ? JSON.stringify(json, null, 2) : resolutions.map((one) => JSON.stringify(one)).join('\n');
  await writeFile(out, `${call.switches.has('json') ? printed : text}\n`);
  return { json: { kind: 'mandates.written', version: 1, file: out }, text: t('mandates.cli-written', { file: out }), exit: code };
} // prettier-ignore

async function runCheck(call: Call, t: Translate): Promise<CliAnswer> {
  const all = await readAll(call);
  const documents = all.flatMap(({ file, resolutions }) =>
    resolutions.map(({ document, preambular, operative, problems }) => {
      const doubtful = operative.flatMap((one) =>
        Object.entries(one.confidence).flatMap(([field, value]) =>
          value < 0.8 ? [{ number: one.number, field, confidence: value }] : [],
        ),
      );
      return { file, title: document.title, number: document.number, preambular: preambular.length, operative: operative.length, problems, doubtful }; // prettier-ignore
    }),
  );
  const isClean = documents.every((one) => one.problems.length === 0) && all.every((one) => !one.error);
  return {
    json: { kind: 'mandates.check', version: 1, documents, unreadable: all.flatMap(({ file, error }) => (error ? [{ file, code: error.code }] : [])) }, // prettier-ignore
    text: [
      ...documents.flatMap((one) => [
        `${one.file}  ${one.number ?? ''}  ${one.title ?? ''}`.trimEnd(),
        ...one.problems.map((problem) => `  ${problemLine(problem, t)}`),
        ...one.doubtful.map(({ number, field, confidence }) => `  ${t('mandates.cli-doubtful', { number, field, confidence: String(confidence) })}`), // prettier-ignore
      ]),
      ...all.flatMap(({ file, error }) => (error ? [`${file}: ${t.code(error.code, error.params)}`] : [])),
    ].join('\n'),
    exit: isClean ? exit.done : exit.negative,
  };
}

async function runDiff(call: Call, t: Translate): Promise<CliAnswer> {
  const [old, now] = call.args;
  if (old === undefined || now === undefined)
    throw new Invalid('cli.argument-needed', { params: { argument: 'OLD NEW' } });
  const setting = settingOf(call);
  const [before, after] = [await readFile(await bytesOf(old), setting), await readFile(await bytesOf(now), setting)];
  const changes = diffResolutions(before.resolutions[0]!, after.resolutions[0]!);
  const rows = changes.map(({ change, old: a, new: b, removed, added }) => {
    const verbs = a && b && a.verb !== b.verb ? `${a.verb ?? '?'} → ${b.verb ?? '?'}` : (b?.verb ?? a?.verb ?? '?');
    const words = [...removed.map((one) => `-${one}`), ...added.map((one) => `+${one}`)].slice(0, 24).join(' ');
    return `${a?.number ?? '–'} → ${b?.number ?? '–'}  ${t(`mandates.change-${change}`)}  ${verbs}  ${words}`.trimEnd();
  });
  return {
    json: { kind: 'mandates.diff', version: 1, changes },
    text: rows.join('\n'),
    exit: changes.every(({ change }) => change === 'same') ? exit.done : exit.negative,
  };
}

const textOptions = {
  language: { value: 'LANGUAGE', summary: 'Language of the text: en fr es ru ar zh; found by its verbs unless told' },
  style: { value: 'STYLE', summary: 'un, interpol, conference or auto' },
};

/** Commands of the parser; all work from files. */
export function mandatesCommands(words: (locale: OfferedLocale) => Translate): Command<Context>[] {
  return [
    {
      module: 'mandates',
      verb: 'parse',
      summary: 'Reads resolutions: what each paragraph asks of whom',
      usage: 'FILE|- …',
      options: {
        akn: { summary: 'Akoma Ntoso 3.0' },
        table: { summary: 'A table, which is also the answer when nothing else is asked for' },
        ...textOptions,
        out: { value: 'PATH', summary: 'Write to a file' },
        strict: { summary: 'Exit 1 when there are problems' },
      },
      needs: 'files',
      run: (call) => runParse(call, words(call.ctx.locale)),
    },
    {
      module: 'mandates',
      verb: 'check',
      summary: 'Lists the problems of resolutions and what should be looked at',
      usage: 'FILE|- …',
      options: textOptions,
      needs: 'files',
      run: (call) => runCheck(call, words(call.ctx.locale)),
    },
    {
      module: 'mandates',
      verb: 'diff',
      summary: 'Sets the operative paragraphs of two versions side by side',
      usage: 'OLD NEW',
      options: textOptions,
      needs: 'files',
      run: (call) => runDiff(call, words(call.ctx.locale)),
    },
  ];
}
