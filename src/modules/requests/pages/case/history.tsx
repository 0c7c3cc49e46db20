import { dayIn, type Instant } from '../../../../platform/values/index.ts';
import {
  Bdi,
  FacingTimeline,
  Filters,
  Ref,
  Section,
  type Content,
  type FacingDay,
  type View,
} from '../../../../web/index.ts';
import type { Side } from '../../schema/index.ts';
import type { CarriedMessage } from '../../service/index.ts';
import { CasePage, type Frame } from './frame.tsx';
import { hasArrived, shortReceipt, type Place } from './parts.ts';

/** One event of either side, as both records have it. */
export interface HistoryEvent {
  id: string;
  side: Side;
  at: Instant;
  title: string;
  words?: string;
  /** Person of this node, or the authority there. */
  by?: string;
  /** Message that carried it. */
  message?: CarriedMessage;
  shared: boolean;
}

interface Props {
  view: View;
  frame: Frame;
  events: readonly HistoryEvent[];
  place: Place | null;
  /** Only what both sides see. */
  onlyShared: boolean;
  notices?: Content;
  next?: Content;
  tracker?: Content;
}

/** `/requests/REF/history`: what both sides did, newest first, with the time at both places. */
export function HistoryPage({ view, frame, events, place, onlyShared, notices, next, tracker }: Props) {
  const { t, formats } = view;
  const base = `/requests/${frame.reference}/history`;
  const shown = events
    .filter((one) => !onlyShared || one.shared)
    .toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const zone = place?.zone ?? 'UTC';
  const days: FacingDay[] = [];
  for (const one of shown) {
    const title = formats.dayWithWeekday(dayIn(view.node.zone, one.at));
    const day = days.at(-1)?.title === title ? days.at(-1) : undefined;
    const event = {
      id: `e-${one.id}`,
      side: one.side === frame.side ? ('ours' as const) : ('theirs' as const),
      here: formats.time(one.at, view.node.zone),
      there: formats.time(one.at, zone),
      at: one.at,
      title: one.title,
      words: one.words ? <Bdi>{one.words}</Bdi> : undefined,
      by: (
        <>
          {one.by ? <Bdi>{one.by}</Bdi> : null}
          {one.message ? <MessageMark view={view} message={one.message} separated={Boolean(one.by)} /> : null}
          {one.shared ? null : ` · ${t('thread.stays-here')}`}
        </>
      ),
    };
    if (day) days[days.length - 1] = { ...day, events: [...day.events, event] };
    else days.push({ title, events: [event] });
  }
  const roles = {
    requesting: t('thread.role-requesting'),
    requested: t('thread.role-requested'),
  };
  return (
    <CasePage view={view} frame={frame} tab="history" notices={notices} next={next} tracker={tracker}>
      <Section
        title={t('thread.both-sides')}
        id="both"
        end={
          <Filters
            label={t('thread.both-sides')}
            items={[
              { href: base, label: t('thread.everything'), current: !onlyShared },
              { href: `${base}?only=shared`, label: t('thread.only-shared'), current: onlyShared },
            ]}
          />
        }
      >
        <FacingTimeline
          view={view}
          ours={{ name: view.node.stateName, role: roles[frame.side], place: placeOf(view.node.zone) }}
          theirs={{
            name: frame.state,
            role: roles[frame.side === 'requesting' ? 'requested' : 'requesting'],
            place: place?.place ?? 'UTC',
          }}
          days={days}
        />
      </Section>
    </CasePage>
  );
}

/** The city of a zone, for the head of the times. */
function placeOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

function MessageMark({ view, message, separated }: { view: View; message: CarriedMessage; separated: boolean }) {
  return (
    <>
      {separated ? ' · ' : null}
      {hasArrived(message) ? (
        <>
          {view.t('thread.receipt')} <Ref value={shortReceipt(message.id)} />
        </>
      ) : (
        view.t(`thread.state-${message.state}`)
      )}
    </>
  );
}
