import type { StateCode } from '../../../platform/values/index.ts';
import { DataTable, Section, StatusMark, type View } from '../../../web/index.ts';
import type { Conflict, ShownAct } from '../schema/index.ts';
import { shownDate } from './words.tsx';

/** An act as a link, with the number of its source; `brief` leaves out the day of the source. */
export function ActCell({ view, act, brief }: { view: View; act: ShownAct; brief?: boolean }) {
  return (
    <>
      <a href={`/law/acts/${act.id}`}>{view.t(`law.act.${act.kind}`)}</a>{' '}
      <span class="act-source">
        <bdi dir="ltr">{act.source}</bdi>
        {brief ? null : `, ${view.formats.day(act.asOf)}`}
      </span>
    </>
  );
}

export function ConflictList({ view, conflicts }: { view: View; conflicts: readonly Conflict[] }) {
  const { t } = view;
  if (conflicts.length === 0) return null;
  return (
    <Section title={t('law.conflicts-title')} id="conflicts">
      <p class="hint">{t('law.conflicts-lede')}</p>
      <DataTable
        view={view}
        caption={t('law.conflicts-title')}
        captionHidden
        columns={[
          {
            id: 'state',
            label: t('law.column-state'),
            header: true,
            cell: ({ conflict }: { conflict: Conflict; act: ShownAct; used: boolean }) =>
              view.stateName(conflict.state),
          },
          { id: 'act', label: t('law.column-act'), cell: ({ act }) => <ActCell view={view} act={act} /> },
          { id: 'deposited', label: t('law.column-deposited'), cell: ({ act }) => shownDate(view, act.deposited) },
          { id: 'effect', label: t('law.column-effect'), cell: ({ act }) => shownDate(view, act.effect) },
          {
            id: 'used',
            label: t('law.column-status'),
            cell: ({ conflict, used }) =>
              used ? (
                <StatusMark mark="done" tone="success">
                  {`${t('law.conflict-used')}: ${t(`law.conflict.${conflict.why}`)}`}
                </StatusMark>
              ) : (
                <StatusMark mark="no" tone="muted">
                  {conflict.used === null
                    ? `${t('law.conflict-not-used')}: ${t(`law.conflict.${conflict.why}`)}`
                    : t('law.conflict-not-used')}
                </StatusMark>
              ),
          },
        ]}
        rows={conflicts.flatMap((conflict) =>
          conflict.values.map((act, index) => ({ conflict, act, used: index === conflict.used })),
        )}
      />
    </Section>
  );
}

export function StateLink({ view, state }: { view: View; state: StateCode }) {
  return <a href={`/law/states/${state}`}>{view.stateName(state)}</a>;
}
