import type { Instant } from '../../../../platform/values/index.ts';
import { StateCode } from '../../../../platform/values/index.ts';
import { Bdi, DataTable, Ref, StatusMark, type Content, type View } from '../../../../web/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import type { Clock } from '../../rules/index.ts';
import type { IncomingView } from '../../service/index.ts';
import { dueWords } from '../incoming/next.tsx';
import { ChangeList, measureWords } from '../reply/shown.tsx';
import { clockWords } from '../../deadline-calendar.ts';
import { CasePage, type Frame } from './frame.tsx';

interface Shell {
  view: View;
  frame: Frame;
  notices?: Content;
  next?: Content;
  tracker?: Content;
}

/** `/requests/REF/deadlines`: every clock that runs or stands still, with its source. */
export function ClocksPage({ clocks, now, ...shell }: Shell & { clocks: readonly Clock[]; now: Instant }) {
  const { view } = shell;
  const { t } = view;
  return (
    <CasePage {...shell} tab="deadlines">
      <DataTable
        view={view}
        caption={t('work.deadlines')}
        captionHidden
        stack
        empty={t('work.no-deadline')}
        columns={[
          {
            id: 'kind',
            label: t('work.deadline'),
            header: true,
            cell: (clock: Clock) => (
              <>
                {clockWords(t, clock.kind)}
                {clock.item ? (
                  <span class="small muted">
                    {' '}
                    <Bdi>{measureWords(view, shell.frame.request, clock.item)}</Bdi>
                  </span>
                ) : null}
              </>
            ),
          },
          { id: 'due', label: t('work.column-due'), cell: (clock) => <bdi>{dueWords(view, clock, now)}</bdi> },
          {
            id: 'runs',
            label: t('work.column-status'),
            cell: (clock) => (
              <StatusMark mark={clock.paused ? 'waiting' : 'half'} tone={clock.paused ? 'muted' : 'plain'}>
                {t(clock.paused ? 'thread.clock-paused' : 'thread.clock-runs')}
              </StatusMark>
            ),
          },
          {
            id: 'calendar',
            label: t('thread.calendar'),
            cell: (clock) => {
              const state = StateCode.safeParse(clock.calendar);
              return (
                <>
                  {state.success ? view.stateName(state.data) : ''}
                  {clock.weekendsOnly ? <span class="small muted"> {t('thread.weekends-only')}</span> : null}
                </>
              );
            },
          },
          {
            id: 'source',
            label: t('thread.source'),
            cell: (clock) => (clock.source === 'practice' ? t('thread.source-practice') : <bdi>{clock.source}</bdi>),
          },
        ]}
        rows={clocks}
      />
    </CasePage>
  );
}

/** `/requests/REF/versions` at the requested State: each version as it came, and what each supplement changed. */
export function SupplementsPage({
  request,
  printable,
  ...shell
}: Shell & { request: IncomingView; printable: PrintableRequest }) {
  const { view } = shell;
  const { t, formats } = view;
  return (
    <CasePage {...shell} tab="versions">
      <DataTable
        view={view}
        caption={t('work.versions')}
        captionHidden
        stack
        columns={[
          {
            id: 'version',
            label: t('work.version'),
            header: true,
            figures: true,
            cell: (one: IncomingView['versions'][number]) => formats.number(one.requestVersion),
          },
          { id: 'at', label: t('incoming.column-received'), cell: (one) => formats.moment(one.at, view.node.zone) },
          { id: 'hash', label: t('work.hash'), cell: (one) => <Ref value={one.contentHash} wrap /> },
        ]}
        rows={[...request.versions].reverse()}
      />
      {[...request.supplements].reverse().map((one) => (
        <section class="section" id={`supplement-${one.id}`}>
          <div class="h2row">
            <h2>{t('incoming.changes', { version: one.requestVersion })}</h2>
            <span class="muted">{formats.moment(one.at, view.node.zone)}</span>
          </div>
          <ChangeList view={view} printable={printable} changes={one.changes} />
        </section>
      ))}
    </CasePage>
  );
}
