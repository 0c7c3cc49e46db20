import type { Instant } from '../../../../platform/values/index.ts';
import { Bdi, Notice, Receipt, Ref, Tracker, type Content, type Stage, type View } from '../../../../web/index.ts';
import type { SharedState } from '../../rules/index.ts';
import { sharedStages } from '../../schema/index.ts';
import type { CarriedMessage } from '../../service/index.ts';
import { hasArrived, messageOfAct, shortReceipt, type Waiting } from './parts.ts';

interface StagesProps {
  view: View;
  shared: SharedState;
  messages: readonly CarriedMessage[];
  /** Words for a stage that is still to come, such as the day asked for. */
  expected?: Partial<Record<(typeof sharedStages)[number], Content>>;
  proofHref?: (message: string) => string;
}

/** The six stages both States see, each with its moment and its signed receipt. */
export function Stages({ view, shared, messages, expected = {}, proofHref }: StagesProps) {
  const now = shared.stage ? sharedStages.indexOf(shared.stage) : -1;
  const stages = sharedStages.map((stage, index): Stage => {
    const reached = shared.reached.find((one) => one.stage === stage);
    const message = reached ? messageOfAct(messages, reached.act) : undefined;
    const moment = reached ? view.formats.moment(reached.at, view.node.zone) : undefined;
    const lines = reached
      ? [<time datetime={reached.at}>{moment}</time>, receiptLine(view, message, proofHref)].filter(Boolean)
      : index > now && expected[stage]
        ? [expected[stage]]
        : [];
    // The last stage is an end, not a place where something is awaited.
    const status = index < now || (index === now && stage === 'closed') ? 'done' : index === now ? 'now' : 'later';
    return { label: view.t(`requests.stage.${stage}`), status, lines };
  });
  return <Tracker view={view} stages={stages} />;
}

function receiptLine(
  view: View,
  message: CarriedMessage | undefined,
  proofHref: StagesProps['proofHref'],
): Content | null {
  if (!message) return null;
  if (!hasArrived(message)) return view.t(`thread.state-${message.state}`);
  const receipt = <Ref value={shortReceipt(message.id)} />;
  return (
    <>
      {view.t('thread.receipt')} {proofHref ? <a href={proofHref(message.id)}>{receipt}</a> : receipt}
    </>
  );
}

/** The newest proof in a line: did it arrive, and what was heard last of the other side. */
export function LastReceipt({
  view,
  messages,
  authority,
}: {
  view: View;
  messages: readonly CarriedMessage[];
  authority: string;
}) {
  const out = messages.filter((one) => one.direction === 'out').toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
  if (!out) return null;
  const arrived = hasArrived(out);
  return (
    <Receipt
      view={view}
      waiting={!arrived}
      words={<Bdi>{view.t(arrived ? `thread.last-${lastWord(out)}` : `thread.state-${out.state}`, { authority })}</Bdi>}
      at={view.formats.moment(out.stateAt, view.node.zone)}
      dateTime={out.stateAt}
      receipt={arrived ? shortReceipt(out.id) : undefined}
    />
  );
}

function lastWord({ state }: CarriedMessage): 'delivered' | 'received' | 'opened' | 'handed-over' {
  return state === 'received' || state === 'opened' || state === 'handed-over' ? state : 'delivered';
}

interface WaitingProps {
  view: View;
  state: string;
  messages: readonly CarriedMessage[];
  waiting: ReadonlyMap<string, Waiting>;
}

/** "Waiting for Borea since 10:02": what is held here, why, and when it is tried again. */
export function WaitingNotice({ view, state, messages, waiting }: WaitingProps) {
  const { t, formats } = view;
  const held = messages.filter((one) => one.direction === 'out' && ['queued', 'held-here'].includes(one.state));
  const oldest = held.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0];
  if (oldest) {
    const told = waiting.get(oldest.id);
    const since = told?.since ?? oldest.at;
    const time = (at: Instant) => formats.time(at, view.node.zone);
    return (
      <Notice
        view={view}
        kind="warning"
        title={t('thread.waiting-since', { state, time: time(since), count: held.length })}
      >
        <p>
          {told?.lastError ? t('thread.last-error', { error: codeWords(view, told.lastError, state) }) : null}{' '}
          {told?.nextTry ? t('thread.next-try', { time: time(told.nextTry) }) : null} {t('thread.nothing-lost')}
        </p>
      </Notice>
    );
  }
  const failed = messages.filter((one) => one.direction === 'out' && ['refused', 'expired'].includes(one.state));
  const last = failed.at(-1);
  if (!last) return null;
  return (
    <Notice
      view={view}
      kind="error"
      title={t(`thread.failed-${last.state === 'expired' ? 'expired' : 'refused'}`, { state })}
    >
      <p>{last.reason ? codeWords(view, last.reason, state) : null}</p>
    </Notice>
  );
}

/** Words of a code of the carrier; they may name the other node, which an officer knows as its State. */
function codeWords(view: View, code: string, state: string): string {
  return view.t.has(code) ? view.t.code(code, { node: state, peer: state, state }) : code;
}
