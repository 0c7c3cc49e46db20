import { z } from 'zod';
import { PartialDate, type Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  Bdi,
  Button,
  Callout,
  DataTable,
  defineForm,
  Empty,
  ErrorSummary,
  Facts,
  Form,
  FormFields,
  Heading,
  Page,
  Section,
  StatusMark,
  type Typed,
  type View,
} from '../../../web/index.ts';
import type { Found } from '../rules/index.ts';
import { listLabel } from '../screening.ts';
import type { LoadedList } from '../schema/index.ts';
import { sentenceOf } from '../sentence.ts';
import { Nav, tones, type Reach } from './frame.tsx';

const asked = ['Thing', 'Person', 'Company', 'Organization', 'Vessel'] as const;
/** Names looked for at once; more are screened by command. */
export const mostNames = 50;
export const shownCandidates = 10;

export const screenForm = defineForm(
  z.object({
    list: z.string().min(1).max(200),
    names: z.string().trim().min(1).max(20_000),
    schema: z.enum(asked),
    born: PartialDate.optional(),
    reference: z.string().trim().max(200).optional(),
  }),
  {
    list: { kind: 'select', label: 'goods.screen-list', missing: 'goods.screen-list-missing' },
    names: {
      kind: 'textarea',
      label: 'goods.screen-names',
      hint: 'goods.screen-names-hint',
      missing: 'goods.name-needed',
      rows: 4,
    },
    schema: {
      kind: 'select',
      label: 'goods.match-schema',
      options: asked.map((value) => ({ value, label: `goods.schema-${value}` as const })),
    },
    born: { kind: 'partial-date', label: 'goods.screen-born', hint: 'goods.match-birth-hint' },
    reference: { kind: 'code', label: 'goods.screen-reference', hint: 'goods.screen-reference-hint', width: 20 },
  },
);

/** What came of one name. Without `found` it holds no letter. */
export interface ScreenedName {
  query: string;
  found?: readonly Found[];
  truncated: boolean;
}

export interface ScreenedNames {
  list: LoadedList;
  names: readonly ScreenedName[];
  /** The analyst's own record, for judgements. */
  reference?: string | undefined;
}

interface ScreenProps {
  view: View;
  reach: Reach;
  zone: string;
  lists: readonly LoadedList[];
  typed: Typed;
  problems: readonly Problem[];
  screened?: ScreenedNames | undefined;
}

/** A form that asks for a list and names; what was found stands above it. */
export function ScreenPage({ view, reach, zone, lists, typed, problems, screened }: ScreenProps) {
  const { t } = view;
  const newest = lists.filter((one, n) => lists.findIndex((other) => other.id === one.id) === n);
  const options = newest.map((one) => ({ value: one.id, label: listLabel(one) }));
  return (
    <Page view={view} title={t('goods.screen-title')} error={problems.length > 0} current="intelligence">
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('goods.screen-title')} lede={t('goods.screen-lede')} />
      <Nav view={view} at="screen" reach={reach} />
      {screened ? <Screened view={view} screened={screened} reach={reach} zone={zone} /> : null}
      {newest.length === 0 ? (
        <Empty title={t('goods.screen-none')}>
          <p>{t('goods.screen-none-how')}</p>
          <p>
            <code dir="ltr">comity goods load-list FILE --list ID --version VERSION</code>
          </p>
        </Empty>
      ) : (
        <Form view={view} action="/intelligence/screen" label={t('goods.screen-title')}>
          <FormFields view={view} form={screenForm} typed={typed} problems={problems} options={{ list: options }} />
          <Actions>
            <Button kind="main">{t('goods.screen-button')}</Button>
          </Actions>
        </Form>
      )}
    </Page>
  );
}

interface ScreenedProps {
  view: View;
  screened: ScreenedNames;
  reach: Reach;
  zone: string;
}

function Screened({ view, screened, reach, zone }: ScreenedProps) {
  const { t, formats } = view;
  const { list, names } = screened;
  const looked = names.filter(({ found }) => found?.some(({ comparison }) => comparison.decision !== 'none')).length;
  return (
    <Section title={t('goods.match-result')} id="result">
      {names.length > 1 ? (
        <Overview view={view} names={names} looked={looked} />
      ) : (
        names.map((one) => <Candidates view={view} one={one} screened={screened} reach={reach} />)
      )}
      <Facts
        items={[
          { label: t('goods.screen-list'), value: <Bdi>{listLabel(list)}</Bdi> },
          { label: t('goods.screen-entries'), value: formats.number(list.entries) },
          { label: t('goods.screen-loaded'), value: formats.moment(list.loadedAt, zone) },
        ]}
      />
      <p class="hint">{t('goods.match-caution')}</p>
    </Section>
  );
}

/** Several names: the best candidate of each. */
function Overview({ view, names, looked }: { view: View; names: readonly ScreenedName[]; looked: number }) {
  const { t, formats } = view;
  const best = (one: ScreenedName) => one.found?.[0];
  return (
    <>
      <p>{t('goods.screen-overview', { names: names.length, looked })}</p>
      <DataTable
        view={view}
        caption={t('goods.match-result')}
        captionHidden
        columns={[
          { id: 'query', label: t('goods.screen-query'), header: true, cell: (row: ScreenedName) => <Bdi>{row.query}</Bdi> },
          { id: 'decision', label: t('goods.screen-decision'), cell: (row) => <Decided view={view} one={row} /> },
          { id: 'name', label: t('goods.screen-best'), cell: (row) => (best(row) ? <Bdi>{best(row)?.name}</Bdi> : '–') },
          { id: 'entry', label: t('goods.screen-entry'), cell: (row) => (best(row) ? <Bdi>{best(row)?.entry.id}</Bdi> : '–') },
          {
            id: 'similarity',
            label: t('goods.screen-similarity'),
            figures: true,
            cell: (row) => (best(row) ? formats.number(rounded(best(row)!.comparison.similarity)) : '–'),
          },
        ]} // prettier-ignore
        rows={names}
        stack
      />
    </>
  );
}

/** Two places, downwards: what is not certain never reads as 1. */
const rounded = (value: number) => Math.floor(value * 100 + 1e-9) / 100;

function Decided({ view, one }: { view: View; one: ScreenedName }) {
  const { t } = view;
  if (!one.found) return <>{t('goods.name-empty')}</>;
  const decision = one.found.find(({ comparison }) => comparison.decision !== 'none')?.comparison.decision ?? 'none';
  return <StatusMark {...tones[decision]}>{t(`goods.decision-${decision}`)}</StatusMark>;
}

interface CandidatesProps {
  view: View;
  one: ScreenedName;
  screened: ScreenedNames;
  reach: Reach;
}

/** One name: its candidates with the reason of each, and the way to a judgement. */
function Candidates({ view, one, screened, reach }: CandidatesProps) {
  const { t, formats } = view;
  const { list, reference } = screened;
  const shown = (one.found ?? []).filter(
    ({ comparison }, n) => comparison.decision !== 'none' || (n < 3 && comparison.similarity >= 0.5),
  );
  const judge = (found: Found) =>
    `/intelligence/judgements?${new URLSearchParams({ left: reference ?? '', right: `${list.id}:${found.entry.id}` }).toString()}#new`;
  return (
    <>
      <Callout>
        <p>
          <Decided view={view} one={one} />
        </p>
        <p>{t('goods.screen-for', { name: `\u2068${one.query}\u2069`, found: shown.length })}</p>
        {one.truncated ? <p>{t('goods.screen-truncated')}</p> : null}
      </Callout>
      {shown.length === 0 ? null : (
        <DataTable
          view={view}
          caption={t('goods.screen-candidates')}
          columns={[
            {
              id: 'name',
              label: t('goods.screen-candidate'),
              header: true,
              cell: (row: Found) => (
                <>
                  <Bdi>{row.name}</Bdi>
                  <br />
                  <span class="hint"><Bdi>{row.entry.id}</Bdi></span>
                </>
              ),
            },
            { id: 'similarity', label: t('goods.screen-similarity'), figures: true, cell: (row) => formats.number(rounded(row.comparison.similarity)) },
            { id: 'probability', label: t('goods.screen-probability'), figures: true, cell: (row) => formats.number(rounded(row.comparison.probability)) },
            { id: 'band', label: t('goods.screen-band'), cell: (row) => t(`goods.band-${row.comparison.band}`) },
            { id: 'why', label: t('goods.match-rule'), cell: (row) => sentenceOf(row.comparison, t, view.locale) },
            ...(reach.mayJudge
              ? [{ id: 'judge', label: t('goods.screen-judge'), nowrap: true, cell: (row: Found) => <a href={judge(row)}>{t('goods.screen-judge')}</a> }]
              : []),
          ]} // prettier-ignore
          rows={shown}
          stack
        />
      )}
    </>
  );
}
