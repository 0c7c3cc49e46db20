import { z } from 'zod';
import type { Problem } from '../../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Bdi,
  Button,
  Callout,
  defineForm,
  ErrorSummary,
  Facts,
  Form,
  Heading,
  Notice,
  Page,
  Ref,
  Remark,
  Rows,
  Section,
  type Option,
  type Typed,
  type View,
} from '../../../../web/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import { remarkSeverities, type DraftRemark } from '../../schema/index.ts';
import type { SharedDraft } from '../../service/index.ts';
import { textOf, WrittenIn } from '../reply/form.tsx';
import { RequestText } from '../work/overview.tsx';
import { whatIsAsked } from '../work/parts.ts';

/** One remark on a draft, bound to a paragraph. */
export const remarkRow = defineForm(
  z.object({ path: z.string().optional(), severity: z.enum(remarkSeverities), text: z.string().max(20_000) }),
  {
    path: { kind: 'select', label: 'reply.question-about', empty: 'reply.whole-request' },
    severity: {
      kind: 'radios',
      label: 'thread.severity',
      missing: 'thread.no-severity',
      options: remarkSeverities.map((value) => ({ value, label: `thread.severity-${value}` as const })),
    },
    text: { kind: 'textarea', label: 'thread.remark', missing: 'thread.no-remark', rows: 3 },
  },
);

const tones = { 'refuses-without': 'seal', 'usually-asked': 'warning', suggestion: 'info' } as const;

/** Remarks on one paragraph, graver ones first. */
export function Remarks({ view, remarks, from }: { view: View; remarks: readonly DraftRemark[]; from: string }) {
  const sorted = remarks.toSorted(
    (a, b) => remarkSeverities.indexOf(a.severity) - remarkSeverities.indexOf(b.severity),
  );
  return (
    <>
      {sorted.map((one) => (
        <Remark tone={tones[one.severity]} kind={view.t(`thread.severity-${one.severity}`)} from={from}>
          <p dir="auto">{textOf(view, one.text)}</p>
        </Remark>
      ))}
    </>
  );
}

/** Remarks whose place is a paragraph, by its path; the rest concern the whole. */
export function remarksAt<R extends DraftRemark>(remarks: readonly R[], path: string | undefined): R[] {
  return remarks.filter((one) => one.path.join('/') === (path ?? ''));
}

interface DraftProps {
  view: View;
  draft: SharedDraft;
  printable: PrintableRequest;
  places: readonly Option[];
  authority: string;
  mayRemark: boolean;
  typed: Typed;
  problems: readonly Problem[];
  done?: boolean;
}

/** `/drafts/ID`: a text another State shows for remarks. Nothing on this page registers or executes it. */
export function SharedDraftPage(props: DraftProps) {
  const { view, draft, printable, typed, problems } = props;
  const { t, formats } = view;
  const title = t('thread.draft-title', { what: whatIsAsked(view, draft.draft.types ?? []) });
  const state = view.stateName(draft.from.state);
  return (
    <Page
      view={view}
      title={title}
      reference={draft.reference}
      current="desk"
      error={problems.length > 0}
      handling={{ tlp: draft.draft.handling?.tlp ?? 'AMBER' }}
    >
      <ErrorSummary view={view} problems={problems} />
      {props.done ? <Notice view={view} kind="success" title={t('thread.remarks-sent', { state })} /> : null}
      <BackLink href="/desk/incoming">{t('work.desk')}</BackLink>
      <Heading title={title} eyebrow={<span>{t('incoming.from', { state })}</span>} reference={draft.reference} />
      <Callout tone="warning">
        <p>
          <b>{t('thread.watermark')}</b>
        </p>
        <p>{t(draft.expired ? 'thread.draft-expired-words' : 'thread.draft-words', { state })}</p>
      </Callout>
      <Facts
        items={[
          { label: t('incoming.column-from'), value: <Bdi>{props.authority}</Bdi> },
          { label: t('incoming.draft-expires'), value: formats.day(draft.expiresOn) },
          { label: t('work.hash'), value: <Ref value={draft.body.contentHash} wrap /> },
          ...(draft.body.initials ? [{ label: t('thread.persons'), value: t('thread.as-initials') }] : []),
          ...(draft.body.note ? [{ label: t('thread.note'), value: <Bdi>{textOf(view, draft.body.note)}</Bdi> }] : []),
        ]}
      />
      <Remarks view={view} remarks={remarksAt(draft.remarks, '')} from={view.node.authorityName} />
      <Section title={t('thread.draft-text')} id="text">
        <RequestText
          view={view}
          printable={printable}
          watermark={t('thread.watermark')}
          notesOf={(path) =>
            path ? (
              <Remarks view={view} remarks={remarksAt(draft.remarks, path)} from={view.node.authorityName} />
            ) : null
          }
        />
      </Section>
      {props.mayRemark && !draft.expired ? (
        <Section title={t('thread.remark-on')} id="remark">
          <Form view={view} action={`/drafts/${draft.id}`} class="act-form">
            <Rows
              view={view}
              form={remarkRow}
              name="remarks"
              label={t('thread.remarks')}
              hint={t('thread.remarks-hint', { state })}
              rowLabel={(n) => t('thread.remark-n', { n })}
              addLabel={t('thread.add-remark')}
              removeLabel={t('reply.remove')}
              typed={typed}
              problems={problems}
              options={{ path: props.places }}
            />
            <WrittenIn view={view} typed={typed} problems={problems} />
            <Actions>
              <Button kind="main">{t('thread.send-remarks', { state })}</Button>
            </Actions>
          </Form>
        </Section>
      ) : null}
    </Page>
  );
}
