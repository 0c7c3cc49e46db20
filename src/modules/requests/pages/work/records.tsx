import { Instant, StateCode } from '../../../../platform/values/index.ts';
import { DataTable, type View } from '../../../../web/index.ts';
import type { Clock } from '../../rules/index.ts';
import type { Requests, RequestView } from '../../service/index.ts';
import { RequestShell } from './overview.tsx';

type Revision = Awaited<ReturnType<Requests['revisions']>>[number];

function dueText(view: View, clock: Clock): string {
  const moment = Instant.safeParse(clock.due);
  return moment.success ? view.formats.moment(moment.data, view.node.zone) : view.formats.dayWithWeekday(clock.due);
}

/** `/requests/REF/deadlines`: every clock that runs, with its source. */
export function DeadlinesPage({ view, request }: { view: View; request: RequestView }) {
  const { t } = view;
  return (
    <RequestShell view={view} request={request} tab="deadlines">
      <DataTable
        view={view}
        caption={t('work.deadlines')}
        captionHidden
        empty={t('work.no-deadline')}
        columns={[
          { id: 'kind', label: t('work.column-what'), header: true, cell: (clock: Clock) => clockWords(view, clock) },
          { id: 'due', label: t('work.column-due'), cell: (clock) => dueText(view, clock) },
          { id: 'calendar', label: t('work.column-state'), cell: (clock) => calendarOf(view, clock) },
        ]}
        rows={request.clocks}
      />
    </RequestShell>
  );
}

function calendarOf(view: View, clock: Clock): string {
  const state = StateCode.safeParse(clock.calendar);
  return state.success ? view.stateName(state.data) : '';
}

function clockWords(view: View, clock: Clock): string {
  const key = `requests.clock.${clock.kind}`;
  return view.t.has(key) ? view.t.code(key) : clock.kind;
}

/** `/requests/REF/versions`: each save, by whom and when. */
export function VersionsPage({
  view,
  request,
  revisions,
  names,
}: {
  view: View;
  request: RequestView;
  revisions: readonly Revision[];
  names: Map<string, string>;
}) {
  const { t } = view;
  return (
    <RequestShell view={view} request={request} tab="versions">
      <DataTable
        view={view}
        caption={t('work.versions')}
        captionHidden
        columns={[
          {
            id: 'revision',
            label: t('work.version'),
            header: true,
            figures: true,
            cell: (one: Revision) => view.formats.number(one.revision),
          },
          {
            id: 'at',
            label: t('work.column-changed'),
            cell: (one) => view.formats.moment(Instant.parse(one.saved_at), view.node.zone),
          },
          { id: 'by', label: t('work.timeline'), cell: (one) => <bdi>{names.get(one.saved_by) ?? ''}</bdi> },
          {
            id: 'hash',
            label: t('work.hash'),
            cell: (one) => (
              <bdi class="ref" dir="ltr">
                {one.content_hash.slice(7, 23)}
              </bdi>
            ),
          },
        ]}
        rows={[...revisions].reverse()}
      />
    </RequestShell>
  );
}
