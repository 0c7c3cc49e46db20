import { NotFound } from '../../../platform/errors.ts';
import { page, redirect, type PageCall, type PageRoute } from '../../../platform/http/routes.ts';
import type { View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import { InstrumentId } from '../../treaties/index.ts';
import { SearchLanguage } from '../search/schema.ts';
import type { Answered, Knowledge } from '../service.ts';
import { provisionHref } from './address.ts';
import type { StatusStrip } from './card.tsx';
import { ProvisionPage, WorkPage } from './provision.tsx';
import type { Why } from './result.tsx';
import { SearchPage } from './search.tsx';
import { kindWords, pageLocales, type WorkNames } from './words.tsx';

type Call = PageCall<Context, View>;

const languageOf = (view: View) => SearchLanguage.parse(view.language);

async function namesFor(knowledge: Knowledge, { ctx, view }: Pick<Call, 'ctx' | 'view'>): Promise<WorkNames> {
  const works = new Map((await knowledge.works(ctx)).map((one) => [one.work, one]));
  const facts = knowledge.needs.citations();
  return {
    print(work) {
      const held = works.get(work);
      if (held?.kind !== 'resolution') return facts.printName(work);
      const [number] = held.shortTitles;
      return number === undefined ? held.title : `${kindWords(view, held.kind)} ${number}`;
    },
  };
}

/** Since when a treaty is in force and how many are party today. */
function stripOf(knowledge: Knowledge, ctx: Context, answered: Answered): StatusStrip | undefined {
  const { unit } = answered.asking ?? {};
  const id = InstrumentId.safeParse(unit?.work);
  const { treaties } = knowledge.needs;
  const instrument = id.success ? treaties.facts().instruments.get(id.data) : undefined;
  if (!instrument) return undefined;
  return {
    inForceSince: instrument.entryIntoForce,
    parties: treaties.parties(ctx, { instrument: instrument.id, on: ctx.today() }).parties.length,
  };
}

async function whyOf(knowledge: Knowledge, { ctx, view, query }: Call, answered: Answered): Promise<Why | undefined> {
  if (!query.why || !answered.results) return undefined;
  const explanation = await knowledge
    .explain(ctx, answered.asked, query.why.slice(0, 300), languageOf(view))
    .catch((error: unknown) => {
      if (error instanceof NotFound) return undefined;
      throw error;
    });
  return explanation && { unit: query.why, explanation };
}

async function search(knowledge: Knowledge, call: Call) {
  const { ctx, view, queries } = call;
  const language = languageOf(view);
  const answered = await knowledge.answer(ctx, queries, language);
  const { asked, asking } = answered;
  const shown = asking?.unit?.eId ? (await knowledge.read(ctx, asking.unit)).shown : [];
  const status = await knowledge.status(ctx);
  return page(
    <SearchPage
      view={view}
      names={await namesFor(knowledge, { ctx, view })}
      answered={answered}
      shown={shown}
      strip={stripOf(knowledge, ctx, answered)}
      why={await whyOf(knowledge, call, answered)}
      status={status}
      works={[...answered.works.values()]}
      dropped={asked.dropped.map((id) => ({ id, words: knowledge.needs.thesaurus.labelOf(id, language) ?? id }))}
    />,
    answered.problems.length > 0 ? 422 : 200,
  );
}

async function provision(knowledge: Knowledge, { ctx, view, params }: Call) {
  const asked = params.eId ?? '';
  const found = await knowledge.provision(ctx, params.work ?? '', asked, languageOf(view));
  // An item has no page of its own: it is a place on the page of its paragraph.
  if (found.unit.eId !== asked) return redirect(`${provisionHref(found.work.work, found.unit.eId)}#${asked}`);
  const held = new Set((await knowledge.works(ctx)).map((one) => one.work));
  return page(
    <ProvisionPage
      view={view}
      names={await namesFor(knowledge, { ctx, view })}
      found={found}
      holds={(work) => held.has(work)}
    />,
  );
}

/** `/knowledge`, the page of each text and of each provision: open to everyone, in six languages. */
export function knowledgePages(knowledge: Knowledge): PageRoute<Context, View>[] {
  const shared = { kind: 'page', method: 'get', permission: 'knowledge.read', locales: pageLocales } as const;
  return [
    { ...shared, path: '/knowledge', handler: (call) => search(knowledge, call) },
    {
      ...shared,
      path: '/knowledge/works/:work',
      handler: async ({ ctx, view, params }) => {
        const { work, units } = await knowledge.work(ctx, params.work ?? '', languageOf(view));
        return page(
          <WorkPage view={view} names={await namesFor(knowledge, { ctx, view })} work={work} units={units} />,
        );
      },
    },
    { ...shared, path: '/knowledge/works/:work/:eId', handler: (call) => provision(knowledge, call) },
  ];
}
