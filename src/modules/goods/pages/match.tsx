import { z } from 'zod';
import { PartialDate, type Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  Bdi,
  Button,
  Callout,
  DataTable,
  defineForm,
  ErrorSummary,
  Facts,
  Figures,
  Form,
  FormFields,
  Heading,
  Page,
  Section,
  StatusMark,
  type Typed,
  type View,
} from '../../../web/index.ts';
import type { Comparison, Reason } from '../schema/index.ts';
import { sentenceOf } from '../sentence.ts';
import { Nav, tones, type Reach } from './frame.tsx';

const asked = ['Person', 'Company', 'Organization', 'Vessel'] as const;
const name = z.string().trim().min(1).max(2000);
const born = PartialDate.optional();

export const matchForm = defineForm(
  z.object({ left: name, right: name, schema: z.enum(asked), bornLeft: born, bornRight: born }),
  {
    left: { kind: 'text', label: 'goods.match-left', missing: 'goods.name-needed', width: 'full' },
    right: { kind: 'text', label: 'goods.match-right', missing: 'goods.name-needed', width: 'full' },
    schema: {
      kind: 'select',
      label: 'goods.match-schema',
      options: asked.map((value) => ({ value, label: `goods.schema-${value}` as const })),
    },
    bornLeft: { kind: 'partial-date', label: 'goods.match-birth-left', hint: 'goods.match-birth-hint' },
    bornRight: { kind: 'partial-date', label: 'goods.match-birth-right', hint: 'goods.match-birth-hint' },
  },
);
/** A figure with four places at most, and a sign where it moves something. */
const moved = (view: View, { points }: Reason) =>
  `${points > 0 ? '+' : ''}${view.formats.number(Number(points.toFixed(3)))}`;

function Result({ view, found }: { view: View; found: Comparison }) {
  const { t } = view;
  const text = (value: string | null) => (value === null ? '' : <Bdi>{value}</Bdi>);
  const compared = view.formats.list(found.comparable.map((one) => t(`goods.feature-${one}`)));
  return (
    <>
      <Section title={t('goods.match-result')} id="result">
        <Figures
          items={[
            { figure: view.formats.number(found.similarity), label: t('goods.match-similarity') },
            { figure: view.formats.number(found.probability), label: t('goods.match-probability') },
          ]}
        />
        <Callout>
          <p>
            <StatusMark {...tones[found.decision]}>{t(`goods.decision-${found.decision}`)}</StatusMark>
          </p>
          <p>{t(`goods.band-${found.band}`)}</p>
          <p>{sentenceOf(found, t, view.locale)}</p>
        </Callout>
        <Facts items={[{ label: t('goods.match-compared'), value: compared }]} />
      </Section>
      <Section title={t('goods.match-why')} id="why">
        <DataTable
          view={view}
          caption={t('goods.match-why')}
          captionHidden
          columns={[
            { id: 'what', label: t('goods.match-step'), header: true, cell: (row: Reason) => t(`goods.feature-${row.feature}`) }, // prettier-ignore
            { id: 'left', label: t('goods.match-first'), cell: (row) => text(row.left) },
            { id: 'right', label: t('goods.match-second'), cell: (row) => text(row.right) },
            { id: 'rule', label: t('goods.match-rule'), cell: (row) => t(`goods.rule-${row.rule}`) },
            {
              id: 'points',
              label: t('goods.match-points'),
              figures: true,
              cell: (row) => <Bdi>{moved(view, row)}</Bdi>,
            },
          ]}
          rows={found.explanation}
          stack
        />
        <p class="hint">{t('goods.match-points-note')}</p>
        <p class="hint">{t('goods.match-caution')}</p>
      </Section>
    </>
  );
}

interface MatchProps {
  view: View;
  reach: Reach;
  typed: Typed;
  problems: readonly Problem[];
  found?: Comparison | undefined;
}

export function MatchPage({ view, reach, typed, problems, found }: MatchProps) {
  const { t } = view;
  return (
    <Page view={view} title={t('goods.match-title')} error={problems.length > 0} current="intelligence">
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('goods.match-title')} lede={t('goods.match-lede')} />
      <Nav view={view} at="match" reach={reach} />
      {found ? <Result view={view} found={found} /> : null}
      <Form view={view} action="/intelligence/match" label={t('goods.match-title')}>
        <FormFields view={view} form={matchForm} typed={typed} problems={problems} />
        <Actions>
          <Button kind="main">{t('goods.match-button')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
