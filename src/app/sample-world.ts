import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../platform/paths.ts';
import { addDays, stateCode, type PlainDate } from '../platform/values/index.ts';
import { loadCustodianEntries, loadSampleDirectory } from '../modules/authorities/index.ts';
import { createDemoLink, type Context } from '../modules/identity/index.ts';
import { DraftRequest, originalHash, taskOf, type RequestView } from '../modules/requests/index.ts';
import type { LiveModules } from './live-modules.ts';
import { contextFor, type Node } from './node.ts';
import { actAsSample, addSamplePeople, builder } from './sample-people-at.ts';
import { samplePeopleOf, type SamplePerson } from './sample-people.ts';

const sampleHandling = {
  tlp: 'AMBER+STRICT' as const,
  originator: 'XA:central-authority',
  groups: [],
  purposes: [],
  judicialUse: 'free' as const,
  onward: 'on-request' as const,
};

const sampleFolder = join(packageRoot, 'data', 'samples', 'requests');

function readSample(name: string): DraftRequest {
  const file = join(sampleFolder, `${name}.json`);
  return DraftRequest.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Who asks whom, the facts and the people stand; offence, measures and the rest are still to write. */
function halfDone(complete: DraftRequest): DraftRequest {
  const { kind, version, proceeding, facts, nexus, persons, basis } = complete;
  return DraftRequest.parse({ kind, version, proceeding, facts, nexus, persons, basis });
}

/** The complete sample as it would be written on the day it is opened: what is due lies ahead, and the translation is of this text. */
function asOfToday(complete: DraftRequest, today: PlainDate): DraftRequest {
  const due = addDays(today, 21);
  const draft: DraftRequest = {
    ...complete,
    deadline: {
      date: due,
      reason: {
        en: 'The freezing order lapses unless the court has the records within three weeks.',
        ar: 'يسقط أمر التجميد ما لم تصل السجلات إلى المحكمة في غضون ثلاثة أسابيع.',
      },
    },
    measures: (complete.measures ?? []).map((measure) => ({ ...measure, due })),
  };
  return draft;
}

/**
 * Opens the complete sample in a case file of its own, with its annexes, as nobody could return it as incomplete:
 * every warning that stays has its reason.
 */
export async function openCompleteSample(
  ctx: Context,
  live: Pick<LiveModules, 'evidence' | 'requests'>,
  caseFile: { number?: string; title: string; members: string[] },
): Promise<RequestView> {
  const { evidence, requests } = live;
  const complete = readSample('freeze-and-records');
  const opened = await evidence.openCaseFile(ctx, { ...caseFile, handling: sampleHandling });
  for (const annex of complete.annexes ?? []) {
    const fileName = `annex-${annex.n}.txt`;
    await evidence.addFile(ctx, opened.id, { fileName, bytes: readFileSync(join(sampleFolder, 'annexes', fileName)) });
  }
  const from = asOfToday(complete, ctx.today());
  let view = await requests.open(ctx, { caseFileId: opened.id, types: ['T5', 'T9'], to: stateCode('XB'), from });
  const save = async (task: 'check' | 'conditions', content: Record<string, unknown>) => {
    const saved = await requests.saveSection(ctx, view.reference, { task, seen: view.revision, content });
    if (!saved.ok) throw new Error(`The sample was not saved: ${JSON.stringify(saved.error)}`);
    view = saved.value;
  };
  const { languages } = view.request;
  await save(taskOf(['languages']) as 'conditions', {
    languages: {
      ...languages,
      translations: (languages?.translations ?? []).map((one) => ({ ...one, ofVersion: originalHash(view.request) })),
    },
  });
  const { open } = await requests.check(ctx, view.reference);
  const warningReasons = open.map((one) => ({
    code: one.code,
    at: one.path.join('/'),
    reason: 'Looked at with the central authority on the day of writing',
  }));
  // Every complete sample asks for the same account: the one that is sent first is found by the next.
  const sameAccount = {
    code: 'requests.already-restrained',
    at: 'measures/0/fields/property/0',
    reason: 'The same account in another case of this office; both prosecutors know of it',
  };
  await save('check', { internal: { warningReasons: [...warningReasons, sameAccount] } });
  return view;
}

/**
 * Three case files of Alba: a request half done, a complete one that waits for its review, and one with planted
 * faults that the check finds.
 */
async function addSampleRequests(node: Node, live: LiveModules, ids: ReadonlyMap<string, string>): Promise<void> {
  const ctx = await actAsSample(node, 'amara');
  const { requests: written } = await live.requests.list(ctx, { limit: 1 });
  if (written.length > 0) return;
  const members = ['teo', 'noor', 'deniz'].map((name) => ids.get(name)!);
  const complete = readSample('freeze-and-records');
  const open = async (number: string, title: string, from: DraftRequest) => {
    const caseFile = await live.evidence.openCaseFile(ctx, { number, title, handling: sampleHandling, members });
    return live.requests.open(ctx, { caseFileId: caseFile.id, types: ['T5', 'T9'], to: stateCode('XB'), from });
  };
  await open('AC-31/2026', 'Training: find the faults', readSample('planted-faults'));
  const ready = await openCompleteSample(ctx, live, { number: 'AC-22/2026', title: 'Falsified medicines', members });
  await live.requests.act(ctx, ready.reference, 'submit-for-review', {}, ready.head);
  await open('AC-17/2026', 'Accounts of Alba Trading', halfDone(complete));
}

/**
 * Fills a demo node once with directories, the people of its State and, in Alba, case files at three stages; makes a
 * fresh sign-in link per person.
 * Links are made at each start, work once, and exist in profile demo only.
 */
export async function loadSampleWorld(
  node: Node,
  live: LiveModules,
): Promise<{ person: SamplePerson; link: string }[]> {
  const ctx = contextFor(node, builder, 'en');
  await ctx.transaction(async (tx) => {
    await loadSampleDirectory(tx, ctx);
    await loadCustodianEntries(tx, ctx);
  });
  const ids = await addSamplePeople(node);
  if (ids.has('amara')) await addSampleRequests(node, live, ids);
  await live.refresh();
  const { people } = samplePeopleOf(node.config.COMITY_STATE, node.config.COMITY_AUTHORITY);
  return ctx.transaction(async (tx) => {
    const links = [];
    for (const person of people) {
      const id = ids.get(person.signInName);
      if (id) links.push({ person, link: await createDemoLink(tx, ctx, id) });
    }
    return links;
  });
}
