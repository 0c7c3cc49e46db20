import { isUnknown } from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Bdi,
  Button,
  Callout,
  DataTable,
  Facts,
  Heading,
  Num,
  Ref,
  Section,
  SideSection,
  type Content,
  type View,
} from '../../../web/index.ts';
import type { Entry } from '../schema/index.ts';
import type { EntryView, HistoryLine } from '../service/index.ts';
import { DirectoryPage } from './shell.tsx';
import { HoursWords, Known, nameFor, Names, purposeWords, textIn, TrustMark, trustWords } from './words.tsx';

/** `/authorities/XB:central-authority`: everything about one desk that the reader may see. */
export function CardPage({ view, shown, history }: { view: View; shown: EntryView; history: readonly HistoryLine[] }) {
  const { t } = view;
  const { entry } = shown.version;
  const state = view.stateName(entry.state);
  return (
    <DirectoryPage
      view={view}
      title={nameFor(view, entry)}
      side={<Side view={view} shown={shown} />}
      sideLabel={t('authorities.hours')}
    >
      <BackLink href={`/authorities/states/${entry.state}`}>{t('authorities.state-title', { state })}</BackLink>
      <Heading
        title={<Bdi>{nameFor(view, entry)}</Bdi>}
        eyebrow={`${state} · ${t(`authorities.role.${entry.role}`)}`}
        lede={trustWords(view, shown.trust)}
      />
      {shown.frozen ? <Callout tone="seal">{t('authorities.frozen-note')}</Callout> : null}
      {shown.trust.mark === 'stale' || shown.trust.mark === 'silent' ? (
        <Callout tone="warning">{t('authorities.stale-note')}</Callout>
      ) : null}
      <Section title={t('authorities.holds')} id="designations">
        <Designations view={view} entry={entry} />
      </Section>
      <Section title={t('authorities.address')} id="address">
        <Facts items={addressFacts(view, entry)} />
      </Section>
      <Section title={t('authorities.contact')} id="contact">
        {shown.layer === 'P' ? <p class="muted">{t('authorities.restricted-note')}</p> : null}
        <Facts items={contactFacts(view, entry)} />
      </Section>
      {shown.others.length > 0 ? (
        <Section title={t('authorities.other-sources')} id="others">
          <ul class="plain-list">
            {shown.others.map((other) => (
              <li>
                <a href={`/authorities/${other.version.entry.id}`}>{nameFor(view, other.version.entry)}</a>{' '}
                <span class="source">{t(`authorities.origin.${other.version.entry.origin}`)}</span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      <History view={view} history={history} />
    </DirectoryPage>
  );
}

function Side({ view, shown }: { view: View; shown: EntryView }) {
  const { t } = view;
  const { entry, version, hash } = shown.version;
  return (
    <>
      <SideSection title={t('authorities.hours')}>
        <p>
          <HoursWords view={view} hours={shown.hours} />
        </p>
        <Known view={view} value={entry.officeHours}>
          {(hours) => (
            <ul class="plain-list">
              {hours.map((block) => (
                <li>
                  {t('authorities.weekday', { day: block.weekday })} <Num>{`${block.from}–${block.to}`}</Num>
                </li>
              ))}
            </ul>
          )}
        </Known>
      </SideSection>
      <SideSection title={t('authorities.trust')}>
        <p>
          <TrustMark view={view} trust={shown.trust} />
        </p>
        <p class="source">
          {t(`authorities.origin.${entry.origin}`)} · {t('authorities.version')} <Num>{version}</Num>
        </p>
        <p>
          <Ref value={hash} wrap />
        </p>
      </SideSection>
      <Actions>
        {view.person ? (
          <Button href={`/requests/new?to=${entry.state}&authority=${encodeURIComponent(entry.id)}`}>
            {t('authorities.use-in-request')}
          </Button>
        ) : null}
        <Button href={`/api/authorities/${entry.id}/card.vcf`}>{t('authorities.vcard')}</Button>
      </Actions>
    </>
  );
}

function Designations({ view, entry }: { view: View; entry: Entry }) {
  const { t, formats } = view;
  return (
    <ul class="plain-list">
      {entry.designations.map((one) => {
        const words = {
          functionName: purposeWords(view, one.function),
          instrument: one.instrument ?? '',
          articles: one.articles.join(', '),
        };
        const notified = one.notifiedBy;
        return (
          <li>
            {one.instrument ? t('authorities.under', words) : t('authorities.under-any', words)}
            {one.conditions?.stages?.length
              ? ` · ${one.conditions.stages.map((stage) => t(`authorities.stage.${stage}`)).join(', ')}`
              : null}
            {one.conditions?.text ? <> · {textIn(view, one.conditions.text)}</> : null}
            <br />
            <span class="source">
              {isUnknown(one.from)
                ? t('authorities.since-unknown')
                : t('authorities.since', { day: formats.day(one.from) })}
              {notified
                ? ` · ${isUnknown(notified.on) ? t('authorities.notified-undated', { source: notified.source }) : t('authorities.notified-on', { day: formats.day(notified.on), source: notified.source })}`
                : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

type Item = { label: Content; value: Content };

function addressFacts(view: View, entry: Entry): Item[] {
  const { t, formats } = view;
  const lines = [entry.postal, entry.street, entry.postcode, entry.city].filter(
    (one): one is string => !isUnknown(one),
  );
  return [
    { label: t('authorities.names'), value: <Names entry={entry} /> },
    {
      label: t('authorities.department'),
      value: (
        <Known view={view} value={entry.department}>
          {(text) => <Bdi>{text}</Bdi>}
        </Known>
      ),
    },
    { label: t('authorities.kind'), value: t(`authorities.kind.${entry.kind}`) },
    {
      label: t('authorities.unit'),
      value: entry.territory ? <Ref value={entry.territory} /> : t('authorities.whole-state'),
    },
    {
      label: t('authorities.address'),
      value:
        lines.length > 0 ? (
          lines.map((line, index) => [index > 0 ? <br /> : null, <Bdi>{line}</Bdi>])
        ) : (
          <Known view={view} value={entry.city}>
            {(city) => city}
          </Known>
        ),
    },
    {
      label: t('authorities.website'),
      value: (
        <Known view={view} value={entry.website}>
          {(href) => (
            <a href={href} rel="noreferrer">
              {href}
            </a>
          )}
        </Known>
      ),
    },
    {
      label: t('authorities.languages'),
      value: (
        <Known view={view} value={entry.languages}>
          {(list) => formats.list(list.map((one) => formats.language(one.code)))}
        </Known>
      ),
    },
    {
      label: t('authorities.translation'),
      value: (
        <Known view={view} value={entry.translationRule}>
          {(rule) => t(`authorities.translation.${rule.rule}`)}
        </Known>
      ),
    },
    {
      label: t('authorities.channel'),
      value: (
        <Known view={view} value={entry.channels}>
          {(list) => formats.list(list.map((one) => t(`authorities.channel.${one.channel}`)))}
        </Known>
      ),
    },
    {
      label: t('authorities.secure-address'),
      value: (
        <Known view={view} value={entry.nodeId}>
          {(node) => <Ref value={node} />}
        </Known>
      ),
    },
    ...(entry.networks.length > 0 ? [{ label: t('authorities.networks'), value: formats.list(entry.networks) }] : []),
  ];
}

function contactFacts(view: View, entry: Entry): Item[] {
  const { t, formats } = view;
  const phone = (number: string) => (
    <a href={`tel:${number}`}>
      <Num>{number}</Num>
    </a>
  );
  return [
    {
      label: t('authorities.urgent-phone'),
      value: (
        <Known view={view} value={entry.urgentPhone}>
          {phone}
        </Known>
      ),
    },
    {
      label: t('authorities.phones'),
      value: (
        <Known view={view} value={entry.phones}>
          {(list) => list.map((one) => <>{phone(one)} </>)}
        </Known>
      ),
    },
    {
      label: t('authorities.fax'),
      value: (
        <Known view={view} value={entry.fax}>
          {(number) => <Num>{number}</Num>}
        </Known>
      ),
    },
    {
      label: t('authorities.emails'),
      value: (
        <Known view={view} value={entry.emails}>
          {(list) => list.map((one) => <a href={`mailto:${one}`}>{one} </a>)}
        </Known>
      ),
    },
    {
      label: t('authorities.contact-persons'),
      value: (
        <Known view={view} value={entry.contactPersons}>
          {(list) => (
            <ul class="plain-list">
              {list.map((one) => (
                <li>
                  <Bdi>{one.post}</Bdi>
                  {one.deputy ? ` (${t('authorities.deputy')})` : null} {one.directLine ? phone(one.directLine) : null}{' '}
                  <span class="source">{formats.list(one.languages.map((tag) => formats.language(tag)))}</span>
                </li>
              ))}
            </ul>
          )}
        </Known>
      ),
    },
  ];
}

function History({ view, history }: { view: View; history: readonly HistoryLine[] }) {
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
    </Section>
  );
}
