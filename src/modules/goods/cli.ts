import { existsSync } from 'node:fs';
import type { CliAnswer, CliCall, Command } from '../../platform/cli/index.ts';
import { Invalid } from '../../platform/errors.ts';
import type { OfferedLocale, Translate } from '../../platform/i18n/index.ts';
import type { Context } from '../identity/index.ts';
import { matchPairs, type PairsAnswer, type Rejected } from './pairs.ts';
import { matchModel } from './rules/index.ts';
import type { NamedSchema, ScreeningEvaluation } from './schema/index.ts';
import { openListFile, screenFile, type OpenedList } from './screening.ts';
import type { Goods } from './service.ts';
import { readListFile, readSchema } from './subjects.ts';

type Call = CliCall<Context>;
type Words = (locale: OfferedLocale) => Translate;

function needed(call: Call, option: string): string {
  const value = call.options[option];
  if (value === undefined) throw new Invalid('cli.option-needed', { params: { option: `--${option}` } });
  return value;
}

/** A number of an option that must lie within bounds. */
function numberOf(
  call: Call,
  option: string,
  fallback: number,
  code: string,
  fits: (value: number) => boolean,
): number {
  const text = call.options[option];
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isFinite(value) || !fits(value)) throw new Invalid(code);
  return value;
}

function schemaOf(call: Call, fallback: NamedSchema): NamedSchema {
  const text = call.options.schema;
  if (text === undefined) return fallback;
  const schema = readSchema(text);
  if (!schema) throw new Invalid('goods.schema-unknown', { params: { schema: text } });
  return schema;
}

const columnsOf = ({ options }: Call) => ({
  name: options['name-column'],
  id: options['id-column'],
  encoding: options.encoding,
});

const four = (value: number | null) => (value === null ? null : Math.round(value * 10_000) / 10_000);

function said(rejected: readonly Rejected[], t: Translate) {
  return rejected.map((one) => ({ ...one, message: t.code(one.code) }));
}

function evaluationJson(evaluation: PairsAnswer['evaluation']) {
  if (!evaluation) return null;
  const two = (interval: [number, number] | null) => interval && [four(interval[0]), four(interval[1])];
  return {
    ...evaluation,
    auc: four(evaluation.auc),
    aucInterval: two(evaluation.aucInterval),
    bestF1: four(evaluation.bestF1),
    bestF1Interval: two(evaluation.bestF1Interval),
    f1At70: four(evaluation.f1At70),
    calibrationError: four(evaluation.calibrationError),
    byGroup: Object.fromEntries(
      Object.entries(evaluation.byGroup).map(([group, { n, auc, f1At70 }]) => [
        group,
        { n, auc: four(auc), f1At70: four(f1At70) },
      ]),
    ),
  };
}

const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');

async function runMatchNames(call: Call, t: Translate): Promise<CliAnswer> {
  const prior = numberOf(call, 'prior', 0.5, 'goods.prior-outside', (value) => value > 0 && value < 1);
  const answer = await matchPairs(needed(call, 'pairs'), {
    prior,
    explain: call.switches.has('explain'),
    schema: schemaOf(call, 'Thing'),
    encoding: call.options.encoding,
  });
  const rejected = said(answer.rejected, t);
  const evaluation = evaluationJson(answer.evaluation);
  const json = {
    kind: 'goods.name-matches',
    version: 1,
    model: answer.model,
    prior,
    rows: answer.results.length + rejected.length,
    results: answer.results,
    rejected,
    notes: answer.notes.map((note) => t.code(note)),
    evaluation,
  };
  if (call.switches.has('jsonl')) return { json, text: lines(answer.results) };
  const alerts = answer.results.filter(({ decision }) => decision !== 'none').length;
  const text = [
    ...answer.results.map((one) => `${one.similarity.toFixed(4)}  ${one.probability.toFixed(4)}  ${one.decision}  ${one.name1} | ${one.name2}`), // prettier-ignore
    ...rejected.map((one) => `${one.row}: ${one.message}`),
    ...json.notes,
    t('goods.cli-pairs', { rows: json.rows, alerts, rejected: rejected.length }),
  ];
  if (evaluation)
    text.push(
      t('goods.cli-evaluation', {
        auc: String(evaluation.auc),
        low: String(evaluation.aucInterval?.[0]),
        high: String(evaluation.aucInterval?.[1]),
        f1: String(evaluation.bestF1),
        threshold: String(evaluation.bestThreshold),
        f1At70: String(evaluation.f1At70),
      }),
    );
  return { json, text: text.join('\n') };
}

function recallLine(evaluation: ScreeningEvaluation, t: Translate): string {
  const [low, high] = evaluation.recallAt50Interval.map((value) => value.toFixed(3));
  return t('goods.cli-recall', {
    one: evaluation.recallAt1.toFixed(4),
    ten: evaluation.recallAt10.toFixed(4),
    fifty: evaluation.recallAt50.toFixed(4),
    low: low ?? '',
    high: high ?? '',
  });
}

async function runScreen(call: Call, t: Translate, opened: OpenedList): Promise<CliAnswer> {
  const threshold = call.options.threshold;
  const answer = await screenFile(
    opened,
    needed(call, 'queries'),
    {
      limit: numberOf(call, 'limit', 10, 'goods.limit-outside', (n) => Number.isInteger(n) && n >= 1 && n <= 1000),
      threshold:
        threshold === undefined
          ? undefined
          : numberOf(call, 'threshold', 0.7, 'goods.threshold-outside', (n) => n >= 0.6 && n <= 0.9),
      explain: call.switches.has('explain'),
      queryColumn: call.options['query-column'],
      expect: call.options.expect,
      schema: schemaOf(call, 'Thing'),
      encoding: call.options.encoding,
    },
    () => performance.now(),
  );
  const rejected = [...said(opened.rejected, t), ...said(answer.rejected, t)];
  const evaluation = answer.evaluation && {
    ...answer.evaluation,
    recallAt50Interval: answer.evaluation.recallAt50Interval.map(four),
  };
  const json = {
    kind: 'goods.screening',
    version: 1,
    model: matchModel.version,
    list: { id: opened.id, version: opened.version, entries: opened.list.size },
    queries: answer.queries,
    results: answer.results,
    rejected,
    notes: [...opened.notes, ...answer.notes].map((note) => t.code(note)),
    evaluation,
  };
  if (call.switches.has('jsonl')) return { json, text: lines(answer.results) };
  const alerting = answer.results.filter(({ candidates }) => candidates.some(({ decision }) => decision !== 'none'));
  const text = [
    ...alerting.flatMap(({ row, query, candidates }) => [
      `${row}: ${query}`,
      ...candidates
        .filter(({ decision }) => decision !== 'none')
        .map((one) => `    ${one.rank}. ${one.similarity.toFixed(4)}  ${one.probability.toFixed(4)}  ${one.band}  ${one.entryId}  ${one.name}`), // prettier-ignore
    ]),
    ...rejected.map((one) => `${one.row}: ${one.message}`),
    t('goods.cli-screened', { queries: answer.queries, entries: opened.list.size, alerts: alerting.length }),
    ...(answer.evaluation ? [recallLine(answer.evaluation, t)] : []),
  ];
  return { json, text: text.join('\n') };
}

async function openLoaded(call: Call, goods: Goods, id: string): Promise<OpenedList> {
  const { list, loaded } = await goods.openList(call.ctx, id);
  return { id: loaded.id, version: loaded.version, list, rejected: [], notes: [] };
}

async function runLoadList(call: Call, t: Translate, goods: Goods): Promise<CliAnswer> {
  const file = call.args[0];
  if (file === undefined) throw new Invalid('cli.argument-needed', { params: { argument: 'FILE' } });
  const columns = columnsOf(call);
  const { entries, rejected, notes } = await readListFile(file, columns);
  const list = await goods.loadList(call.ctx, { id: needed(call, 'list'), version: needed(call, 'version') }, entries);
  return {
    json: { kind: 'goods.list-loaded', version: 1, list, rejected, notes: notes.map((note) => t.code(note)) },
    text: t('goods.cli-list-loaded', {
      list: list.id,
      version: list.version,
      entries: list.entries,
      rejected: rejected.length,
    }),
  };
}

const encoding = { value: 'NAME', summary: 'Encoding of files that are not UTF-8, such as windows-1256' };

/** Commands of name matching. `goods` is reached only by what needs the node. */
export function goodsCommands(words: Words, goods: () => Goods): Command<Context>[] {
  return [
    {
      module: 'goods',
      verb: 'match-names',
      summary: 'Compares pairs of names in any script and says how alike they are and why',
      options: {
        pairs: { value: 'FILE', summary: 'CSV with name1 and name2; is_match adds figures', required: true },
        prior: { value: 'NUMBER', summary: 'Probability before anything is compared; 0.5 unless told' },
        schema: {
          value: 'SCHEMA',
          summary: 'Person, Company, Organization, Vessel …; told from the names when not given',
        },
        encoding,
        explain: { summary: 'Add why, step by step' },
        jsonl: { summary: 'One result a line' },
      },
      needs: 'files',
      run: (call) => runMatchNames(call, words(call.ctx.locale)),
    },
    {
      module: 'goods',
      verb: 'screen',
      summary: 'Screens the names of a file against a list',
      options: {
        against: { value: 'LIST', summary: 'CSV or FollowTheMoney file, or with --node a loaded list', required: true },
        queries: { value: 'FILE', summary: 'CSV with the names to look for', required: true },
        'name-column': { value: 'COLUMN', summary: 'Name in the list' },
        'id-column': { value: 'COLUMN', summary: 'Id in the list' },
        'query-column': { value: 'COLUMN', summary: 'Name in the queries' },
        expect: { value: 'COLUMN', summary: 'Column of the queries with the id of the true entry; adds recall' },
        limit: { value: 'NUMBER', summary: 'Candidates shown; 10 unless told' },
        threshold: { value: 'NUMBER', summary: 'Similarity from which a name is looked at; 0.70 unless told' },
        schema: { value: 'SCHEMA', summary: 'What the queries are, when their file does not say' },
        encoding,
        explain: { summary: 'Add why, step by step' },
        jsonl: { summary: 'One result a line' },
      },
      needs: 'files',
      run: async (call) => {
        const columns = columnsOf(call);
        const against = needed(call, 'against');
        const opened = existsSync(against)
          ? await openListFile(against, columns)
          : await openLoaded(call, goods(), against);
        return runScreen(call, words(call.ctx.locale), opened);
      },
    },
    {
      module: 'goods',
      verb: 'load-list',
      summary: 'Loads a version of a list that names are screened against',
      usage: 'FILE',
      options: {
        list: { value: 'ID', summary: 'Name of the list, the same in all its versions', required: true },
        version: { value: 'VERSION', summary: 'Version as its publisher names it', required: true },
        'name-column': { value: 'COLUMN', summary: 'Name in the list' },
        'id-column': { value: 'COLUMN', summary: 'Id in the list' },
        encoding,
      },
      needs: 'node',
      run: (call) => runLoadList(call, words(call.ctx.locale), goods()),
    },
    {
      module: 'goods',
      verb: 'judgements',
      summary: 'Shows the ledger of judgements, withdrawn ones among them',
      usage: 'ID',
      needs: 'node',
      run: async (call) => {
        const judgements = await goods().listJudgements(call.ctx, call.args[0]);
        return {
          json: { kind: 'goods.judgements', version: 1, judgements },
          text: judgements.map((one) => `${one.at}  ${one.verdict}${one.withdrawn ? ' (withdrawn)' : ''}  ${one.leftId}  ${one.rightId}  ${one.id}`).join('\n'), // prettier-ignore
        };
      },
    },
  ];
}
