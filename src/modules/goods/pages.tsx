import { z } from 'zod';
import { page, redirect, type PageRoute } from '../../platform/http/routes.ts';
import { PartialDate, problem, type Problem } from '../../platform/values/index.ts';
import {
  ActButton,
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
  readForm,
  Section,
  StatusMark,
  SubNav,
  type Typed,
  type View,
} from '../../web/index.ts';
import type { Context } from '../identity/index.ts';
import { namedSubject } from './compare.ts';
import type { Comparison, Decision, Judgement, Reason } from './schema/index.ts';
import { Verdict } from './schema/index.ts';
import { sentenceOf } from './sentence.ts';
import { compareAudited, type Goods } from './service.ts';

const asked = ['Person', 'Company', 'Organization', 'Vessel'] as const;
const name = z.string().trim().min(1).max(2000);
const born = PartialDate.optional();

const matchForm = defineForm(
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
const judgementForm = defineForm(
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

const tones = {
  alert: { mark: 'alert', tone: 'warning' },
  review: { mark: 'half', tone: 'info' },
  none: { mark: 'done', tone: 'muted' },
} as const satisfies Record<Decision, unknown>;

function Nav({ view, at, mayJudge }: { view: View; at: 'match' | 'ledger'; mayJudge: boolean }) {
  if (!mayJudge) return null;
  const items = [
    { href: '/intelligence/match', label: view.t('goods.match-title'), current: at === 'match' },
    { href: '/intelligence/judgements', label: view.t('goods.ledger-title'), current: at === 'ledger' },
  ];
  return <SubNav label={view.t('goods.feature-name')} items={items} />;
}

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
  mayJudge: boolean;
  typed: Typed;
  problems: readonly Problem[];
  found?: Comparison | undefined;
}

function MatchPage({ view, mayJudge, typed, problems, found }: MatchProps) {
  const { t } = view;
  return (
    <Page view={view} title={t('goods.match-title')} error={problems.length > 0} current="intelligence">
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('goods.match-title')} lede={t('goods.match-lede')} />
      <Nav view={view} at="match" mayJudge={mayJudge} />
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

interface LedgerProps {
  view: View;
  zone: string;
  judgements: readonly Judgement[];
  typed: Typed;
  problems: readonly Problem[];
}

function LedgerPage({ view, zone, judgements, typed, problems }: LedgerProps) {
  const { t } = view;
  return (
    <Page view={view} title={t('goods.ledger-title')} error={problems.length > 0} current="intelligence">
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('goods.ledger-title')} lede={t('goods.ledger-lede')} />
      <Nav view={view} at="ledger" mayJudge />
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

/** Pages of comparing two names and of the ledger. */
export function goodsPages(goods: Goods): PageRoute<Context, View>[] {
  const ledger = async (ctx: Context, view: View, typed: Typed = {}, problems: readonly Problem[] = []) =>
    page(
      <LedgerPage
        view={view}
        zone={ctx.zone}
        judgements={await goods.listJudgements(ctx)}
        typed={typed}
        problems={problems}
      />,
      problems.length > 0 ? 422 : 200,
    );
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/intelligence/match',
      permission: 'goods.compare',
      handler: async ({ ctx, view }) =>
        page(<MatchPage view={view} mayJudge={ctx.may('goods.judge')} typed={{ schema: ['Person'] }} problems={[]} />),
    },
    {
      kind: 'page',
      method: 'post',
      path: '/intelligence/match',
      permission: 'goods.compare',
      audit: 'goods.compare',
      handler: async ({ ctx, view, form }) => {
        const read = readForm(view, matchForm, form);
        const shared = { view, mayJudge: ctx.may('goods.judge'), typed: read.typed };
        if (!read.ok) return page(<MatchPage {...shared} problems={read.error} />, 422);
        const { left, right, schema, bornLeft, bornRight } = read.value;
        const subject = (text: string, on: string | undefined) =>
          namedSubject(text, schema, on === undefined ? {} : { birthDates: [on] });
        const found = await compareAudited(ctx, subject(left, bornLeft), subject(right, bornRight));
        if (found) return page(<MatchPage {...shared} problems={[]} found={found} />);
        return page(<MatchPage {...shared} problems={[problem('goods.match-no-score', ['left'])]} />, 422);
      },
    },
    {
      kind: 'page',
      method: 'get',
      path: '/intelligence/judgements',
      permission: 'goods.judge',
      handler: ({ ctx, view }) => ledger(ctx, view),
    },
    {
      kind: 'page',
      method: 'post',
      path: '/intelligence/judgements',
      permission: 'goods.judge',
      audit: 'goods.judge',
      handler: async ({ ctx, view, form }) => {
        const read = readForm(view, judgementForm, form);
        if (!read.ok) return ledger(ctx, view, read.typed, read.error);
        const judged = await goods.judge(ctx, read.value);
        return judged.ok ? redirect('/intelligence/judgements') : ledger(ctx, view, read.typed, judged.error);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/intelligence/judgements/:id/withdraw',
      permission: 'goods.judge',
      audit: 'goods.withdraw-judgement',
      handler: async ({ ctx, view, params }) => {
        await goods.withdraw(ctx, params.id ?? '', view.t('goods.ledger-withdrawn-why'));
        return redirect('/intelligence/judgements');
      },
    },
  ];
}
