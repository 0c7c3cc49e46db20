import { document } from '../../platform/cli/run.ts';
import { exit, type CliAnswer, type CliCall, type Command } from '../../platform/cli/index.ts';
import { Invalid } from '../../platform/errors.ts';
import type { Context } from '../identity/index.ts';
import { toOutput, whole } from './api.ts';
import { facetNames, SearchLanguage, type SearchUnit } from './search/schema.ts';
import type { Answered, Knowledge } from './service.ts';
import { slugOf } from './sources/schema.ts';

type Call = CliCall<Context>;

const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** Options of a question that are facets, with what stands for their value in the help. */
const facetOptions = Object.fromEntries(
  facetNames.map((name) => [
    name,
    { value: 'VALUE', multiple: true, summary: `Only this ${name}; may be given again` },
  ]),
);

function asked(call: Call): Record<string, string[]> {
  const one = (name: string) => (call.options[name] === undefined ? {} : { [name]: [call.options[name]] });
  return {
    q: [call.args.join(' ')],
    ...Object.fromEntries(facetNames.map((name) => [name, call.lists[name] ?? []])),
    ...one('on'),
    ...one('match'),
    ...one('sort'),
    ...one('limit'),
    ...one('cursor'),
    ...(call.switches.has('narrower') ? { narrower: ['1'] } : {}),
    ...(call.switches.has('list') ? { list: ['provisions'] } : {}),
  };
}

function shownResults(answered: Answered): string {
  const { results, asking, works } = answered;
  const lines: string[] = [];
  if (asking)
    lines.push(
      `${asking.label}: ${asking.unit?.id ?? asking.status}${asking.nearest ? ` (near: ${asking.nearest})` : ''}`,
    );
  if (!results) return lines.join('\n');
  lines.push(`${String(results.units)} provisions in ${String(results.works)} texts, ${results.match} of the words`);
  for (const { work, hits, more } of results.groups) {
    lines.push('', `${work}  ${works.get(work)?.title ?? hits[0]?.unit.title ?? ''}`);
    for (const { unit, score, pinned, citing, snippets } of hits) {
      const mark = pinned ? 'asked for' : citing ? 'cites it' : score.toFixed(2);
      lines.push(`  ${unit.id}  [${mark}] ${unit.heading ?? ''}`.trimEnd());
      for (const { text } of snippets.slice(0, 1)) lines.push(`    ${plain(text)}`);
    }
    if (more > 0) lines.push(`  and ${String(more)} more`);
  }
  if (results.didYouMean) lines.push('', `Did you mean: ${results.didYouMean}`);
  if (results.notes.length > 0) lines.push('', `Notes: ${results.notes.join(', ')}`);
  return lines.join('\n');
}

async function search(call: Call, knowledge: Knowledge): Promise<CliAnswer> {
  if (call.args.length === 0) throw new Invalid('knowledge.question-needed');
  const language = SearchLanguage.parse(call.ctx.locale);
  const answered = whole(await knowledge.answer(call.ctx, asked(call), language));
  // Says which command mends it.
  if (answered.isMissing) await knowledge.needs.index.search({ text: '', access: ['public'], language });
  const json: Record<string, unknown> = { ...toOutput(answered) };
  const first = answered.results?.groups[0]?.hits[0]?.unit.id;
  if (call.switches.has('explain') && first !== undefined)
    json['explanation'] = await knowledge.explain(call.ctx, answered.asked, first, language);
  const found = (answered.results?.units ?? 0) > 0 || answered.asking?.unit !== undefined;
  const text = [shownResults(answered), ...(json['explanation'] ? [JSON.stringify(json['explanation'], null, 2)] : [])];
  return { json, text: text.join('\n\n'), exit: found ? exit.done : exit.negative };
}

/** `XVIII-12#art_16@en` and `A/RES/55/25` as they are; anything else as a reference to be read. */
async function place(call: Call, knowledge: Knowledge, given: string) {
  const [, work = '', eId, tag] = /^([^#@]+)(?:#([^@]+))?(?:@(\w+))?$/.exec(given) ?? [];
  const language = tag === undefined ? SearchLanguage.parse(call.ctx.locale) : SearchLanguage.safeParse(tag).data;
  if (language === undefined) throw new Invalid('knowledge.unknown-value', { params: { given, near: 'none' } });
  const held = (await knowledge.works(call.ctx)).some((one) => one.work === work || one.slug === work);
  if (held || eId !== undefined) return { work, eId, language };
  const { asking } = await knowledge.answer(call.ctx, { q: [given] }, language);
  // What is not there is refused by its own code below.
  return asking?.unit ? { work: asking.work, eId: asking.eId ?? asking.unit.eId, language } : { work, eId, language };
}

const shortly = ({ id, eId, heading, text }: SearchUnit) => ({ id, eId: eId ?? null, heading: heading ?? null, text });

async function show(call: Call, knowledge: Knowledge): Promise<CliAnswer> {
  const given = call.args.join(' ').trim();
  if (given === '') throw new Invalid('knowledge.question-needed');
  const asked = await place(call, knowledge, given);
  if (asked.eId === undefined) {
    const { work, units } = await knowledge.work(call.ctx, slugOf(asked.work), asked.language);
    const { kind: textKind, ...card } = work;
    return document(
      'knowledge.work',
      { ...card, textKind, units: units.filter(({ eId }) => eId !== undefined).map(shortly) },
      [
        work.title,
        ...units.flatMap(({ id, heading }) => (id.includes('#') ? [`  ${id}  ${heading ?? ''}`.trimEnd()] : [])),
      ].join('\n'),
    );
  }
  const found = await knowledge.provision(call.ctx, slugOf(asked.work), asked.eId, asked.language);
  const { work, unit, shown, cites, citedBy } = found;
  const lines = shown.flatMap((one) =>
    one.lines.map(
      ({ depth, mark, pieces }) =>
        `${'  '.repeat(depth)}${mark === null ? '' : `(${mark}) `}${pieces.map(({ text }) => text).join('')}`,
    ),
  );
  return document(
    'knowledge.provision',
    {
      ...shortly(unit),
      text: lines.join('\n'),
      work: work.work,
      title: work.title,
      language: unit.language,
      date: work.date,
      origin: work.origin,
      cites,
      citedBy: citedBy.map((one) => ({ id: one.unit.id, before: one.before, cited: one.cited, after: one.after })),
      hasMore: found.hasMore,
    },
    [
      `${unit.id}  ${work.title}`,
      ...(unit.heading ? [unit.heading] : []),
      '',
      ...lines,
      '',
      `${work.origin.packTitle}, ${work.origin.asOf}. ${work.origin.licence}`,
      ...(cites.length > 0
        ? [`Cites: ${cites.map((one) => (one.eId ? `${one.work}#${one.eId}` : one.work)).join(', ')}`]
        : []),
      ...(citedBy.length > 0 ? [`Cited by: ${citedBy.map((one) => one.unit.id).join(', ')}`] : []),
    ].join('\n'),
  );
}

/** What the page does, at the command line: as the operator of the node, who reads what is internal too. */
export function knowledgeCommands(knowledge: () => Knowledge): Command<Context>[] {
  return [
    {
      module: 'knowledge',
      verb: 'search',
      usage: 'QUESTION',
      summary: 'Searches the provisions of installed texts by words or by a reference',
      options: {
        ...facetOptions,
        on: { value: 'DAY', summary: 'Only what is in force on this day' },
        match: { value: 'auto|all|some', summary: 'All words or some; auto unless told' },
        sort: { value: 'relevance|date|state|article', summary: 'Order of the results' },
        limit: { value: '20', summary: 'Results, 100 at most' },
        cursor: { value: 'CURSOR', summary: 'Goes on where an answer ended' },
        list: { summary: 'Every provision on its own' },
        narrower: { summary: 'Narrower terms of the thesaurus too' },
        explain: { summary: 'Says why the first one stands first' },
      },
      needs: 'node',
      run: (call) => search(call, knowledge()),
    },
    {
      module: 'knowledge',
      verb: 'show',
      usage: 'ID|REFERENCE',
      summary: 'Shows a provision with what it cites and what cites it, or a text as a whole',
      needs: 'node',
      run: (call) => show(call, knowledge()),
    },
  ];
}
