import { z } from 'zod';
import { PlainDate, type Problem } from '../../../../platform/values/index.ts';
import {
  Actions,
  ActButton,
  BackLink,
  Bdi,
  Button,
  Checkboxes,
  defineForm,
  Empty,
  ErrorSummary,
  Form,
  FormFields,
  Heading,
  Letters,
  Page,
  Ref,
  Section,
  StatusMark,
  TextArea,
  errorFor,
  type Content,
  type Letter,
  type MarkName,
  type Option,
  type Tone,
  type Typed,
  type View,
} from '../../../../web/index.ts';
import type { EvidenceFile } from '../../../evidence/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import type { FreeText } from '../../schema/index.ts';
import type { CarriedState, ThreadQuestion } from '../../service/index.ts';
import { CasePage, type Frame } from '../case/frame.tsx';
import { placeAnchor, placeWords } from '../case/places.ts';
import { textOf, WrittenIn } from '../reply/form.tsx';
import { KeptLine, SaveForLater } from '../reply/kept.tsx';

/** A question of either side, outside the formal replies. */
export const askForm = defineForm(
  z.object({
    path: z.string().optional(),
    text: z.string().max(20_000),
    why: z.string().max(20_000).optional(),
    by: PlainDate.optional(),
  }),
  {
    path: { kind: 'select', label: 'reply.question-about', empty: 'reply.whole-request' },
    text: { kind: 'textarea', label: 'reply.question', missing: 'reply.no-question', rows: 3 },
    why: { kind: 'textarea', label: 'reply.question-why', rows: 2 },
    by: { kind: 'date', label: 'reply.question-by' },
  },
);

const looks: Record<ThreadQuestion['status'], { mark: MarkName; tone: Tone }> = {
  open: { mark: 'new', tone: 'accent' },
  answered: { mark: 'half', tone: 'plain' },
  settled: { mark: 'done', tone: 'muted' },
};

const marks: Partial<Record<CarriedState, MarkName>> = {
  queued: 'unknown',
  'held-here': 'unknown',
  refused: 'alert',
  expired: 'alert',
};

export interface Names {
  ours: string;
  theirs: string;
}

interface ThreadProps {
  view: View;
  frame: Frame;
  questions: readonly ThreadQuestion[];
  names: Names;
  printable: PrintableRequest;
  places: readonly Option[];
  mayWrite: boolean;
  typed: Typed;
  problems: readonly Problem[];
  notices?: Content;
  next?: Content;
  tracker?: Content;
}

/** `/requests/REF/messages`: each question with its paragraph, its answers and how far they got. */
export function ThreadPage(props: ThreadProps) {
  const { view, frame, questions, typed, problems } = props;
  const { t } = view;
  return (
    <CasePage
      view={view}
      frame={frame}
      tab="messages"
      error={problems.length > 0}
      notices={
        <>
          <ErrorSummary view={view} problems={problems} />
          {props.notices}
        </>
      }
      next={props.next}
      tracker={props.tracker}
    >
      {questions.length === 0 ? (
        <Empty title={t('thread.empty')} motif="envelope">
          {t('thread.empty-words', { state: frame.state })}
        </Empty>
      ) : (
        questions.map((question, index) => <Question {...props} question={question} n={index + 1} />)
      )}
      {props.mayWrite ? (
        <Section title={t('thread.ask', { state: frame.state })} id="ask">
          <p class="hint">{t('thread.ask-words')}</p>
          <Form view={view} action={`/requests/${frame.reference}/messages`} class="act-form">
            <FormFields
              view={view}
              form={askForm}
              typed={typed}
              problems={problems}
              options={Object.fromEntries([['path', props.places]])}
            />
            <WrittenIn view={view} typed={typed} problems={problems} />
            <Actions>
              <Button kind="main">{t('thread.send-to', { state: frame.state })}</Button>
            </Actions>
          </Form>
        </Section>
      ) : null}
    </CasePage>
  );
}

function Question({
  view,
  frame,
  question,
  n,
  names,
  printable,
  mayWrite,
}: ThreadProps & { question: ThreadQuestion; n: number }) {
  const { t } = view;
  const base = `/requests/${frame.reference}/messages/${question.id}`;
  const mine = question.askedBy === frame.side;
  const look = looks[question.status];
  const answerable = mayWrite && !mine && question.status !== 'settled';
  const settleable = mayWrite && mine && question.status === 'answered';
  return (
    <Section
      title={t('thread.question-n', { n })}
      id={`q-${question.id}`}
      end={<StatusMark {...look}>{t(`thread.status-${question.status}`)}</StatusMark>}
    >
      <Letters
        label={t('thread.question-n', { n })}
        items={lettersOf(view, frame, question, names, printable, question.askedBy === frame.side)}
      />
      {answerable || settleable ? (
        <Actions>
          {answerable ? (
            <Button
              kind={question.status === 'open' ? 'main' : 'plain'}
              href={base}
              shortcut={question.status === 'open' ? 'R' : undefined}
            >
              {t('thread.answer-n', { n })}
            </Button>
          ) : null}
          {settleable ? (
            <ActButton view={view} action={`${base}/settle`}>
              {t('thread.settle')}
            </ActButton>
          ) : null}
        </Actions>
      ) : null}
    </Section>
  );
}

/** A question and its answers as letters. */
export function lettersOf(
  view: View,
  frame: Frame,
  question: ThreadQuestion,
  names: Names,
  printable: PrintableRequest,
  mine: boolean,
): Letter[] {
  const { t, formats } = view;
  const anchor = placeAnchor(view, question.path, printable);
  const place = placeWords(view, question.path, printable);
  const last = question.answers.findLast((one) => one.by === frame.side);
  const mark = (isNewest: boolean) =>
    isNewest && question.sent
      ? { name: marks[question.sent] ?? ('tick' as const), words: t(`thread.state-${question.sent}`) }
      : undefined;
  return [
    {
      id: question.id,
      side: mine ? 'ours' : 'theirs',
      from: <Bdi>{mine ? names.ours : names.theirs}</Bdi>,
      at: formats.moment(question.at, view.node.zone),
      dateTime: question.at,
      about: (
        <>
          {anchor ? <a href={`/requests/${frame.reference}/request${anchor}`}>{place}</a> : place}
          {question.by ? ` · ${t('thread.wanted-by', { day: formats.dayWithWeekday(question.by) })}` : null}
        </>
      ),
      body: (
        <>
          <Words view={view} text={question.text} />
          {question.why ? (
            <p class="small">
              <span class="muted">{t('thread.why')}</span> <Words view={view} text={question.why} inline />
            </p>
          ) : null}
        </>
      ),
      mark: mine ? mark(last === undefined) : undefined,
    },
    ...question.answers.map((answer): Letter => {
      const ours = answer.by === frame.side;
      return {
        id: answer.id,
        side: ours ? 'ours' : 'theirs',
        from: <Bdi>{ours ? names.ours : names.theirs}</Bdi>,
        at: formats.moment(answer.at, view.node.zone),
        dateTime: answer.at,
        body: <Words view={view} text={answer.text} />,
        files:
          answer.files.length === 0 ? undefined : (
            <ul class="plain-list">
              {answer.files.map((file) => (
                <li>
                  <Bdi>{file.fileName}</Bdi> <Ref value={file.sha256.slice(0, 16)} />
                </li>
              ))}
            </ul>
          ),
        about: answer.supplement ? t('thread.made-supplement') : undefined,
        mark: ours ? mark(last?.id === answer.id) : undefined,
      };
    }),
  ];
}

/** A text as it was written, its translations under it; on a line of its own words only the reader's language. */
function Words({ view, text, inline }: { view: View; text: FreeText; inline?: boolean }) {
  const tag = text[view.locale] === undefined ? Object.keys(text)[0] : view.locale;
  if (inline) return <Bdi lang={tag}>{textOf(view, text)}</Bdi>;
  return (
    <>
      {Object.entries(text).map(([lang, words]) => (
        <p lang={lang} dir="auto">
          {words}
        </p>
      ))}
    </>
  );
}

interface AnswerProps extends Omit<ThreadProps, 'questions' | 'places' | 'mayWrite'> {
  question: ThreadQuestion;
  n: number;
  files: readonly EvidenceFile[];
  caseFileId: string;
  /** When the words not sent yet were last kept. */
  kept?: string;
}

/** `/requests/REF/messages/QUESTION`: the question again, and the answer to it. */
export function AnswerPage(props: AnswerProps) {
  const { view, frame, question, n, typed, problems, files } = props;
  const { t } = view;
  const title = t('thread.answer-n', { n });
  const { handling } = frame.request;
  return (
    <Page
      view={view}
      title={title}
      reference={frame.reference}
      current="desk"
      error={problems.length > 0}
      handling={{ tlp: handling?.tlp ?? 'AMBER', note: handling?.national }}
    >
      <ErrorSummary view={view} problems={problems} />
      <BackLink href={`/requests/${frame.reference}/messages`}>{t('incoming.tab-messages')}</BackLink>
      <Heading title={title} lede={t('thread.answer-lede', { state: frame.state })} reference={frame.reference} />
      <Letters
        label={t('thread.question-n', { n })}
        items={lettersOf(view, frame, question, props.names, props.printable, false)}
      />
      <Form
        view={view}
        action={`/requests/${frame.reference}/messages/${question.id}`}
        autosave={`/requests/${frame.reference}/messages/${question.id}`}
        class="act-form"
      >
        <KeptLine view={view} kept={props.kept} />
        <TextArea
          view={view}
          name="text"
          label={t('thread.your-answer')}
          rows={6}
          value={typed.text?.[0]}
          error={errorFor(view, problems, 'text')}
        />
        {files.length > 0 ? (
          <Checkboxes
            view={view}
            name="files"
            label={t('thread.attach')}
            hint={t('thread.attach-hint')}
            values={typed.files}
            options={files.map((file) => ({ value: file.id, label: <Bdi>{file.fileName}</Bdi> }))}
          />
        ) : null}
        <p class="small">
          <a href={`/case-files/${props.caseFileId}`}>{t('reply.add-files')}</a>
        </p>
        <WrittenIn view={view} typed={typed} problems={problems} />
        <Actions>
          <Button kind="main">{t('thread.send-to', { state: frame.state })}</Button>
          <SaveForLater view={view} />
          <Button href={`/requests/${frame.reference}/messages`}>{t('reply.not-now')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
