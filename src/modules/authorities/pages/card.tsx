import { isUnknown } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Bdi,
  Button,
  Callout,
  ClockPair,
  DataTable,
  Facts,
  Heading,
  Notice,
  Num,
  Ref,
  Section,
  SideSection,
  type View,
} from '../../../web/index.ts';
import type { Entry } from '../schema/index.ts';
import type { EntryView, HistoryLine } from '../service/index.ts';
import { articleText } from '../words.ts';
import { useHref } from './answer.tsx';
import { addressFacts, contactFacts, sendingFacts } from './card-facts.tsx';
import { DirectoryPage } from './shell.tsx';
import {
  hereAndThere,
  HoursTable,
  instrumentWords,
  nameFor,
  OpenWords,
  purposeWords,
  sentence,
  textIn,
  TrustMark,
  trustWords,
} from './words.tsx';

interface Props {
  view: View;
  shown: EntryView;
  history: readonly HistoryLine[];
  rights: { askToConfirm: boolean; report: boolean; edit: boolean };
  done?: 'asked' | 'reported' | 'chosen' | undefined;
}

const doneWords = {
  asked: 'authorities.asked-done',
  reported: 'authorities.reported-done',
  chosen: 'authorities.chosen-done',
} as const;

/** `/authorities/XB:central-authority`: everything about one desk that the reader may see. */
export function CardPage({ view, shown, history, rights, done }: Props) {
  const { t } = view;
  const { entry } = shown.version;
  const state = view.stateName(entry.state);
  const name = nameFor(view, entry);
  const own = entry.names.find((one) => one.original && one.text !== name);
  return (
    <DirectoryPage
      view={view}
      title={name}
      head={
        <>
          <BackLink href={`/authorities/states/${entry.state}`}>{t('authorities.state-title', { state })}</BackLink>
          {done ? <Notice view={view} kind="success" title={t(doneWords[done])} /> : null}
          <Heading
            title={<Bdi>{name}</Bdi>}
            eyebrow={
              <>
                <span>{state}</span> <span>{t(`authorities.role.${entry.role}`)}</span>{' '}
                {entry.territory ? <Ref value={entry.territory} /> : null}
              </>
            }
            lede={own ? <Bdi lang={own.lang}>{own.text}</Bdi> : undefined}
          />
          <Warnings view={view} shown={shown} rights={rights} />
        </>
      }
      side={<Side view={view} shown={shown} rights={rights} />}
      sideLabel={t('authorities.hours')}
    >
      <Actions>
        <Button kind="main" href={useHref({ authority: entry.id })}>
          {t('authorities.use-in-request')}
        </Button>
        {rights.edit ? <Button href={`/authorities/mine/${entry.id}/edit`}>{t('authorities.edit')}</Button> : null}
        <Button kind="link" href={`/api/authorities/${entry.id}/card.vcf`}>
          {t('authorities.vcard')}
        </Button>
      </Actions>
      <Section title={t('authorities.holds')} id="designations">
        <Designations view={view} entry={entry} />
      </Section>
      <Section title={t('authorities.how-to-send')} id="how">
        <Facts items={sendingFacts(view, entry)} />
      </Section>
      <Section title={t('authorities.address')} id="address">
        <Facts items={addressFacts(view, entry)} />
      </Section>
      <Section title={t('authorities.contact')} id="contact">
        {shown.layer === 'P' ? <p class="measure muted">{t('authorities.restricted-note')}</p> : null}
        {contactFacts(view, entry).length > 0 ? <Facts items={contactFacts(view, entry)} /> : null}
      </Section>
      {shown.others.length > 0 ? (
        <Section title={t('authorities.other-sources')} id="others">
          <ul class="plain-list desks">
            {shown.others.map((other) => (
              <li>
                <a href={`/authorities/${other.version.entry.id}`}>
                  <Bdi>{nameFor(view, other.version.entry)}</Bdi>
                </a>
                <span class="source line">{t(`authorities.origin.${other.version.entry.origin}`)}</span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      <History view={view} history={history} hash={shown.version.hash} />
    </DirectoryPage>
  );
}

function Warnings({ view, shown, rights }: { view: View; shown: EntryView; rights: Props['rights'] }) {
  const { t } = view;
  const { mark } = shown.trust;
  const old = mark === 'stale' || mark === 'silent';
  return (
    <>
      {shown.frozen ? <Callout tone="seal">{t('authorities.frozen-note')}</Callout> : null}
      {old ? (
        <Callout tone="warning">
          <p>{t(mark === 'silent' ? 'authorities.silent-note' : 'authorities.stale-note')}</p>
          {rights.askToConfirm ? (
            <ActButton view={view} action={`/authorities/${shown.version.entry.id}/ask`}>
              {t('authorities.ask-to-confirm')}
            </ActButton>
          ) : null}
        </Callout>
      ) : null}
    </>
  );
}

function Side({ view, shown, rights }: { view: View; shown: EntryView; rights: Props['rights'] }) {
  const { t } = view;
  const { entry } = shown.version;
  const clocks = hereAndThere(view, shown.hours);
  return (
    <>
      <SideSection title={t('authorities.hours')}>
        {clocks ? <ClockPair sides={clocks} /> : null}
        <p>
          <OpenWords view={view} hours={shown.hours} />
        </p>
        {isUnknown(entry.officeHours) ? null : <HoursTable view={view} blocks={entry.officeHours} />}
        {!isUnknown(entry.dutyService) && entry.dutyService.available ? (
          <p class="source">{t('authorities.duty-served')}</p>
        ) : null}
      </SideSection>
      <SideSection title={t('authorities.trust')}>
        <p>
          <TrustMark view={view} trust={shown.trust} />
        </p>
        <p>{trustWords(view, shown.trust)}</p>
        <p class="source">
          {t(`authorities.origin.${entry.origin}`)}
          {isUnknown(entry.confirmedBy) ? null : (
            <>
              {' · '}
              <Bdi>{entry.confirmedBy}</Bdi>
            </>
          )}
        </p>
        {rights.report ? (
          <p>
            <a href={`/authorities/${entry.id}/feedback`}>{t('authorities.report-error')}</a>
          </p>
        ) : null}
      </SideSection>
    </>
  );
}

/** Designations of one function together: what it is, and under which instruments. */
function Designations({ view, entry }: { view: View; entry: Entry }) {
  const { t, formats } = view;
  if (entry.designations.length === 0) return <p class="muted">{t('authorities.unknown.not-coded')}</p>;
  const functions = [...new Set(entry.designations.map((one) => one.function))];
  return (
    <ul class="plain-list held">
      {functions.map((code) => {
        const held = entry.designations.filter((one) => one.function === code);
        return (
          <li>
            <b>{sentence(view, purposeWords(view, code))}</b>
            <ul>
              {held.map((one) => {
                const stages = one.conditions?.stages ?? [];
                const notified = one.notifiedBy;
                return (
                  <li>
                    {one.instrument
                      ? t('authorities.instrument-articles', {
                          instrument: instrumentWords(view, one.instrument),
                          articles: articleText(one.articles.join(', '), view.dir),
                        })
                      : t('authorities.any-instrument')}
                    {stages.length > 0
                      ? ` · ${stages.map((stage) => t(`authorities.stage.${stage}`)).join(', ')}`
                      : null}
                    {one.conditions?.text ? <> · {textIn(view, one.conditions.text)}</> : null}
                    <span class="source line">
                      {[
                        isUnknown(one.from)
                          ? t('authorities.since-unknown')
                          : t('authorities.since', { day: formats.day(one.from) }),
                        ...(notified
                          ? [
                              isUnknown(notified.on)
                                ? t('authorities.notified-undated', { source: notified.source })
                                : t('authorities.notified-on', {
                                    day: formats.day(notified.on),
                                    source: notified.source,
                                  }),
                            ]
                          : []),
                      ].join(' · ')}
                    </span>
                  </li>
                );
              })}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

function History({ view, history, hash }: { view: View; history: readonly HistoryLine[]; hash: string }) {
  const { t, formats } = view;
  const valid = (line: HistoryLine) => {
    const from = line.validFrom ? formats.day(line.validFrom) : t('authorities.since-unknown');
    return line.until
      ? t('authorities.valid-from-until', { from, until: formats.day(line.until) })
      : t('authorities.valid-open', { from });
  };
  return (
    <Section title={t('authorities.history')} id="history">
      <DataTable
        view={view}
        caption={t('authorities.history')}
        captionHidden
        stack
        rows={history}
        columns={[
          { id: 'version', label: t('authorities.version'), header: true, cell: (line) => <Num>{line.version}</Num> },
          {
            id: 'recorded',
            label: t('authorities.recorded'),
            cell: (line) => (
              <>
                {formats.moment(line.recordedAt, view.node.zone)}
                {line.urgent ? ` · ${t('authorities.urgent-version')}` : null}
              </>
            ),
          },
          { id: 'valid', label: t('authorities.valid'), cell: valid },
          {
            id: 'confirmed',
            label: t('authorities.trust'),
            cell: (line) => (line.confirmedOn ? formats.day(line.confirmedOn) : '–'),
          },
        ]}
      />
      <p class="source record-hash">
        {t('authorities.record-hash')} <Ref value={hash} wrap />
      </p>
    </Section>
  );
}
