import type { Problem, StateCode } from '../../../platform/values/index.ts';
import { Actions, Button, DataTable, ErrorSummary, Heading, Num, Section, type View } from '../../../web/index.ts';
import type { Choice } from '../schema/index.ts';
import type { StateCount } from '../service/index.ts';
import { Answer, AnswerSide } from './answer.tsx';
import { AskLine, type Typed } from './ask.tsx';
import { DirectoryNav, DirectoryPage, type DirectoryRights } from './shell.tsx';
import { ShareConfirmed } from './words.tsx';

export type { Typed };

interface Props {
  view: View;
  typed: Typed;
  states: readonly StateCount[];
  units: readonly string[];
  choice: Choice | null;
  problems: readonly Problem[];
  rights: DirectoryRights;
}

/** `/authorities` asks, `/authorities/choose` answers: who handles what in which State. */
export function FindPage(props: Props) {
  const { view, states, choice, problems, rights } = props;
  const { t } = view;
  return (
    <DirectoryPage
      view={view}
      title={t('authorities.find-title')}
      error={problems.length > 0}
      head={
        <>
          {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
          {choice ? null : <Heading title={t('authorities.find-title')} lede={t('authorities.find-lead')} />}
          {choice ? null : <DirectoryNav view={view} current="find" rights={rights} />}
          <AskLine {...props} />
        </>
      }
      side={choice?.desk ? <AnswerSide view={view} choice={choice} /> : undefined}
      sideLabel={t('authorities.hours')}
    >
      {choice ? <Answer view={view} choice={choice} /> : <States view={view} states={states} />}
    </DirectoryPage>
  );
}

function States({ view, states }: { view: View; states: readonly StateCount[] }) {
  const { t } = view;
  const collator = new Intl.Collator(view.locale);
  const sorted = states.toSorted((a, b) => collator.compare(view.stateName(a.state), view.stateName(b.state)));
  const href = (state: StateCode) => `/authorities/states/${state}`;
  return (
    <Section
      title={t('authorities.states-listed')}
      id="states"
      end={<span class="muted">{view.formats.number(states.length)}</span>}
    >
      <DataTable
        view={view}
        caption={t('authorities.states-listed')}
        captionHidden
        columns={[
          {
            id: 'state',
            label: t('authorities.find-state'),
            header: true,
            cell: (one) => <a href={href(one.state)}>{view.stateName(one.state)}</a>,
          },
          {
            id: 'entries',
            label: t('authorities.desks-listed'),
            figures: true,
            cell: (one) => <Num>{view.formats.number(one.entries)}</Num>,
          },
          {
            id: 'share',
            label: t('authorities.confirmed-lately'),
            cell: (one) => <ShareConfirmed view={view} confirmed={one.confirmed} all={one.entries} />,
          },
        ]}
        rows={sorted}
        empty={t('authorities.not-found-list')}
      />
      <Actions>
        <Button href={`/api/authorities/export?format=pdf&lang=${view.locale}`}>{t('authorities.booklet')}</Button>
        <Button kind="link" href="/api/authorities/export?format=csv">
          {t('authorities.table-file')}
        </Button>
        <Button kind="link" href="/api/authorities/export?format=json">
          {t('authorities.json-file')}
        </Button>
      </Actions>
    </Section>
  );
}
