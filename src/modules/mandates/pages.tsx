import { problem, type Problem } from '../../platform/values/index.ts';
import { ComityError } from '../../platform/errors.ts';
import { page, redirect, type PageRoute } from '../../platform/http/routes.ts';
import type { Context } from '../identity/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Bdi,
  Button,
  Callout,
  Checkboxes,
  DataTable,
  errorFor,
  ErrorSummary,
  Facts,
  FileInput,
  Form,
  Heading,
  Page,
  Section,
  Select,
  StatusMark,
  TextArea,
  type View,
} from '../../web/index.ts';
import type { Reading, Readings, ReadingSummary } from './readings.ts';
import { doubtful, type JudgedParagraph } from './rules/judged.ts';
import {
  actKinds,
  ActKind,
  type Act,
  type Footnote,
  type Operative,
  type ParseProblem,
  type Preambular,
} from './schema.ts';
import { tables } from './tables.ts';

const marks = {
  mandate: { mark: 'urgent', tone: 'accent' },
  decision: { mark: 'tick', tone: 'accent' },
  reporting: { mark: 'urgent', tone: 'accent' },
  'request-to-states': { mark: 'urgent', tone: 'info' },
  call: { mark: 'open', tone: 'info' },
  invitation: { mark: 'open', tone: 'info' },
  consultation: { mark: 'open', tone: 'info' },
  funding: { mark: 'open', tone: 'info' },
  statement: { mark: 'done', tone: 'muted' },
  closing: { mark: 'done', tone: 'muted' },
} as const;

interface Entry {
  view: View;
  readings: readonly ReadingSummary[];
  zone: string;
  text: string;
  problems: readonly Problem[];
}

function EntryPage({ view, readings, zone, text, problems }: Entry) {
  const { t } = view;
  return (
    <Page view={view} title={t('mandates.read-title')} error={problems.length > 0} current="mandates">
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('mandates.read-title')} lede={t('mandates.read-lede')} />
      <Form view={view} action="/mandates" multipart label={t('mandates.read-title')}>
        <TextArea
          view={view}
          name="text"
          label={t('mandates.read-text')}
          rows={10}
          value={text}
          error={errorFor(view, problems, 'text')}
        />
        <FileInput
          view={view}
          name="file"
          label={t('mandates.read-file')}
          hint={t('mandates.read-file-hint')}
          accept=".md,.txt,.html,.htm,.docx,.pdf,.xml,.akn,.json"
        />
        <Actions>
          <Button kind="main">{t('mandates.read-button')}</Button>
        </Actions>
      </Form>
      <Section title={t('mandates.list-title')} id="list">
        <DataTable
          view={view}
          caption={t('mandates.list-title')}
          captionHidden
          columns={[
            {
              id: 'name',
              label: t('mandates.list-name'),
              header: true,
              cell: (row: ReadingSummary) => (
                <a href={`/mandates/texts/${row.id}`}>
                  <Bdi>{row.title === '' ? t('mandates.untitled') : row.title}</Bdi>
                </a>
              ),
            },
            { id: 'when', label: t('mandates.list-when'), nowrap: true, cell: (row) => view.formats.moment(row.at, zone) },
          ]} // prettier-ignore
          rows={readings}
          empty={t('mandates.list-none')}
          stack
        />
      </Section>
    </Page>
  );
}

/** As the text says it in the reader's own language; else by the name of the table. */
const named = (view: View, to: Act['addressees'][number], language: string) =>
  to.id === null || (view.locale === language && to.text !== to.id) ? to.text : tables().actorName(to.id, view.locale);

/** What one act asks beside its verb: when, to whom it reports, under which conditions. */
function Details({ view, act, cites }: { view: View; act: Omit<Act, 'opening'>; cites: readonly string[] }) {
  const { t } = view;
  const report = act.reportTo;
  const lines = [
    ...(report
      ? [
          report.session === null
            ? t('mandates.fact-report', { body: report.body })
            : t('mandates.fact-report-session', { body: report.body, session: report.session }),
        ]
      : []),
    ...(act.deadline ? [t('mandates.fact-deadline', { text: act.deadline.text })] : []),
    ...act.beneficiaries.map((one) => t('mandates.fact-benefit', { who: one.text })),
    ...act.conditions.map((text) => t('mandates.fact-condition', { text })),
    ...(cites.length > 0 ? [t('mandates.fact-cites', { list: cites.join(', ') })] : []),
  ];
  return lines.length === 0 ? null : (
    <ul class="plain-list">
      {lines.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
  );
}

const KindMark = ({ view, kind }: { view: View; kind: Act['kind'] }) =>
  kind === null ? (
    <StatusMark mark="unknown" tone="warning">
      {view.t('mandates.kind-unknown')}
    </StatusMark>
  ) : (
    <StatusMark {...marks[kind]}>{view.t(`mandates.kind-${kind}`)}</StatusMark>
  );

function citesOf({ citations }: Operative): string[] {
  const shown = citations.flatMap((one) => {
    if (one.type === 'instrument' || one.target === null) return [];
    return [one.type === 'article' || one.type === 'tool' ? one.text : one.target];
  });
  return [...new Set(shown)];
}

function Asks({ view, row, language }: { view: View; row: JudgedParagraph; language: string }) {
  const { t } = view;
  const { paragraph, judgement } = row;
  const doubts = doubtful(paragraph);
  return (
    <>
      <p>
        <KindMark view={view} kind={paragraph.kind} />
      </p>
      {doubts.length > 0 ? (
        <p>
          <StatusMark mark="alert" tone="warning">
            {t('mandates.look-at', { fields: view.formats.list(doubts.map((one) => t(`mandates.field-${one}`))) })}
          </StatusMark>
        </p>
      ) : null}
      <Details view={view} act={paragraph} cites={citesOf(paragraph)} />
      {paragraph.children.map(({ act }) =>
        act ? (
          <>
            <p>
              {t('mandates.second-act', { verb: act.verb ?? '?' })} <KindMark view={view} kind={act.kind} />{' '}
              <Bdi>{view.formats.list(act.addressees.map((to) => named(view, to, language)))}</Bdi>
            </p>
            <Details view={view} act={act} cites={[]} />
          </>
        ) : null,
      )}
      {judgement ? (
        <p class="hint">
          {t('mandates.corrected')}
          {judgement.why === '' ? null : (
            <>
              : <Bdi>{judgement.why}</Bdi>
            </>
          )}
        </p>
      ) : null}
    </>
  );
}

const langOf = (language: string) => (language === 'und' ? undefined : language);

function Words({ paragraph, language }: { paragraph: Operative; language: string | undefined }) {
  const points = paragraph.children.filter((one) => one.type === 'subparagraph');
  return (
    <div lang={language} dir="auto">
      <p>{paragraph.text}</p>
      {points.map((one) => (
        <p>
          {one.numberText ?? one.number} {one.text}
        </p>
      ))}
    </div>
  );
}

function problemWords(view: View, one: ParseProblem): string {
  const place = one.path.map((part) => (typeof part === 'number' ? view.formats.number(part + 1) : part));
  const where = place[0] === 'operative' ? ` (${view.t('mandates.column-number')} ${String(place[1] ?? '')})` : '';
  return `${view.t.code(one.code, { marker: one.marker ?? '', text: one.text ?? '' })}${where}`;
}

function ResolutionView({ view, reading, at }: { view: View; reading: Reading; at: number }) {
  const { t } = view;
  const { resolution, paragraphs } = reading.resolutions[at]!;
  const { document, preambular, operative, footnotes, problems } = resolution;
  const language = langOf(document.language);
  const counts = { preambular: preambular.length, operative: operative.length };
  const facts = [
    { label: t('mandates.page-body'), value: document.body === null ? null : <Bdi>{document.body}</Bdi> },
    { label: t('mandates.page-number'), value: document.number === null ? null : <Bdi>{document.number}</Bdi> },
    { label: t('mandates.page-session'), value: document.session === null ? null : view.formats.number(document.session) },
    { label: t('mandates.page-language'), value: <Bdi>{document.language}</Bdi> },
    { label: t('mandates.page-counts'), value: t('mandates.page-counts-value', counts) },
  ]; // prettier-ignore
  const key = String(at + 1);
  return (
    <>
      <Section title={t('mandates.page-about')} id={`about-${key}`}>
        <Facts items={facts.filter((one) => one.value !== null)} />
      </Section>
      {document.draft ? <Callout tone="warning">{t('mandates.page-draft')}</Callout> : null}
      {document.experimental ? <Callout tone="warning">{t('mandates.experimental')}</Callout> : null}
      {problems.length > 0 ? (
        <Section title={t('mandates.page-problems')} id={`problems-${key}`}>
          <ul>
            {problems.map((one) => (
              <li>{problemWords(view, one)}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title={t('mandates.page-operative')} id={`operative-${key}`}>
        <DataTable
          view={view}
          caption={t('mandates.page-operative')}
          captionHidden
          columns={[
            { id: 'number', label: t('mandates.column-number'), header: true, cell: (row: JudgedParagraph) => <Bdi>{row.paragraph.numberText ?? row.paragraph.number}</Bdi> },
            { id: 'words', label: t('mandates.column-words'), cell: (row) => <Words paragraph={row.paragraph} language={language} /> },
            { id: 'asks', label: t('mandates.column-asks'), cell: (row) => <Asks view={view} row={row} language={document.language} /> },
            {
              id: 'of',
              label: t('mandates.column-of'),
              cell: (row) => (
                <>
                  <p>
                    {row.paragraph.addressees.length === 0
                      ? t('mandates.no-addressee')
                      : view.formats.list(row.paragraph.addressees.map((to) => named(view, to, document.language)))}
                  </p>
                  <Actions>
                    <Button
                      kind="link"
                      href={`/mandates/texts/${reading.id}/${key}/${String(paragraphs.indexOf(row) + 1)}`}
                    >
                      {t('mandates.correct')} <span class="vh"><Bdi>{row.paragraph.number}</Bdi></span>
                    </Button>
                    {row.judgement ? (
                      <ActButton
                        view={view}
                        action={`/mandates/judgements/${row.judgement.id}/withdraw`}
                        values={{ return: reading.id }}
                        compact
                      >
                        {t('mandates.take-back')}
                      </ActButton>
                    ) : null}
                  </Actions>
                </>
              ),
            },
          ]} // prettier-ignore
          rows={paragraphs}
          rowId={(row) => `paragraph-${key}-${String(paragraphs.indexOf(row) + 1)}`}
          empty={t('mandates.no-duty')}
          stack
        />
      </Section>
      {preambular.length > 0 ? (
        <Section title={t('mandates.page-preambular')} id={`preamble-${key}`}>
          <DataTable
            view={view}
            caption={t('mandates.page-preambular')}
            captionHidden
            columns={[
              { id: 'number', label: t('mandates.column-number'), header: true, cell: (row: Preambular) => view.formats.number(row.index) },
              {
                id: 'words',
                label: t('mandates.column-words'),
                cell: (row) => (
                  <div lang={language} dir="auto">
                    <p>{row.text}</p>
                    {row.items.map((item) => (
                      <p>– {item}</p>
                    ))}
                  </div>
                ),
              },
            ]} // prettier-ignore
            rows={preambular}
          />
        </Section>
      ) : null}
      {footnotes.length > 0 ? (
        <Section title={t('mandates.page-notes')} id={`notes-${key}`}>
          <DataTable
            view={view}
            caption={t('mandates.page-notes')}
            captionHidden
            columns={[
              { id: 'marker', label: t('mandates.column-number'), header: true, cell: (row: Footnote) => <Bdi>{row.marker}</Bdi> },
              { id: 'words', label: t('mandates.column-words'), cell: (row) => <span lang={language} dir="auto">{row.text}</span> },
            ]} // prettier-ignore
            rows={footnotes}
          />
        </Section>
      ) : null}
    </>
  );
}

const titleOf = (view: View, { resolutions }: Reading, at = 0) =>
  resolutions[at]?.resolution.document.title ?? view.t('mandates.untitled');

function ReadingPage({ view, reading }: { view: View; reading: Reading }) {
  const { t } = view;
  return (
    <Page view={view} title={titleOf(view, reading)} current="mandates">
      <BackLink href="/mandates">{t('mandates.read-title')}</BackLink>
      <Heading title={<Bdi>{titleOf(view, reading)}</Bdi>} lede={t('mandates.page-lede')} />
      {reading.resolutions.map((_one, at) => (
        <>
          {at > 0 ? (
            <h2>
              <Bdi>{titleOf(view, reading, at)}</Bdi>
            </h2>
          ) : null}
          <ResolutionView view={view} reading={reading} at={at} />
        </>
      ))}
    </Page>
  );
}

interface Correction {
  view: View;
  reading: Reading;
  place: { resolution: number; paragraph: number };
  problems: readonly Problem[];
}

function CorrectionPage({ view, reading, place, problems }: Correction) {
  const { t } = view;
  const { paragraph } = reading.resolutions[place.resolution]!.paragraphs[place.paragraph]!;
  const { document } = reading.resolutions[place.resolution]!.resolution;
  const title = t('mandates.correct-title', { number: paragraph.number });
  const here = `/mandates/texts/${reading.id}`;
  const { actorIds, actorName } = tables();
  return (
    <Page view={view} title={title} error={problems.length > 0} current="mandates">
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <BackLink href={here}>{titleOf(view, reading, place.resolution)}</BackLink>
      <Heading title={title} lede={t('mandates.correct-lede')} />
      <Callout>
        <Words paragraph={paragraph} language={langOf(document.language)} />
      </Callout>
      <Form view={view} action={`${here}/${String(place.resolution + 1)}/${String(place.paragraph + 1)}`} label={title}>
        <Select
          view={view}
          name="kind"
          label={t('mandates.correct-kind')}
          value={paragraph.kind ?? ''}
          empty=""
          options={actKinds.map((value) => ({ value, label: t(`mandates.kind-${value}`) }))}
          error={errorFor(view, problems, 'kind')}
        />
        <Checkboxes
          view={view}
          name="addressees"
          label={t('mandates.correct-of')}
          values={paragraph.addressees.flatMap(({ id }) => (id === null ? [] : [id]))}
          options={actorIds.map((value) => ({ value, label: actorName(value, view.locale) }))}
          inline
        />
        <TextArea view={view} name="why" label={t('mandates.correct-why')} rows={3} optional />
        <Actions>
          <Button kind="main">{t('mandates.correct-save')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

const placeOf = (params: Record<string, string>) => ({
  resolution: Number(params.resolution) - 1,
  paragraph: Number(params.paragraph) - 1,
});

/** Pages on which resolutions are read and what was read is corrected. */
export function mandatesPages(readings: Readings): PageRoute<Context, View>[] {
  const entry = async (ctx: Context, view: View, text = '', problems: readonly Problem[] = []) =>
    page(
      <EntryPage view={view} readings={await readings.list(ctx)} zone={ctx.zone} text={text} problems={problems} />,
      problems.length > 0 ? 422 : 200,
    );
  const correction = async (ctx: Context, view: View, params: Record<string, string>, problems: readonly Problem[] = []) => {
    const reading = await readings.get(ctx, params.id ?? '');
    const place = placeOf(params);
    if (!reading.resolutions[place.resolution]?.paragraphs[place.paragraph]) return redirect(`/mandates/texts/${reading.id}`);
    return page(<CorrectionPage view={view} reading={reading} place={place} problems={problems} />, problems.length > 0 ? 422 : 200);
  }; // prettier-ignore
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/mandates',
      permission: 'mandates.judge',
      handler: ({ ctx, view }) => entry(ctx, view),
    },
    {
      kind: 'page',
      method: 'post',
      path: '/mandates',
      permission: 'mandates.judge',
      audit: 'mandates.add-text',
      handler: async ({ ctx, view, form }) => {
        const text = form.values.text?.[0] ?? '';
        const file = form.files.find((one) => one.field === 'file' && one.bytes.length > 0);
        const bytes = file?.bytes ?? Buffer.from(text, 'utf8');
        if (bytes.length === 0 || (!file && text.trim() === ''))
          return entry(ctx, view, text, [problem('mandates.nothing-given', ['text'])]);
        try {
          return redirect(`/mandates/texts/${await readings.add(ctx, new Uint8Array(bytes))}`);
        } catch (error) {
          // What is wrong with the file is said beside the form, with what was typed still there.
          if (!(error instanceof ComityError) || error.problems.length === 0) throw error;
          return entry(ctx, view, text, error.problems.map((one) => ({ ...one, path: ['text'] }))); // prettier-ignore
        }
      },
    },
    {
      kind: 'page',
      method: 'get',
      path: '/mandates/texts/:id',
      permission: 'mandates.judge',
      handler: async ({ ctx, view, params }) =>
        page(<ReadingPage view={view} reading={await readings.get(ctx, params.id ?? '')} />),
    },
    {
      kind: 'page',
      method: 'get',
      path: '/mandates/texts/:id/:resolution/:paragraph',
      permission: 'mandates.judge',
      handler: ({ ctx, view, params }) => correction(ctx, view, params),
    },
    {
      kind: 'page',
      method: 'post',
      path: '/mandates/texts/:id/:resolution/:paragraph',
      permission: 'mandates.judge',
      audit: 'mandates.judge',
      handler: async ({ ctx, view, params, form }) => {
        const kind = ActKind.safeParse(form.values.kind?.[0]);
        if (!kind.success) return correction(ctx, view, params, [problem('mandates.kind-missing', ['kind'])]);
        const { actorIds } = tables();
        const addressees = (form.values.addressees ?? []).filter((id) => actorIds.includes(id));
        const why = (form.values.why?.[0] ?? '').trim().slice(0, 1000);
        await readings.judge(ctx, params.id ?? '', placeOf(params), { kind: kind.data, addressees, why });
        return redirect(`/mandates/texts/${params.id ?? ''}`);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/mandates/judgements/:id/withdraw',
      permission: 'mandates.judge',
      audit: 'mandates.withdraw-judgement',
      handler: async ({ ctx, params, form }) => {
        await readings.withdraw(ctx, params.id ?? '');
        const back = form.values.return?.[0] ?? '';
        return redirect(/^[0-9a-f-]{36}$/.test(back) ? `/mandates/texts/${back}` : '/mandates');
      },
    },
  ];
}
