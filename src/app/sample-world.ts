import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../platform/paths.ts';
import { addDays, stateCode, type PlainDate } from '../platform/values/index.ts';
import { loadCustodianEntries, loadSampleDirectory } from '../modules/authorities/index.ts';
import {
  addSampleOffice,
  addSamplePerson,
  createDemoLink,
  type Actor,
  type Context,
} from '../modules/identity/index.ts';
import { DraftRequest, originalHash, taskOf, type RequestView } from '../modules/requests/index.ts';
import type { LiveModules } from './live-modules.ts';
import { contextFor, type Node } from './node.ts';
import { samplePeopleOf, type SamplePeople, type SamplePerson } from './sample-people.ts';

const builder: Actor = { kind: 'system', id: 'sample-world' };

/** People of the sample world who are on the node already, by sign-in name. */
export async function knownPeople(ctx: Context): Promise<Map<string, string>> {
  return ctx.transaction(async (tx) => {
    const rows = await tx.selectFrom('identity_people').select(['id', 'sign_in_name']).execute();
    return new Map(rows.map((row) => [row.sign_in_name, row.id]));
  });
}

function actorOf(id: string, world: SamplePeople, signInName: string, officeIds: Record<string, string>): Actor {
  const person = world.people.find((one) => one.signInName === signInName);
  const officeId = person && officeIds[person.office];
  if (!person || !officeId) throw new Error(`No sample person ${signInName}`);
  const authority = world.offices[person.office]?.authority ?? null;
  return { kind: 'person', id, name: person.name, officeId, authority, roles: person.roles };
}

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
  await save('check', { internal: { warningReasons } });
  return view;
}

/**
 * Three case files of Alba: a request half done, a complete one that waits for its review, and one with planted
 * faults that the check finds.
 */
async function addSampleRequests(
  node: Node,
  live: LiveModules,
  world: SamplePeople,
  ids: Map<string, string>,
  officeIds: Record<string, string>,
): Promise<void> {
  const ctx = contextFor(node, actorOf(ids.get('amara')!, world, 'amara', officeIds), 'en');
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
  const world = samplePeopleOf(node.config.COMITY_STATE, node.config.COMITY_AUTHORITY);
  let ids = await knownPeople(ctx);
  if (ids.size === 0) {
    const officeIds: Record<string, string> = {};
    ids = await ctx.transaction(async (tx) => {
      const made = new Map<string, string>();
      for (const [key, office] of Object.entries(world.offices))
        officeIds[key] = await addSampleOffice(tx, ctx, office);
      for (const person of world.people) {
        const { name, signInName, roles } = person;
        made.set(
          signInName,
          await addSamplePerson(tx, ctx, { name, signInName, roles, officeId: officeIds[person.office]! }),
        );
      }
      return made;
    });
    if (ids.has('amara')) await addSampleRequests(node, live, world, ids, officeIds);
  }
  await live.refresh();
  return ctx.transaction(async (tx) => {
    const links = [];
    for (const person of world.people) {
      const id = ids.get(person.signInName);
      if (id) links.push({ person, link: await createDemoLink(tx, ctx, id) });
    }
    return links;
  });
}
