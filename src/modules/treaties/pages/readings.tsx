import {
  Actions,
  ActButton,
  BackLink,
  Facts,
  Heading,
  Notice,
  Quote,
  StatusMark,
  type View,
} from '../../../web/index.ts';
import type { Instrument, ShownReading } from '../schema/index.ts';
import { LawPage } from './shell.tsx';
import { packSource, Title, positionWords, provisionWords, sourceName } from './words.tsx';

/** Wording of a declaration from an installed pack, with where it comes from. */
export interface DeclarationText {
  text: string;
  pack: string;
  licence: string;
}

type Shown = ShownReading;

/** One line of a list of readings: who, on what, which way, and whether an official stands behind it. */
export function ReadingLine({ view, reading, withState }: { view: View; reading: Shown; withState?: boolean }) {
  const { t } = view;
  return (
    <li>
      {withState ? (
        <>
          <a href={`/law/states/${reading.state}`}>{view.stateName(reading.state)}</a>
          {' · '}
        </>
      ) : null}
      <b>{provisionWords(view, reading.provision)}</b> {positionWords(view, reading.position)}{' '}
      <span class="muted">({t(`law.effect.${reading.effectOnProvision}`)})</span>
      <span class="small muted">
        <a href={`/law/readings/${reading.id}`}>
          {t(reading.confirmed ? 'law.reading-confirmed' : 'law.reading-not-confirmed')}
        </a>
      </span>
    </li>
  );
}

/** `/law/readings/ID`: what was read, where, and the official's confirmation. */
export function ReadingPage({
  view,
  reading,
  instrument,
  text,
  mayConfirm,
  done,
}: {
  view: View;
  reading: Shown;
  instrument: Pick<Instrument, 'id' | 'title'>;
  text: DeclarationText | undefined;
  mayConfirm: boolean;
  done: boolean;
}) {
  const { t, formats } = view;
  const article = /^\d+/.exec(reading.provision)?.[0];
  return (
    <LawPage view={view} title={t('law.reading-title')}>
      {done ? <Notice view={view} kind="success" title={t('law.reading-confirmed')} /> : null}
      <BackLink href={`/law/states/${reading.state}`}>
        {t('law.state-title', { state: view.stateName(reading.state) })}
      </BackLink>
      <Heading
        eyebrow={t('law.reading-title')}
        title={`${view.stateName(reading.state)}: ${positionWords(view, reading.position)}`}
        lede={t('law.reading-lede')}
      />
      <p>
        <StatusMark mark={reading.confirmed ? 'done' : 'half'} tone={reading.confirmed ? 'success' : 'warning'}>
          {t(reading.confirmed ? 'law.reading-confirmed' : 'law.reading-not-confirmed')}
        </StatusMark>
      </p>
      <Facts
        items={[
          {
            label: t('law.column-instrument'),
            value: (
              <a href={`/law/${instrument.id}`}>
                <Title view={view} instrument={instrument} />
              </a>
            ),
          },
          {
            label: t('law.column-provision'),
            value: article ? (
              <a href={`/law/${instrument.id}/${article}`}>{provisionWords(view, reading.provision)}</a>
            ) : (
              provisionWords(view, reading.provision)
            ),
          },
          { label: t('law.column-effect-read'), value: t(`law.effect.${reading.effectOnProvision}`) },
          { label: t('law.column-source'), value: <bdi lang="en">{sourceName(view, reading.source)}</bdi> },
          ...(reading.asOf ? [{ label: t('law.data-as-of'), value: formats.day(reading.asOf) }] : []),
        ]}
      />
      {text ? (
        <Quote lang="en" source={packSource(view, text)}>
          {text.text}
        </Quote>
      ) : (
        <p class="callout">{t('law.text-not-installed')}</p>
      )}
      {mayConfirm && !reading.confirmed ? (
        <>
          <p class="measure">{t('law.confirm-hint')}</p>
          <Actions>
            <ActButton view={view} kind="main" action={`/law/readings/${reading.id}/confirm`}>
              {t('law.confirm')}
            </ActButton>
          </Actions>
        </>
      ) : null}
    </LawPage>
  );
}
