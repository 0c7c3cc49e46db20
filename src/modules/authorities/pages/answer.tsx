import { isUnknown } from '../../../platform/values/index.ts';
import {
  Actions,
  ActButton,
  Button,
  Callout,
  ClockPair,
  Empty,
  Facts,
  Num,
  Section,
  SideSection,
  Verdict,
  type Fact,
  type View,
} from '../../../web/index.ts';
import type { Choice, Desk, Trust } from '../schema/index.ts';
import { articleText, whyText } from '../words.ts';
import {
  hereAndThere,
  instrumentWords,
  Known,
  nameFor,
  OpenWords,
  purposeWords,
  sentence,
  trustWords,
} from './words.tsx';

const verdicts = {
  confirmed: { tone: 'success', mark: 'done' },
  due: { tone: 'warning', mark: 'half' },
  stale: { tone: 'warning', mark: 'half' },
  silent: { tone: 'seal', mark: 'alert' },
} as const satisfies Record<Trust['mark'], object>;

function deskHref(desk: Pick<Desk, 'authority'>, on: string): string {
  return `/authorities/${desk.authority}?on=${on}`;
}

export function underWords(view: View, desk: Desk): string {
  const { instrument, article } = desk.designatedUnder;
  const under = {
    functionName: sentence(view, purposeWords(view, desk.function)),
    instrument: instrument ? instrumentWords(view, instrument) : '',
    articles: articleText(article, view.dir),
  };
  return instrument ? view.t('authorities.under', under) : view.t('authorities.under-any', under);
}

function stageWords(view: View, desk: Desk): string[] {
  return (desk.conditions?.stages ?? []).map((stage) => view.t(`authorities.stage.${stage}`));
}

function DeskLine({ view, desk, on }: { view: View; desk: Desk; on: string }) {
  const parts = [view.t(`authorities.role.${desk.role}`), underWords(view, desk), ...stageWords(view, desk)];
  return (
    <>
      <a href={deskHref(desk, on)}>
        <bdi dir="auto">{nameFor(view, desk)}</bdi>
      </a>
      <span class="source line">{parts.join(' · ')}</span>
    </>
  );
}

/** The answer: one sentence, then how to send, who else, and the reasons step by step. */
export function Answer({ view, choice }: { view: View; choice: Choice }) {
  const { t } = view;
  const { question, desk } = choice;
  const names = { state: view.stateName(question.state), functionName: purposeWords(view, question.function) };
  // That two desks fit is the answer itself here.
  const warnings = choice.warnings.filter((one) => one.code !== 'authorities.two-desks-equal');
  const list = (desks: readonly Desk[]) => (
    <ul class="plain-list desks">
      {desks.map((one) => (
        <li>
          <DeskLine view={view} desk={one} on={question.on} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {desk ? <Found view={view} choice={choice} desk={desk} /> : null}
      {choice.equals.length > 0 ? <Equals view={view} choice={choice} /> : null}
      {!desk && choice.equals.length === 0 ? (
        <>
          <h1 class="vh">{t('authorities.find-title')}</h1>
          <Empty title={t('authorities.no-desk-lead', names)} motif="map">
            {choice.nearest[0]
              ? t('authorities.nearest-lead', {
                  functionName: purposeWords(view, choice.nearest[0].function),
                  name: nameFor(view, choice.nearest[0]),
                })
              : null}
          </Empty>
        </>
      ) : null}
      {warnings.length > 0 ? (
        <Callout tone="warning">
          <p>
            <b>{t('authorities.warnings-heading')}</b>
          </p>
          <ul class="dotted">
            {warnings.map((one) => (
              <li>{view.problemText(one)}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
      {desk ? (
        <Section title={t('authorities.how-to-send')} id="how">
          <Facts items={deskFacts(view, choice)} />
        </Section>
      ) : null}
      {choice.nearest.length > 0 ? (
        <Section title={t('authorities.nearest')} id="nearest">
          {list(choice.nearest)}
        </Section>
      ) : null}
      {desk ? (
        <Section title={t('authorities.fallback')} id="fallback">
          {choice.fallback.length > 0 ? list(choice.fallback) : <p class="muted">{t('authorities.no-fallback')}</p>}
        </Section>
      ) : null}
      <Section title={t(desk ? 'authorities.why-heading' : 'authorities.why-none-heading')} id="why">
        <ol class="steps-why">
          {choice.why.map((why) => (
            <li>{whyText(t, why, { day: view.formats.day, instrument: (id) => instrumentWords(view, id) })}</li>
          ))}
        </ol>
      </Section>
      <p class="onward">
        <a href={`/authorities/states/${question.state}`}>{t('authorities.state-title', { state: names.state })}</a>
      </p>
    </>
  );
}

function Found({ view, choice, desk }: { view: View; choice: Choice; desk: Desk }) {
  const { t, formats } = view;
  const { question, trust, language } = choice;
  const name = nameFor(view, desk);
  const channel = t(`authorities.by.${choice.channel}`);
  const answer = language.use
    ? t('authorities.answer-desk', { name, language: formats.language(language.use), channel })
    : t('authorities.answer-desk-any', { name, channel });
  const stages = stageWords(view, desk);
  return (
    <Verdict
      {...verdicts[trust?.mark ?? 'due']}
      words={trust ? trustWords(view, trust) : t('authorities.never-confirmed')}
      answer={answer}
    >
      <p>{[underWords(view, desk), ...stages].join(' · ')}</p>
      <Actions>
        <Button kind="main" href={useHref(desk)}>
          {t('authorities.use-in-request')}
        </Button>
        <Button href={deskHref(desk, question.on)}>{t('authorities.open-card')}</Button>
      </Actions>
    </Verdict>
  );
}

/** Starts a request addressed to a desk. Who is not signed in is asked to sign in first. */
export function useHref(desk: { authority: string }): string {
  return `/requests/new?to=${desk.authority.split(':')[0] ?? ''}&authority=${encodeURIComponent(desk.authority)}`;
}

/** Two desks fit: both stand side by side with what tells them apart, and a person chooses. */
function Equals({ view, choice }: { view: View; choice: Choice }) {
  const { t } = view;
  const { question } = choice;
  const asked = {
    state: question.state,
    purpose: question.measure ?? question.function,
    instrument: question.instrument ?? '',
    territory: question.territory ?? '',
    on: question.on,
    urgent: question.urgent ? 'yes' : '',
  };
  const stageHref = (stage: string) => `/authorities/choose?${new URLSearchParams({ ...asked, stage }).toString()}`;
  return (
    <>
      <Verdict
        tone="warning"
        mark="half"
        words={t('authorities.equal-words', { count: choice.equals.length })}
        answer={t('authorities.equal-desks')}
      />
      <div class="equals" id="equal">
        {choice.equals.map((desk) => (
          <article class="equal">
            <h2>
              <a href={deskHref(desk, question.on)}>
                <bdi dir="auto">{nameFor(view, desk)}</bdi>
              </a>
            </h2>
            <Facts
              stack
              items={[
                {
                  label: t('authorities.find-stage'),
                  value:
                    stageWords(view, desk).length > 0 ? (
                      <b>{view.formats.list(stageWords(view, desk))}</b>
                    ) : (
                      t('authorities.stage.any')
                    ),
                },
                { label: t('authorities.holds'), value: underWords(view, desk) },
                {
                  label: t('authorities.notified'),
                  value: isUnknown(desk.notifiedOn)
                    ? t('authorities.since-unknown')
                    : view.formats.day(desk.notifiedOn),
                },
              ]}
            />
            <Actions>
              {desk.conditions?.stages[0] && choice.question.stage === undefined ? (
                <Button href={stageHref(desk.conditions.stages[0])}>
                  {t('authorities.for-stage', { stage: t(`authorities.stage.${desk.conditions.stages[0]}`) })}
                </Button>
              ) : null}
              {view.person ? (
                <ActButton
                  view={view}
                  action="/authorities/choose"
                  values={{ ...asked, stage: question.stage ?? '', chosen: desk.authority }}
                >
                  {t('authorities.choose-this')}
                </ActButton>
              ) : null}
            </Actions>
          </article>
        ))}
      </div>
    </>
  );
}

/** Clock on both walls, hours, and when the State last spoke. */
export function AnswerSide({ view, choice }: { view: View; choice: Choice }) {
  const { t } = view;
  const clocks = hereAndThere(view, choice);
  return (
    <>
      <SideSection title={t('authorities.hours')}>
        {clocks ? <ClockPair sides={clocks} /> : null}
        <p>
          <OpenWords view={view} hours={choice} />
        </p>
      </SideSection>
      {choice.alert ? (
        <SideSection title={t('authorities.alert')}>
          <p>
            <a href={deskHref(choice.alert, choice.question.on)}>
              <bdi dir="auto">{choice.alert.name}</bdi>
            </a>
          </p>
          <p class="source">{t(`authorities.role.${choice.alert.role}`)}</p>
        </SideSection>
      ) : null}
      <SideSection title={t('authorities.trust')}>
        {choice.trust ? <p>{trustWords(view, choice.trust)}</p> : null}
        {choice.desk ? <p class="source">{t(`authorities.origin.${choice.desk.origin}`)}</p> : null}
      </SideSection>
    </>
  );
}

function deskFacts(view: View, choice: Choice): Fact[] {
  const { t, formats } = view;
  const { language, formalities } = choice;
  return [
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
          {(yes) => t(yes ? 'authorities.signature-enough' : 'authorities.signature-not-enough')}
        </Known>
      ),
    },
    {
      label: t('authorities.originals'),
      value:
        formalities.originalsWithinDays === null ? (
          t('authorities.not-needed')
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
          {(copies) => <Num>{formats.number(copies)}</Num>}
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
}
