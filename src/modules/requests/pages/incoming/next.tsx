import { Instant, type Instant as Moment } from '../../../../platform/values/index.ts';
import { Bdi, Button, Decisions, NextStep, type Decision, type View } from '../../../../web/index.ts';
import type { Clock } from '../../rules/index.ts';
import { timeLeft } from '../case/desk-list.tsx';
import type { IncomingInputKind, IncomingStatus } from '../../schema/index.ts';
import type { IncomingView, NextIncoming } from '../../service/index.ts';

/** The act that moves a request on from where it stands; the first that may be taken is the one button. */
const mainActs: Partial<Record<IncomingStatus, readonly IncomingInputKind[]>> = {
  received: ['register'],
  registered: ['assess'],
  assessed: ['forward'],
  'information-asked': ['remind-other-side'],
  'conditions-proposed': ['remind-other-side'],
  forwarded: ['accept-execution'],
  'in-execution': ['report-executed'],
  consultation: ['record-consultation'],
  postponed: ['resume'],
  executed: ['send-results', 'check-results'],
  'results-sent': ['consent-to-use'],
  refused: ['close'],
  'returned-unexecuted': ['close'],
  withdrawn: ['close'],
};

/** Keys with a visible button; `Y` is the next step, whatever it is. */
const keys: Partial<Record<IncomingInputKind, string>> = {
  'ask-information': 'Q',
  forward: 'F',
  refuse: 'R',
  'start-refusal': 'R',
};
const grave: ReadonlySet<string> = new Set(['start-refusal', 'refuse', 'return-unexecuted']);

export function actHref(reference: string, action: string): string {
  return `/requests/${reference}/act/${action}`;
}

export function mainAct(request: Pick<IncomingView, 'status' | 'next' | 'state'>): NextIncoming | undefined {
  const wanted: readonly IncomingInputKind[] = request.state.changedByOtherSide
    ? ['acknowledge-change']
    : (mainActs[request.status] ?? []);
  const found = wanted.flatMap((act) => request.next.filter((one) => one.action === act));
  return found.find((one) => one.allowed) ?? found[0];
}

/** The term that ends first: hours of an urgent request before days. */
export function nearestClock(clocks: readonly Clock[]): Clock | undefined {
  return clocks.filter((one) => !one.paused).toSorted((a, b) => (a.due < b.due ? -1 : 1))[0];
}

/** When a term ends, in words: the moment at the own place and how long that is from now. */
export function dueWords(view: View, clock: Clock, now: Moment): string {
  const moment = Instant.safeParse(clock.due);
  if (!moment.success) return view.formats.dayWithWeekday(clock.due);
  const minutes = Math.round((Date.parse(moment.data) - Date.parse(now)) / 60_000);
  return view.t('incoming.due-moment', {
    at: view.formats.moment(moment.data, view.node.zone),
    left: timeLeft(view, minutes),
  });
}

interface NextProps {
  view: View;
  request: IncomingView;
  state: string;
  now: Moment;
}

/** Who must do what by when: one box, one button. */
export function NextIncomingStep({ view, request, state, now }: NextProps) {
  const { t } = view;
  const act = mainAct(request);
  const clock = nearestClock(request.clocks);
  const changed = request.state.changedByOtherSide;
  const step = changed ? 'changed' : request.status;
  const asks = request.next.find((one) => one.action === 'ask-information' && one.allowed);
  return (
    <NextStep
      view={view}
      urgent={request.urgent}
      title={t(`incoming.next-${step}`, { state })}
      actions={
        act?.allowed ? (
          <>
            <Button kind="main" href={actHref(request.reference, act.action)} shortcut="Y">
              {t.code(`requests.incoming-action.${act.action}`)}
            </Button>
            {asks && act.action !== 'ask-information' ? (
              <Button href={actHref(request.reference, 'ask-information')}>{t('incoming.ask-state', { state })}</Button>
            ) : null}
          </>
        ) : undefined
      }
    >
      <p>
        {act && !act.allowed
          ? `${act.blockedBy && t.has(act.blockedBy) ? t.code(act.blockedBy) : t('incoming.somebody-else')} `
          : null}
        {t(`incoming.next-${step}-words`, { state })}
      </p>
      {clock ? (
        <p>
          {t('incoming.by')} <Bdi>{dueWords(view, clock, now)}</Bdi>
          {clock.source ? <span class="muted"> ({clock.source})</span> : null}
        </p>
      ) : null}
      <p class="small">
        <a href={`/requests/${request.reference}#decide`}>{t('incoming.all-acts')}</a>
      </p>
    </NextStep>
  );
}

/** Everything that may be done, as the table of acts says, and nothing else. */
export function Decide({ view, request, state }: Omit<NextProps, 'now'>) {
  const { t } = view;
  const items = request.next.flatMap((one): Decision[] =>
    one.allowed
      ? [
          {
            href: actHref(request.reference, one.action),
            label: t.code(`requests.incoming-action.${one.action}`),
            shortcut: keys[one.action],
            words: t(`reply.after.${one.action}`, { state }),
            grave: grave.has(one.action),
          },
        ]
      : [],
  );
  if (request.next.some((one) => one.action === 'ask-information' && one.allowed)) {
    const at = items.findIndex((one) => one.href.endsWith('/ask-information'));
    items.splice(at + 1, 0, {
      href: `${actHref(request.reference, 'ask-information')}?about=secrecy`,
      label: t('reply.secrecy-link'),
      words: t('incoming.secrecy-words', { state }),
    });
  }
  if (items.length === 0) return <p class="muted">{t('incoming.nothing-to-decide')}</p>;
  return <Decisions items={items} />;
}
