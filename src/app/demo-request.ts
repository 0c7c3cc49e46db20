import { uuidv7 } from '../platform/random.ts';
import { every } from '../platform/clock.ts';
import { addDays, type PlainDate, type Problem, type Result } from '../platform/values/index.ts';
import type { Context } from '../modules/identity/index.ts';
import type { RequestView } from '../modules/requests/index.ts';
import type { LiveModules } from './live-modules.ts';
import type { Node } from './node.ts';
import { actAsSample } from './sample-people-at.ts';
import { openCompleteSample } from './sample-world.ts';

/** A running node of the demo. */
export interface DemoSide {
  node: Node;
  live: LiveModules;
}

const lookEveryMs = 100;
const longestWaitMs = 60_000;

function done<T>(outcome: Result<T, readonly Problem[]>): T {
  if (!outcome.ok) throw new Error(`The sample was refused: ${outcome.error.map((one) => one.code).join(', ')}`);
  return outcome.value;
}

/** Looks again until something is there. */
function waitFor<T>(find: () => Promise<T | undefined>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    let looks = 0;
    let looking = false;
    const look = every(lookEveryMs, () => {
      if (looking) return;
      looking = true;
      looks += 1;
      const late = looks * lookEveryMs > longestWaitMs;
      find()
        .then((found) => {
          looking = false;
          if (found === undefined && !late) return;
          look.stop();
          if (found === undefined) reject(new Error(`Not there in time: ${what}`));
          else resolve(found);
        })
        .catch((error: unknown) => {
          look.stop();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  });
}

const sampleCase = { number: 'AC-09/2026', title: 'Accounts of Kestrel Bank' };

/** Written, reviewed, cleared, signed and sent, each by the person whose part it is. */
export async function sendFromAlba(alba: DemoSide, caseFile = sampleCase): Promise<RequestView> {
  const { requests } = alba.live;
  const [amara, teo, noor, deniz] = await Promise.all(
    (['amara', 'teo', 'noor', 'deniz'] as const).map((name) => actAsSample(alba.node, name)),
  );
  const members = [teo, noor, deniz].flatMap((ctx) => (ctx?.actor.kind === 'person' ? [ctx.actor.id] : []));
  if (!amara || !teo || !noor || !deniz) throw new Error('Alba lacks its people');
  let view = await openCompleteSample(amara, alba.live, { ...caseFile, members });
  const act = async (
    who: Context,
    kind: Parameters<typeof requests.act>[2],
    data: Parameters<typeof requests.act>[3],
  ) => (view = done(await requests.act(who, view.reference, kind, data, view.head)));
  await act(amara, 'submit-for-review', {});
  await act(teo, 'review-pass', {});
  const reviewer = noor.actor.kind === 'person' ? noor.actor.name : '';
  const looked = await requests.saveRisk(noor, view.reference, {
    persecution: { answer: 'none-found', reviewer, on: noor.today() },
  });
  if (!looked.ok) throw new Error(`The sample was refused: ${looked.error.problems.map((one) => one.code).join(', ')}`);
  view = looked.value;
  await act(noor, 'clear', {});
  await act(deniz, 'sign', { contentHash: view.contentHash });
  return act(noor, 'transmit', { waiveHold: true });
}

/** Registered, acknowledged, assessed and asked about. */
async function askFromBorea(borea: DemoSide, reference: string): Promise<void> {
  const { incoming } = borea.live;
  const ines = await actAsSample(borea.node, 'ines');
  const side = await waitFor(() => incoming.sideOf(ines, reference), `${reference} at Borea`);
  let view = await incoming.get(ines, side.reference);
  const act = async (kind: Parameters<typeof incoming.actUnread>[2], input: unknown) =>
    (view = done(await incoming.actUnread(ines, side.reference, kind, input, view.head)));
  await act('register', {});
  const drafted = view.proposals.find((one) => one.reply === 'acknowledgement');
  if (!drafted) throw new Error('No acknowledgement was drafted');
  await act('acknowledge', {
    reply: { ...drafted, desk: { en: 'Central Authority of Borea', ar: 'السلطة المركزية في بوريا' } },
  });
  await act('assess', { finding: 'needs-information' });
  const by: PlainDate = addDays(ines.today(), 10);
  await act('ask-information', {
    reply: {
      reply: 'more-information',
      questions: [
        {
          id: uuidv7(ines.random, Date.parse(ines.clock.now())),
          path: ['facts', 3, 'text'],
          text: {
            en: 'Which invoice belongs to the transfer of 2 April 2026?',
            ar: 'أي فاتورة تخص تحويل 2 نيسان/أبريل 2026؟',
          },
          why: {
            en: 'The court asks for it before it orders the freezing.',
            ar: 'تطلبها المحكمة قبل أن تأمر بالتجميد.',
          },
          by,
        },
      ],
      meanwhile: { en: 'The bank is told to keep its records.', ar: 'أُبلغ المصرف بحفظ سجلاته.' },
    },
  });
}

/**
 * A request that is half-way when the demo begins: sent by Alba over the border, registered and assessed at Borea, with
 * a question open. Every step is the use case that its person would start on a page; keys, seals and receipts are real.
 * Does nothing when Borea has received a request before.
 */
export async function sendRequestHalfWay(alba: DemoSide, borea: DemoSide): Promise<void> {
  const ines = await actAsSample(borea.node, 'ines');
  const { requests: known } = await borea.live.incoming.list(ines, { limit: 1 });
  if (known.length > 0) return;
  const { reference } = await sendFromAlba(alba);
  await askFromBorea(borea, reference);
  const amara = await actAsSample(alba.node, 'amara');
  await waitFor(
    async () => ((await alba.live.requests.get(amara, reference)).status === 'information-asked' ? true : undefined),
    'the question at Alba',
  );
}
