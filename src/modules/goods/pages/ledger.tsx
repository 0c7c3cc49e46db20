import { z } from 'zod';
import type { Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  Bdi,
  Button,
  DataTable,
  defineForm,
  ErrorSummary,
  Form,
  FormFields,
  Heading,
  Page,
  Section,
  type Typed,
  type View,
} from '../../../web/index.ts';
import { Verdict, type Judgement } from '../schema/index.ts';
import { Nav, type Reach } from './frame.tsx';

export const judgementForm = defineForm(
  z.object({
    leftId: z.string().trim().min(1).max(200),
    rightId: z.string().trim().min(1).max(200),
    verdict: Verdict,
    why: z.string().trim().min(1).max(2000),
  }),
  {
    leftId: { kind: 'code', label: 'goods.ledger-left', missing: 'goods.ledger-left-missing', width: 20 },
    rightId: { kind: 'code', label: 'goods.ledger-right', missing: 'goods.ledger-right-missing', width: 20 },
    verdict: {
      kind: 'radios',
      label: 'goods.ledger-verdict',
      missing: 'goods.verdict-needed',
      options: Verdict.options.map((value) => ({ value, label: `goods.verdict-${value}` as const })),
    },
    why: { kind: 'textarea', label: 'goods.ledger-why', missing: 'goods.reason-needed', rows: 3 },
  },
);

interface LedgerProps {
  view: View;
  zone: string;
  reach: Reach;
  judgements: readonly Judgement[];
  typed: Typed;
  problems: readonly Problem[];
}

export function LedgerPage({ view, zone, reach, judgements, typed, problems }: LedgerProps) {
  const { t } = view;
  return (
    <Page view={view} title={t('goods.ledger-title')} error={problems.length > 0} current="intelligence">
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('goods.ledger-title')} lede={t('goods.ledger-lede')} />
      <Nav view={view} at="ledger" reach={reach} />
      <DataTable
        view={view}
        caption={t('goods.ledger-title')}
        captionHidden
        columns={[
          { id: 'pair', label: t('goods.ledger-pair'), header: true, cell: (row: Judgement) => (
            <>
              <Bdi>{row.leftId}</Bdi> · <Bdi>{row.rightId}</Bdi>
            </>
          ) },
          { id: 'answer', label: t('goods.ledger-answer'), cell: (row) => t(`goods.verdict-${row.verdict}`) },
          { id: 'why', label: t('goods.ledger-why'), cell: (row) => <Bdi>{row.why}</Bdi> },
          { id: 'when', label: t('goods.ledger-when'), cell: (row) => view.formats.moment(row.at, zone) },
          {
            id: 'undo',
            label: t('goods.ledger-withdraw'),
            cell: (row) =>
              row.withdrawn ? (
                t('goods.ledger-withdrawn')
              ) : (
                <ActButton view={view} action={`/intelligence/judgements/${row.id}/withdraw`} compact>
                  {t('goods.ledger-withdraw')}
                </ActButton>
              ),
          },
        ]} // prettier-ignore
        rows={judgements.toReversed()}
        empty={t('goods.ledger-none')}
        stack
      />
      <Section title={t('goods.ledger-new')} id="new">
        <Form view={view} action="/intelligence/judgements" label={t('goods.ledger-new')}>
          <FormFields view={view} form={judgementForm} typed={typed} problems={problems} />
          <Actions>
            <Button kind="main">{t('goods.ledger-record')}</Button>
          </Actions>
        </Form>
      </Section>
    </Page>
  );
}
