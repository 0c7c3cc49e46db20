import { Invalid } from '../../platform/errors.ts';
import { page, type PageRoute } from '../../platform/http/routes.ts';
import {
  Actions,
  Bdi,
  Button,
  DataTable,
  Empty,
  Form,
  Heading,
  Notice,
  Page,
  Ref,
  Section,
  Select,
  TextInput,
  type View,
} from '../../web/index.ts';
import { reportText } from './report-text.ts';
import { LogFilter, logNames, type AuditEntry, type ListedEntry, type LogName, type LogReport } from './schema.ts';
import { listLog, verifyLogs, type AuditReader, type LogPage } from './service.ts';
import { readLogState, type LogState } from './state.ts';

interface Shown {
  filter: Record<string, string>;
  log: LogPage;
  reports: { log: LogName; report: LogReport }[];
  state: LogState;
  names: Map<string, string>;
}

function ActorName({ view, actor, names }: { view: View; actor: AuditEntry['actor']; names: Map<string, string> }) {
  if (actor.kind === 'public') return <>{view.t('audit.actor-public')}</>;
  if (actor.kind === 'system') return <>{view.t('audit.actor-system', { id: actor.id ?? '' })}</>;
  return <Bdi>{names.get(actor.id ?? '') ?? actor.id}</Bdi>;
}

function SignedStates({ view, state }: { view: View; state: LogState }) {
  const { t, formats } = view;
  const moment = (at: LogState['witnesses'][number]['at']) => formats.moment(at, view.node.zone);
  return (
    <Section id="signed-states" title={t('audit.state')}>
      <DataTable
        view={view}
        caption={t('audit.state')}
        captionHidden
        stack
        columns={[
          {
            id: 'log',
            label: t('audit.column-log'),
            header: true,
            cell: (row: LogState['logs'][number]) => t(`audit.log-${row.log}`),
          },
          { id: 'size', label: t('audit.column-size'), figures: true, cell: (row) => formats.number(row.size) },
          {
            id: 'signed',
            label: t('audit.column-signed'),
            cell: (row) =>
              row.signed
                ? t('audit.signed', { size: row.signed.size, at: moment(row.signed.at) })
                : t('audit.never-signed'),
          },
          {
            id: 'witnesses',
            label: t('audit.column-witnesses'),
            cell: (row) =>
              row.log === 'audit' ? (
                t('audit.through-exchange')
              ) : state.witnesses.length === 0 ? (
                t('audit.no-witness')
              ) : (
                <ul class="plain">
                  {state.witnesses.map(({ witness, size, at }) => (
                    <li>{t('audit.witness', { witness, size, at: moment(at) })}</li>
                  ))}
                </ul>
              ),
          },
        ]}
        rows={state.logs}
      />
    </Section>
  );
}

function OversightPage({ view, shown }: { view: View; shown: Shown }) {
  const { t } = view;
  const { filter, log, reports, state, names } = shown;
  const older = new URLSearchParams({ ...filter, before: String(log.next ?? 0) });
  return (
    <Page view={view} title={t('audit.title')} current="oversight">
      <Heading title={t('audit.title')} lede={t('audit.lede')} />
      {reports.map(({ log: name, report }) => (
        <Notice
          view={view}
          kind={report.whole ? 'success' : 'error'}
          title={t('audit.log-named', { log: t(`audit.log-${name}`), words: reportText(t, report) })}
        />
      ))}
      {state.conflicts.map((node) => (
        <Notice view={view} kind="error" title={t('audit.split-view-title')}>
          <p>{t('audit.split-view', { node })}</p>
        </Notice>
      ))}
      <Form view={view} action="/oversight" method="get" label={t('audit.filter')}>
        <TextInput
          view={view}
          name="actorId"
          label={t('audit.filter-person')}
          value={filter.actorId}
          width={20}
          dir="ltr"
        />
        <TextInput
          view={view}
          name="action"
          label={t('audit.filter-action')}
          value={filter.action}
          width={20}
          dir="ltr"
        />
        <TextInput
          view={view}
          name="subjectId"
          label={t('audit.filter-subject')}
          value={filter.subjectId}
          width={20}
          dir="ltr"
        />
        <Select
          view={view}
          name="outcome"
          label={t('audit.filter-outcome')}
          value={filter.outcome}
          empty={t('audit.outcome-any')}
          options={(['done', 'denied'] as const).map((value) => ({ value, label: t(`audit.outcome-${value}`) }))}
        />
        <Actions>
          <Button kind="main">{t('audit.show')}</Button>
          <Button name="check" value="yes">
            {t('audit.check-now')}
          </Button>
        </Actions>
      </Form>
      <SignedStates view={view} state={state} />
      <Section id="entries" title={t('audit.count', { count: log.entries.length })}>
        {log.entries.length === 0 ? (
          <Empty title={t('audit.empty')} motif="scale" />
        ) : (
          <DataTable
            view={view}
            caption={t('audit.title')}
            captionHidden
            dense
            columns={[
              {
                id: 'index',
                label: t('audit.column-index'),
                header: true,
                figures: true,
                cell: (row: ListedEntry) => view.formats.number(row.index),
              },
              {
                id: 'at',
                label: t('audit.column-at'),
                nowrap: true,
                cell: (row) => view.formats.moment(row.entry.at, view.node.zone),
              },
              {
                id: 'actor',
                label: t('audit.column-actor'),
                cell: (row) => <ActorName view={view} actor={row.entry.actor} names={names} />,
              },
              { id: 'action', label: t('audit.column-action'), cell: (row) => <Ref value={row.entry.action} /> },
              {
                id: 'subject',
                label: t('audit.column-subject'),
                cell: (row) => <Ref value={`${row.entry.subject.kind} ${row.entry.subject.id}`} wrap />,
              },
              {
                id: 'outcome',
                label: t('audit.column-outcome'),
                cell: (row) => t(`audit.outcome-${row.entry.outcome}`),
              },
            ]}
            rows={log.entries}
          />
        )}
        {log.next === null ? null : (
          <Actions>
            <Button href={`/oversight?${older.toString()}`}>{t('audit.older')}</Button>
          </Actions>
        )}
      </Section>
    </Page>
  );
}

/** @param personNames names of people by id; `identity` gives them, since the log itself holds none */
export function auditPages(
  personNames: (ctx: AuditReader, ids: string[]) => Promise<Map<string, string>>,
): PageRoute<AuditReader, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/oversight',
      permission: 'audit.read',
      audit: 'audit.read',
      async handler({ ctx, view, query }) {
        const { check, lang: _lang, ...asked } = query;
        const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''));
        const parsed = LogFilter.safeParse(filter);
        if (!parsed.success) throw new Invalid('audit.bad-filter');
        const checked = check === 'yes' ? await verifyLogs(ctx, []) : null;
        const reports = checked ? logNames.map((name) => ({ log: name, report: checked[name] })) : [];
        const state = await readLogState(ctx);
        const log = await listLog(ctx, parsed.data);
        const ids = log.entries.flatMap(({ entry }) =>
          entry.actor.kind === 'person' && entry.actor.id ? [entry.actor.id] : [],
        );
        return page(
          <OversightPage view={view} shown={{ filter, log, reports, state, names: await personNames(ctx, ids) }} />,
        );
      },
    },
  ];
}
