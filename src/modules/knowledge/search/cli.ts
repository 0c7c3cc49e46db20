import { accessSync, constants, writeFileSync } from 'node:fs';
import { exit, type CliAnswer, type CliCall, type Command } from '../../../platform/cli/index.ts';
import { document } from '../../../platform/cli/run.ts';
import { Invalid, Unavailable } from '../../../platform/errors.ts';
import type { Context } from '../../identity/index.ts';
import { indexStatus } from './engine/status.ts';
import { verifyIndex } from './engine/verify.ts';
import { rebuildAll } from './engine/writer.ts';
import { memoryEngine, scratchEngine } from './engines.ts';
import { fileLines, readCollection, type Collection } from './collection.ts';
import { evaluate, trecRun, type Evaluation, type JudgedEngine } from './evaluate.ts';
import { openPeer, peerNames } from './peers.ts';
import { knownReference, referenceBm25 } from './reference.ts';
import { MatchMode, SearchLanguage, type Thesaurus } from './schema.ts';
import { lockParts } from './store.ts';

type Call = CliCall<Context>;

/** What the commands need of the module. */
export interface SearchCommandParts {
  thesaurus(): Thesaurus | undefined;
}

function linesOf(call: Call, option: string): Iterable<string> {
  const file = call.options[option]!;
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw new Invalid('knowledge.file-not-read', { params: { file }, cause });
  }
  return fileLines(file);
}

const ownEngine = 'comity';

async function evaluateFiles(call: Call, parts: SearchCommandParts): Promise<CliAnswer> {
  const option = <T extends string>(name: string, options: readonly T[], otherwise: T): T => {
    const given = call.options[name];
    const found = options.find((one) => one === given);
    if (given !== undefined && found === undefined)
      throw new Invalid('knowledge.unknown-option', { params: { name, given, known: options.join(', ') } });
    return found ?? otherwise;
  };
  const settings = {
    language: option('language', SearchLanguage.options, 'en'),
    match: option('match', MatchMode.options, 'some'),
    operators: call.switches.has('operators'),
    thesaurus: parts.thesaurus(),
  };
  const name = call.options['engine'] ?? ownEngine;
  if (name !== ownEngine && !peerNames.includes(name))
    throw new Invalid('knowledge.unknown-engine', {
      params: { given: name, known: [ownEngine, ...peerNames].join(', ') },
    });
  const collection = readCollection({
    docs: linesOf(call, 'docs'),
    queries: linesOf(call, 'queries'),
    qrels: linesOf(call, 'qrels'),
  });
  if (collection.judgements === 0) throw new Invalid('knowledge.nothing-judged');
  const run = (engine: JudgedEngine) => runEngine(call, collection, engine);
  if (name !== ownEngine) return run(await openPeer(name));
  return call.switches.has('node')
    ? call.ctx.transaction((tx) => run(scratchEngine(tx, settings)))
    : run(memoryEngine(settings));
}

const shownRejected = 20;

async function runEngine(call: Call, collection: Collection, engine: JudgedEngine): Promise<CliAnswer> {
  const now = () => performance.now();
  const engines = call.switches.has('no-reference') ? [engine] : [engine, referenceBm25()];
  let evaluation: Evaluation;
  let of: Evaluation | undefined;
  try {
    const [own, reference] = await evaluate(collection, engines, now);
    evaluation = own!.evaluation;
    of = reference?.evaluation;
    if (evaluation.judgedQueries === 0) throw new Invalid('knowledge.nothing-judged');
    if (call.options['run'] !== undefined) writeFileSync(call.options['run'], trecRun(own!.rankings, engine.name));
  } finally {
    await engine.close();
  }
  if (of) {
    const reference = { ndcg10: of.ndcg10, recall100: of.recall100 };
    const expected = knownReference(of);
    if (
      expected &&
      Math.abs(expected.ndcg10 - reference.ndcg10) + Math.abs(expected.recall100 - reference.recall100) > 0.005
    )
      throw new Unavailable('knowledge.reference-broken', {
        params: { ...reference, expected: `${String(expected.ndcg10)}, ${String(expected.recall100)}` },
      });
    const less = (one: number, other: number) => Math.round((one - other) * 10_000) / 10_000;
    evaluation.reference = reference;
    evaluation.difference = {
      ndcg10: less(evaluation.ndcg10, reference.ndcg10),
      recall100: less(evaluation.recall100, reference.recall100),
    };
  }
  const { engine: measured, rejected } = evaluation;
  const text = [
    `${measured.name} ${measured.version}: nDCG@10 ${String(evaluation.ndcg10)}, Recall@100 ${String(evaluation.recall100)} over ${String(evaluation.judgedQueries)} questions`,
    ...(evaluation.reference
      ? [`reference BM25: ${String(evaluation.reference.ndcg10)}, ${String(evaluation.reference.recall100)}`]
      : []),
    `${String(evaluation.indexDocsPerSecond)} texts/s; a question takes ${String(evaluation.queryMsP50)} ms, ${String(evaluation.queryMsP95)} ms at p95`,
    ...rejected
      .slice(0, shownRejected)
      .map(({ file, line, reason }) => `rejected: ${file} line ${String(line)}: ${reason}`),
    ...(rejected.length > shownRejected
      ? [`rejected: ${String(rejected.length - shownRejected)} more lines; --json lists all`]
      : []),
    ...evaluation.notes,
  ].join('\n');
  return document('knowledge.evaluation', { ...evaluation }, text, rejected.length > 0 ? exit.negative : exit.done);
}

/** Commands of the search: its measure, and the care of the index. */
export function searchCommands(parts: SearchCommandParts): Command<Context>[] {
  return [
    {
      module: 'knowledge',
      verb: 'evaluate',
      summary: 'Measures the ranking on a judged collection, beside a plain BM25',
      options: {
        docs: {
          value: 'FILE',
          summary: 'Texts: JSON lines of _id, title, text; or columns with tabs between',
          required: true,
        },
        queries: { value: 'FILE', summary: 'Questions: JSON lines of _id, text; or two columns', required: true },
        qrels: {
          value: 'FILE',
          summary:
            'Judgements: query-id, corpus-id, score with tabs between, with or without a heading; or as TREC writes them',
          required: true,
        },
        language: { value: 'en', summary: 'Language of the texts; en unless told' },
        match: { value: 'auto|all|some', summary: 'Match set; some unless told, as a plain BM25 has it' },
        operators: { summary: 'Reads quotes, minus, AND, OR, NOT and word: in questions as operators' },
        run: { value: 'FILE', summary: 'Writes the rankings as a TREC run' },
        engine: { value: 'NAME', summary: `comity (default), or a peer: ${peerNames.join(', ')}` },
        'no-reference': { summary: 'Leaves the plain BM25 out' },
        node: { summary: 'Scratch tables in the database of the node, instead of memory' },
      },
      needs: 'files',
      run: (call) => evaluateFiles(call, parts),
    },
    {
      module: 'knowledge',
      verb: 'index status',
      summary: 'Shows what the search index holds and what waits',
      needs: 'node',
      run: async (call) => {
        const status = await call.ctx.transaction(indexStatus);
        return document(
          'knowledge.index-status',
          { ...status },
          `version ${status.version || 'none'}: ${String(status.units)} units, ${String(status.waiting)} waiting, ${String(status.segments)} parts, ${String(status.bytes)} bytes`,
          status.version === '' ? exit.cannotNow : exit.done,
        );
      },
    },
    {
      module: 'knowledge',
      verb: 'index rebuild',
      summary: 'Builds the search index anew from the database',
      needs: 'node',
      run: async (call) => {
        const status = await call.ctx.transaction(async (tx) => {
          await lockParts(tx);
          await rebuildAll(tx, (share) => call.say(`${String(Math.round(share * 100))} %`));
          return indexStatus(tx);
        });
        return document(
          'knowledge.index-status',
          { ...status },
          `${String(status.units)} units in ${String(status.segments)} parts`,
        );
      },
    },
    {
      module: 'knowledge',
      verb: 'index verify',
      summary: 'Compares the search index with what it was made of',
      needs: 'node',
      run: async (call) => {
        const report = await call.ctx.transaction(verifyIndex);
        return document(
          'knowledge.index-verification',
          { ...report },
          [
            `${report.ok ? 'sound' : 'not sound'}: ${String(report.checkedUnits)} units, digest ${report.digest}`,
            ...report.faults.map(({ code, id }) => `${code} ${id}`),
          ].join('\n'),
          report.ok ? exit.done : exit.negative,
        );
      },
    },
  ];
}
