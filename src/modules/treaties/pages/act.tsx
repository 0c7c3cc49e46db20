import { BackLink, DataTable, Facts, Heading, StatusMark, type View } from '../../../web/index.ts';
import type { Act, ActAnswer, Instrument } from '../schema/index.ts';
import { ConflictList } from './acts.tsx';
import { LawPage } from './shell.tsx';
import { Title, shownDate } from './words.tsx';

/** `/law/acts/ID`: one act, where it comes from, what stands beside it. */
export function ActPage({
  view,
  answer,
  instrument,
}: {
  view: View;
  answer: ActAnswer;
  instrument: Pick<Instrument, 'id' | 'title'>;
}) {
  const { t, formats } = view;
  const { act } = answer;
  return (
    <LawPage view={view} title={t('law.act-title')}>
      <BackLink href={`/law/${act.instrument}`}>
        <Title view={view} instrument={instrument} />
      </BackLink>
      <Heading title={`${view.stateName(act.participant)}: ${t(`law.act.${act.kind}`)}`} eyebrow={t('law.act-title')} />
      <p>
        {answer.counted ? (
          <StatusMark mark="done" tone="success">
            {t('law.act-counted')}
          </StatusMark>
        ) : (
          <StatusMark mark="no" tone="muted">
            {t('law.act-not-counted')}
          </StatusMark>
        )}
      </p>
      <Facts
        items={[
          { label: t('law.column-instrument'), value: <Title view={view} instrument={instrument} /> },
          {
            label: t('law.act-participant'),
            value: <a href={`/law/states/${act.participant}`}>{view.stateName(act.participant)}</a>,
          },
          { label: t('law.act-signed'), value: shownDate(view, act.doneOn) },
          { label: t('law.column-deposited'), value: shownDate(view, act.depositedOn) },
          { label: t('law.column-effect'), value: `${shownDate(view, act.effectOn)} (${t(`law.${act.effectBasis}`)})` },
          {
            label: t('law.column-source'),
            value: <bdi lang="en">{act.source}</bdi>,
            source: act.sourceLocator ?? undefined,
          },
          { label: t('law.act-authenticity'), value: t(`law.authenticity.${act.authenticity}`) },
          { label: t('law.data-as-of'), value: formats.day(act.asOf) },
          ...(act.note ? [{ label: t('law.act-note'), value: <bdi lang="en">{act.note}</bdi> }] : []),
        ]}
      />
      <ConflictList view={view} conflicts={answer.conflicts} />
      <DataTable
        view={view}
        caption={t('law.act-corrected-by')}
        columns={[
          {
            id: 'act',
            label: t('law.column-act'),
            header: true,
            cell: (one: Act) => <a href={`/law/acts/${one.id}`}>{t(`law.act.${one.kind}`)}</a>,
          },
          { id: 'deposited', label: t('law.column-deposited'), cell: (one) => shownDate(view, one.depositedOn) },
          { id: 'effect', label: t('law.column-effect'), cell: (one) => shownDate(view, one.effectOn) },
          { id: 'source', label: t('law.column-source'), cell: (one) => <bdi lang="en">{one.source}</bdi> },
        ]}
        rows={answer.history}
      />
    </LawPage>
  );
}
