import type { Instant } from '../../../../platform/values/index.ts';
import { Bdi, Button, Decisions, NextStep, type Decision, type View } from '../../../../web/index.ts';
import type { ActionKind, Status } from '../../schema/index.ts';
import type { CheckAnswer, ConversationView, RequestView } from '../../service/index.ts';
import { dueWords, nearestClock } from '../incoming/next.tsx';
import { requestedState } from './parts.ts';

type Own = Extract<Status, 'peer-review' | 'legal-clearance' | 'to-sign'>;

const ownSteps: Record<Own, { title: 'review' | 'clear' | 'sign'; act: ActionKind }> = {
  'peer-review': { title: 'review', act: 'review-pass' },
  'legal-clearance': { title: 'clear', act: 'clear' },
  'to-sign': { title: 'sign', act: 'sign' },
};

/** What moves a request on once it has left, by status: the act, or null where the other State is to act. */
const outSteps = {
  'draft-shared': null,
  sent: null,
  delivered: null,
  registered: null,
  'information-asked': null,
  'conditions-proposed': 'accept-conditions',
  'in-execution': null,
  postponed: null,
  'results-sent': 'confirm-results',
  'results-received': 'close',
  refused: 'consult',
  'returned-unexecuted': 'resubmit',
  withdrawn: null,
  closed: null,
  discarded: null,
} as const satisfies Partial<Record<Status, ActionKind | null>>;

function isOut(status: Status): status is keyof typeof outSteps {
  return Object.hasOwn(outSteps, status);
}

export function actHref(request: RequestView, action: ActionKind): string {
  if (action === 'sign') return `/requests/${request.reference}/sign`;
  if (action === 'answer-question' || action === 'answer-conditions') return `/requests/${request.reference}/messages`;
  if (action === 'supplement') return `/requests/${request.reference}/supplement`;
  return `/requests/${request.reference}/act/${action}`;
}

interface NextProps {
  view: View;
  request: RequestView;
  check: CheckAnswer | null;
  conversation: ConversationView | null;
  now: Instant;
}

/** Who must do what next: one box, one button. */
export function Next(props: NextProps) {
  const { view, request, check } = props;
  const { t } = view;
  if (request.status === 'draft') {
    const may = request.next.some((one) => one.action === 'edit' && one.allowed);
    return (
      <NextStep
        view={view}
        title={t('work.next-write')}
        urgent={request.urgent}
        actions={
          may ? (
            <Button kind="main" href={`/requests/${request.reference}/write`}>
              {t('work.next-write')}
            </Button>
          ) : undefined
        }
      >
        {check ? t('work.next-write-words', { done: check.completeness.done, all: check.completeness.all }) : null}
      </NextStep>
    );
  }
  if (request.status === 'signed') return <SignedStep {...props} />;
  if (isOut(request.status)) return <OutStep {...props} status={request.status} />;
  const step = ownSteps[request.status as Own];
  const may = request.next.some((one) => one.action === step.act && one.allowed);
  return (
    <NextStep
      view={view}
      title={may ? t(`work.next-${step.title}`) : t('work.next-wait', { who: t(`work.who.${step.title}`) })}
      urgent={request.urgent}
      actions={
        may ? (
          <Button kind="main" href={actHref(request, step.act)}>
            {t(`work.next-${step.title}`)}
          </Button>
        ) : undefined
      }
    >
      {t(`work.next-${step.title}-words`)}
    </NextStep>
  );
}

function SignedStep({ view, request }: NextProps) {
  const { t, formats } = view;
  const state = requestedState(view, request);
  const channel = request.request.requested?.channel ?? 'node';
  const maySend = request.next.some((one) => one.action === 'transmit' && one.allowed);
  const hold = request.holdUntil
    ? `${t('work.hold', { time: formats.moment(request.holdUntil, view.node.zone) })} `
    : '';
  const channelWords = t.has(`requests.option.requested-channel.${channel}`)
    ? t.code(`requests.option.requested-channel.${channel}`)
    : channel;
  const send = (main: boolean) =>
    maySend ? (
      <Button kind={main ? 'main' : 'plain'} href={`/requests/${request.reference}/act/transmit`}>
        {main ? t('work.send-to', { state }) : t('work.next-dispatch')}
      </Button>
    ) : null;
  const pdf = (main: boolean) => (
    <Button kind={main ? 'main' : 'plain'} href={`/requests/${request.reference}/document/pdf`} icon="download">
      {t('work.document-pdf')}
    </Button>
  );
  const byNode = channel === 'node';
  return (
    <NextStep
      view={view}
      title={t(byNode ? 'work.next-send' : 'work.next-signed', { state })}
      urgent={request.urgent}
      actions={
        <>
          {byNode ? send(true) : pdf(true)}
          {byNode ? null : send(false)}
        </>
      }
    >
      {hold}
      {byNode ? t('work.next-send-words', { state }) : t('work.next-signed-words', { state, channel: channelWords })}
    </NextStep>
  );
}

function OutStep({ view, request, conversation, now, status }: NextProps & { status: keyof typeof outSteps }) {
  const { t } = view;
  const state = requestedState(view, request);
  const open = (conversation?.thread ?? []).filter((one) => one.askedBy === 'requested' && one.status === 'open');
  const number = (conversation?.thread ?? []).findIndex((one) => one.id === open[0]?.id) + 1;
  const mayWrite = request.next.some((one) => one.action === 'answer-question' && one.allowed);
  const act = outSteps[status];
  const allowed = act !== null && request.next.some((one) => one.action === act && one.allowed);
  const clock = nearestClock(request.clocks);
  const first = open[0];
  const button = first ? (
    <Button kind="main" href={`/requests/${request.reference}/messages/${first.id}`} shortcut="R">
      {t('thread.answer-n', { n: number })}
    </Button>
  ) : allowed && act ? (
    <Button kind="main" href={actHref(request, act)} shortcut="Y">
      {t(`requests.action.${act}`)}
    </Button>
  ) : undefined;
  return (
    <NextStep
      view={view}
      urgent={request.urgent}
      title={first ? t('work.next-answer', { n: number, state }) : t(`work.out-${status}`, { state })}
      actions={first && !mayWrite && request.status !== 'registered' ? undefined : button}
    >
      <p>{first ? t('work.next-answer-words', { count: open.length }) : t(`work.out-${status}-words`, { state })}</p>
      {first?.by ? (
        <p>
          {t('incoming.by')} {view.formats.dayWithWeekday(first.by)}
        </p>
      ) : clock ? (
        <p>
          {t('incoming.by')} <Bdi>{dueWords(view, clock, now)}</Bdi>
        </p>
      ) : null}
    </NextStep>
  );
}

/** Shown elsewhere on the page: the button of the next step, or a page of its own. */
const elsewhere: ReadonlySet<ActionKind> = new Set<ActionKind>(['edit']);

/** Everything that may be done besides the next step, with what follows from it. */
export function OtherActs({ view, request }: { view: View; request: RequestView }) {
  const { t } = view;
  const state = requestedState(view, request);
  const items = request.next.flatMap(({ action, allowed }): Decision[] => {
    if (!allowed || elsewhere.has(action)) return [];
    const follows = `reply.own.${action}`;
    return [
      {
        href: actHref(request, action),
        label: t.code(`requests.action.${action}`),
        words: t.has(follows) ? t.code(follows, { state }) : undefined,
        shortcut: action === 'answer-question' ? 'R' : undefined,
        grave: action === 'withdraw' || action === 'discard' || action === 'recall',
      },
    ];
  });
  return items.length === 0 ? null : <Decisions items={items} />;
}
