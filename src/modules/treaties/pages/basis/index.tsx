import {
  Actions,
  Button,
  Columns,
  ErrorSummary,
  Heading,
  Section,
  SideSection,
  StatusMark,
  Verdict,
  type View,
} from '../../../../web/index.ts';
import type { BasisAnswer, ShownBasis } from '../../schema/index.ts';
import { ReadingLine } from '../readings.tsx';
import { LawPage } from '../shell.tsx';
import { answerMarks, shortName } from '../words.tsx';
import { Ask, type BasisPageProps } from './ask.tsx';
import { Bases } from './bases.tsx';
import { Bound } from './bound.tsx';

/** `/law/basis`: one sentence, then every basis with its conditions, acts and what is missing. */
export function BasisPage(props: BasisPageProps) {
  const { view, answer, problems } = props;
  const { t } = view;
  return (
    <LawPage
      view={view}
      title={t('law.basis-title')}
      error={problems.length > 0}
      head={
        <>
          {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
          {answer ? null : <Heading title={t('law.basis-title')} lede={t('law.basis-lede')} />}
          {answer ? (
            <p class="annex">
              {t('law.printed-as', { version: answer.dataset.version })}{' '}
              <bdi class="hash" dir="ltr">
                {answer.dataset.sha256}
              </bdi>
            </p>
          ) : null}
          <Ask {...props} />
        </>
      }
    >
      {answer ? <Answered {...props} answer={answer} /> : <p class="hint">{t('law.empty-choose')}</p>}
    </LawPage>
  );
}

function Sure({ view, answer }: { view: View; answer: BasisAnswer }) {
  const { t, formats } = view;
  const changes = answer.bases.flatMap((basis) =>
    basis.changesOn.map((change) => ({ ...change, instrument: basis.instrument })),
  );
  return (
    <>
      <SideSection title={t('law.sure-title')}>
        <p>{answer.notice}</p>
        <p class="source">
          {t('law.dataset', { version: answer.dataset.version })} ·{' '}
          <bdi class="ref" dir="ltr">
            {answer.dataset.sha256.slice(0, 12)}
          </bdi>
        </p>
      </SideSection>
      <SideSection title={t('law.changes-title')}>
        {changes.length === 0 ? (
          <p>{t('law.changes-none')}</p>
        ) : (
          <ul class="plain-list">
            {changes.slice(0, 8).map((change) => (
              <li>
                <b>{formats.day(change.date)}</b> · <bdi dir="ltr">{change.instrument}</bdi>:{' '}
                {t(`law.answer-short.${change.answer}`)}
                <span class="small muted">{change.because}</span>
              </li>
            ))}
          </ul>
        )}
      </SideSection>
      <SideSection title={t('law.residual-title')}>
        <ul class="plain-list">
          {answer.residual.map((one) => (
            <li>{one.text}</li>
          ))}
        </ul>
      </SideSection>
      <p class="hint no-print">{t('law.print-annex')}</p>
    </>
  );
}

const verdictTones = { yes: 'success', 'needs-consent': 'info', unknown: 'warning', no: 'seal' } as const;

function Answered({ view, answer, titles, startHref }: BasisPageProps & { answer: BasisAnswer }) {
  const { t, formats } = view;
  const { from, to, measure, on } = answer.question;
  const best = answer.bases[0];
  const names = {
    from: view.stateName(from),
    to: view.stateName(to),
    measure: t(`law.measures.${measure}`),
    date: formats.day(on),
  };
  const sentence =
    best && (answer.answer === 'yes' || answer.answer === 'needs-consent')
      ? t(`law.sentence.${answer.answer}`, {
          ...names,
          instrument: shortName(view, best.instrument, titles.get(best.instrument)?.title ?? best.instrument),
          article: best.article,
        })
      : t(`law.sentence.${answer.answer === 'no' ? 'no' : 'unknown'}`, names);
  const look = answerMarks[answer.answer];
  const reservations = answer.bases.flatMap((basis) => basis.reservations);
  const noEffect = answer.bases.flatMap((basis) => basis.noEffect);
  const hasBases = answer.bases.length > 0;
  return (
    <>
      <Columns side={<Sure view={view} answer={answer} />} sideLabel={t('law.sure-title')}>
        <Verdict
          tone={verdictTones[answer.answer]}
          mark={look.mark}
          words={t(`law.answer.${answer.answer}`, { state: names.to })}
          answer={sentence}
        >
          {answer.answer === 'no' ? <p class="lede">{t('law.sentence-no-more', names)}</p> : null}
        </Verdict>
        {startHref ? (
          <Actions>
            <Button kind="main" href={startHref}>
              {t('law.start-request')}
            </Button>
          </Actions>
        ) : null}
        <p class="measure why">{answer.explanation}</p>
        {answer.missing.length > 0 ? (
          <Section title={t('law.missing-title')} id="missing">
            <ul class="listed">
              {answer.missing.map((one) => (
                <li>
                  <StatusMark mark="unknown" tone="warning">
                    {''}
                  </StatusMark>
                  <span>{one.ask}</span>
                </li>
              ))}
            </ul>
          </Section>
        ) : null}
      </Columns>
      {hasBases ? <Bound view={view} answer={answer} titles={titles} /> : null}
      {hasBases ? <Bases view={view} answer={answer} titles={titles} /> : null}
      {reservations.length > 0 ? (
        <Readings view={view} title={t('law.reservations-title')} id="reservations" readings={reservations} />
      ) : null}
      {noEffect.length > 0 ? (
        <Readings view={view} title={t('law.no-effect-title')} id="no-effect" readings={noEffect} />
      ) : null}
      {answer.alternatives.length > 0 ? (
        <Section title={t('law.alternatives-title')} id="alternatives">
          <ul>
            {answer.alternatives.map((one) => (
              <li>{one}</li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}

function Readings({
  view,
  title,
  id,
  readings,
}: {
  view: View;
  title: string;
  id: string;
  readings: readonly ShownBasis['reservations'][number][];
}) {
  const unique = [...new Map(readings.map((one) => [one.id, one])).values()];
  return (
    <Section title={title} id={id}>
      <ul class="plain-list">
        {unique.map((one) => (
          <ReadingLine view={view} reading={one} withState />
        ))}
      </ul>
    </Section>
  );
}
