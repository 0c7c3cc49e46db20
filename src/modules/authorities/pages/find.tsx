import type { StateCode } from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Button,
  Callout,
  DataTable,
  DateInput,
  Empty,
  ErrorSummary,
  Facts,
  Form,
  Heading,
  Num,
  Section,
  Select,
  TextInput,
  Tick,
  type Content,
  type View,
} from '../../../web/index.ts';
import { FunctionCode, stages, type Choice, type Desk } from '../schema/index.ts';
import type { StateCount } from '../service/index.ts';
import { whyText } from '../words.ts';
import type { Problem } from '../../../platform/values/index.ts';
import { DirectoryPage } from './shell.tsx';
import { HoursWords, Known, nameFor, purposeWords, TrustMark, trustWords } from './words.tsx';

export interface Typed {
  state: string;
  purpose: string;
  instrument: string;
  territory: string;
  stage: string;
  on: string;
  urgent: boolean;
}

interface Props {
  view: View;
  typed: Typed;
  states: readonly StateCount[];
  choice: Choice | null;
  problems: readonly Problem[];
}

/** `/authorities`: who handles what in which State. */
export function FindPage({ view, typed, states, choice, problems }: Props) {
  const { t } = view;
  return (
    <DirectoryPage view={view} title={t('authorities.find-title')} error={problems.length > 0}>
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('authorities.find-title')} lede={t('authorities.find-lead')} />
      <FindForm view={view} typed={typed} states={states} problems={problems} />
      {choice ? <Answer view={view} choice={choice} /> : <States view={view} states={states} />}
    </DirectoryPage>
  );
}

function FindForm({ view, typed, states, problems }: Omit<Props, 'choice'>) {
  const { t } = view;
  const errorAt = (field: string) => {
    const found = problems.find((one) => one.path[0] === field);
    return found && view.problemText(found);
  };
  const byName = states
    .map((one) => ({ value: one.state as string, label: view.stateName(one.state) }))
    .sort((a, b) => a.label.localeCompare(b.label, view.locale));
  return (
    <Form view={view} method="get" action="/authorities" label={t('authorities.find-title')}>
      <Select
        view={view}
        name="state"
        label={t('authorities.find-state')}
        value={typed.state}
        options={byName}
        empty=""
        error={errorAt('state')}
      />
      <Select
        view={view}
        name="purpose"
        label={t('authorities.find-purpose')}
        value={typed.purpose}
        options={FunctionCode.options.map((code) => ({ value: code, label: purposeWords(view, code) }))}
        empty=""
        error={errorAt('purpose')}
      />
      <TextInput
        view={view}
        name="instrument"
        label={t('authorities.find-instrument')}
        hint={t('authorities.find-instrument-hint')}
        value={typed.instrument}
        width={12}
        dir="ltr"
        optional
        error={errorAt('instrument')}
      />
      <Select
        view={view}
        name="stage"
        label={t('authorities.find-stage')}
        value={typed.stage}
        options={stages.map((stage) => ({ value: stage, label: t(`authorities.stage.${stage}`) }))}
        empty={t('authorities.stage.any')}
        optional
      />
      <TextInput
        view={view}
        name="territory"
        label={t('authorities.find-territory')}
        value={typed.territory}
        width={6}
        dir="ltr"
        optional
      />
      <DateInput
        view={view}
        name="on"
        label={t('authorities.find-on')}
        value={typed.on}
        width={12}
        error={errorAt('on')}
      />
      <Tick view={view} name="urgent" label={t('authorities.find-urgent')} checked={typed.urgent} value="yes" />
      <Actions>
        <Button kind="main">{t('authorities.find-button')}</Button>
      </Actions>
    </Form>
  );
}

function deskHref(desk: Pick<Desk, 'authority'>, on: string): string {
  return `/authorities/${desk.authority}?on=${on}`;
}

function DeskLine({ view, desk, on }: { view: View; desk: Desk; on: string }) {
  const { t } = view;
  const { instrument, article } = desk.designatedUnder;
  const under = { functionName: purposeWords(view, desk.function), instrument: instrument ?? '', articles: article };
  return (
    <>
      <a href={deskHref(desk, on)}>{nameFor(view, desk)}</a>
      <br />
      <span class="source">
        {t(`authorities.role.${desk.role}`)} ·{' '}
        {instrument ? t('authorities.under', under) : t('authorities.under-any', under)}
        {desk.conditions?.stages.length
          ? ` · ${desk.conditions.stages.map((stage) => t(`authorities.stage.${stage}`)).join(', ')}`
          : ''}
      </span>
    </>
  );
}

function Answer({ view, choice }: { view: View; choice: Choice }) {
  const { t } = view;
  const { question, desk } = choice;
  const names = { state: view.stateName(question.state), functionName: purposeWords(view, question.function) };
  const list = (desks: readonly Desk[]) => (
    <ul class="plain-list">
      {desks.map((one) => (
        <li>
          <DeskLine view={view} desk={one} on={question.on} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {choice.warnings.length > 0 ? (
        <Callout tone="warning">
          <p>
            <b>{t('authorities.warnings-heading')}</b>
          </p>
          <ul>
            {choice.warnings.map((one) => (
              <li>{view.problemText(one)}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
      {desk ? (
        <Section
          title={t('authorities.desk')}
          id="desk"
          end={choice.trust ? <TrustMark view={view} trust={choice.trust} /> : undefined}
        >
          <p>
            <DeskLine view={view} desk={desk} on={question.on} />
          </p>
          <DeskFacts view={view} choice={choice} />
          {view.person ? (
            <Actions>
              <Button href={`/requests/new?to=${question.state}&authority=${encodeURIComponent(desk.authority)}`}>
                {t('authorities.use-in-request')}
              </Button>
            </Actions>
          ) : null}
        </Section>
      ) : null}
      {choice.equals.length > 0 ? (
        <Section title={t('authorities.equal-desks')} id="equal">
          {list(choice.equals)}
        </Section>
      ) : null}
      {!desk && choice.equals.length === 0 ? (
        <Empty title={t('authorities.no-desk-lead', names)} motif="map">
          {choice.nearest[0]
            ? t('authorities.nearest-lead', {
                functionName: purposeWords(view, choice.nearest[0].function),
                name: nameFor(view, choice.nearest[0]),
              })
            : null}
        </Empty>
      ) : null}
      {choice.nearest.length > 0 ? (
        <Section title={t('authorities.nearest')} id="nearest">
          {list(choice.nearest)}
        </Section>
      ) : null}
      {choice.fallback.length > 0 ? (
        <Section title={t('authorities.fallback')} id="fallback">
          {list(choice.fallback)}
        </Section>
      ) : null}
      <Section title={t('authorities.why-heading')} id="why">
        <ul>
          {choice.why.map((why) => (
            <li>{whyText(t, why)}</li>
          ))}
        </ul>
      </Section>
      <p>
        <BackLink href={`/authorities/states/${question.state}`}>
          {t('authorities.state-title', { state: names.state })}
        </BackLink>
      </p>
    </>
  );
}

function DeskFacts({ view, choice }: { view: View; choice: Choice }) {
  const { t, formats } = view;
  const { language, formalities } = choice;
  const items: { label: Content; value: Content }[] = [
    { label: t('authorities.hours'), value: <HoursWords view={view} hours={choice} /> },
    {
      label: t('authorities.languages'),
      value: (
        <Known view={view} value={language.accepted}>
          {(list) => formats.list(list.map((one) => formats.language(one)))}
        </Known>
      ),
    },
    {
      label: t('authorities.translation'),
      value: (
        <Known view={view} value={language.translation}>
          {(rule) => t(`authorities.translation.${rule}`)}
        </Known>
      ),
    },
    { label: t('authorities.channel'), value: t(`authorities.channel.${choice.channel}`) },
    {
      label: t('authorities.signature'),
      value: (
        <Known view={view} value={formalities.electronicSignature}>
          {(yes) => t(yes ? 'authorities.yes' : 'authorities.no')}
        </Known>
      ),
    },
    {
      label: t('authorities.originals'),
      value:
        formalities.originalsWithinDays === null ? (
          t('authorities.no')
        ) : (
          <Known view={view} value={formalities.originalsWithinDays}>
            {(days) => t('authorities.originals-within', { days })}
          </Known>
        ),
    },
    {
      label: t('authorities.copies'),
      value: (
        <Known view={view} value={formalities.copies}>
          {(copies) => <Num>{copies}</Num>}
        </Known>
      ),
    },
    {
      label: t('authorities.authentication'),
      value: (
        <Known view={view} value={formalities.authentication}>
          {(kind) => t(`authorities.authentication.${kind}`)}
        </Known>
      ),
    },
  ];
  if (language.use !== null)
    items.unshift({ label: t('authorities.language-use'), value: formats.language(language.use) });
  if (choice.alert)
    items.unshift({
      label: t('authorities.alert'),
      value: <a href={deskHref(choice.alert, choice.question.on)}>{choice.alert.name}</a>,
    });
  if (choice.trust) items.push({ label: t('authorities.trust'), value: trustWords(view, choice.trust) });
  return <Facts items={items} />;
}

function States({ view, states }: { view: View; states: readonly StateCount[] }) {
  const { t } = view;
  const sorted = states.toSorted((a, b) => view.stateName(a.state).localeCompare(view.stateName(b.state), view.locale));
  const href = (state: StateCode) => `/authorities/states/${state}`;
  return (
    <Section title={t('authorities.title')} id="states">
      <DataTable
        view={view}
        caption={t('authorities.title')}
        captionHidden
        columns={[
          {
            id: 'state',
            label: t('authorities.find-state'),
            header: true,
            cell: (one) => <a href={href(one.state)}>{view.stateName(one.state)}</a>,
          },
          { id: 'entries', label: t('authorities.entries'), figures: true, cell: (one) => <Num>{one.entries}</Num> },
          {
            id: 'share',
            label: t('authorities.trust'),
            cell: (one) => t('authorities.share-confirmed', { confirmed: one.confirmed, all: one.entries }),
          },
        ]}
        rows={sorted}
        empty={t('authorities.not-found-list')}
      />
    </Section>
  );
}
