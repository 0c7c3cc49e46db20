import type { StateCode } from '../../../../platform/values/index.ts';
import { Section, StatusMark, type View } from '../../../../web/index.ts';
import type { BasisAnswer, ShownBasis } from '../../schema/index.ts';
import { ActCell } from '../acts.tsx';
import { ArticleLink, answerMarks, shortName, shownDate, statusMarks, statusWords } from '../words.tsx';
import type { Titles } from './ask.tsx';

type Condition = ShownBasis['conditions'][number];

/** Every basis, best first: a table where there is room, cards where there is not. */
export function Bases({ view, answer, titles }: { view: View; answer: BasisAnswer; titles: Titles }) {
  const { t } = view;
  const { from, to } = answer.question;
  const columns = [t('law.column-basis'), t('law.column-answer'), view.stateName(from), view.stateName(to)];
  return (
    <Section title={t('law.bases-title')} id="bases">
      <div class="scroll-x" tabindex={0} role="group" aria-label={t('law.bases-title')}>
        <table class="table table--stack bases">
          <caption class="vh">{t('law.bases-title')}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="vh">{t('law.column-rank')}</span>
              </th>
              {columns.map((label) => (
                <th scope="col">{label}</th>
              ))}
              <th scope="col">{t('law.column-use')}</th>
            </tr>
          </thead>
          <tbody>
            {answer.bases.map((basis) => (
              <Row view={view} basis={basis} from={from} to={to} titles={titles} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Row({
  view,
  basis,
  from,
  to,
  titles,
}: {
  view: View;
  basis: ShownBasis;
  from: StateCode;
  to: StateCode;
  titles: Titles;
}) {
  const { t } = view;
  const title = titles.get(basis.instrument);
  return (
    <tr id={`basis-${basis.instrument.replace(':', '-')}`}>
      <td class="muted rank">{view.formats.number(basis.rank)}</td>
      <th scope="row">
        {title ? (
          <a href={`/law/${basis.instrument}`}>{shortName(view, basis.instrument, title.title)}</a>
        ) : (
          t('law.agreement', { name: basis.instrument.replace(/^agreement:/, '') })
        )}
        {basis.article ? (
          <span class="small">
            <ArticleLink view={view} instrument={basis.instrument} article={basis.article} />
          </span>
        ) : null}
      </th>
      <td data-k={t('law.column-answer')}>
        <StatusMark {...answerMarks[basis.answer]}>{t(`law.answer-short.${basis.answer}`)}</StatusMark>
        {basis.boundOnOffenceDate ? (
          <span class="small muted">
            {t('law.on-offence-day')}: {t(`law.answer-short.${basis.boundOnOffenceDate}`)}
          </span>
        ) : null}
      </td>
      {[from, to].map((state) => (
        <td data-k={view.stateName(state)}>
          <Acts view={view} basis={basis} state={state} />
        </td>
      ))}
      <td>
        <Use view={view} basis={basis} />
      </td>
    </tr>
  );
}

function Acts({ view, basis, state }: { view: View; basis: ShownBasis; state: StateCode }) {
  const { t } = view;
  const acts = basis.acts[state] ?? [];
  const status = basis.status[state];
  return (
    <>
      {status && status !== 'party' ? (
        <StatusMark {...statusMarks[status]}>{statusWords(view, status)}</StatusMark>
      ) : null}
      {acts.length === 0 && !status ? <span class="muted">{t('law.no-act')}</span> : null}
      {acts.map((act) => (
        <div class="act">
          <ActCell view={view} act={act} />
          <span class="small">
            {t('law.column-deposited')} <b>{shownDate(view, act.deposited)}</b>
          </span>
          <span class="small">
            {t('law.column-effect')} <b>{shownDate(view, act.effect)}</b>
          </span>
        </div>
      ))}
    </>
  );
}

/** What decides: the open and the failing conditions in full, the met ones behind a fold. */
function Use({ view, basis }: { view: View; basis: ShownBasis }) {
  const { t } = view;
  const open = basis.conditions.filter((condition) => condition.answer !== 'yes');
  const met = basis.conditions.filter((condition) => condition.answer === 'yes');
  const lead = open.length > 0 ? open : met.slice(-1);
  const rest = open.length > 0 ? met : met.slice(0, -1);
  return (
    <>
      <ul class="use">
        {lead.map((condition) => (
          <One view={view} condition={condition} instrument={basis.instrument} />
        ))}
      </ul>
      {rest.length > 0 || basis.notices.length > 0 ? (
        <details>
          <summary>
            {rest.length > 0 ? t('law.more-conditions', { count: rest.length }) : t('law.notices-title')}
          </summary>
          <ul class="use">
            {rest.map((condition) => (
              <One view={view} condition={condition} instrument={basis.instrument} />
            ))}
          </ul>
          {basis.notices.length > 0 ? (
            <>
              <p class="small muted">{t('law.notices-title')}</p>
              <ul class="use">
                {basis.notices.map((notice) => (
                  <li>
                    <span>
                      {notice.text} <ArticleLink view={view} instrument={basis.instrument} article={notice.article} />
                    </span>
                  </li>
                ))}
              </ul>
            </>
          ) : null}
        </details>
      ) : null}
    </>
  );
}

function One({ view, condition, instrument }: { view: View; condition: Condition; instrument: string }) {
  const look = answerMarks[condition.answer];
  return (
    <li>
      <StatusMark mark={look.mark} tone={look.tone}>
        <span class="vh">{view.t(`law.answer-short.${condition.answer}`)}</span>
      </StatusMark>
      <span>
        {condition.text}{' '}
        {condition.article ? <ArticleLink view={view} instrument={instrument} article={condition.article} /> : null}
        {condition.ask ? <span class="small muted">{condition.ask}</span> : null}
      </span>
    </li>
  );
}
