import { NotFound } from '../../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall } from '../../../../platform/http/routes.ts';
import { fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { readForm, typedIn, type Option, type Typed, type View } from '../../../../web/index.ts';
import type { CaseFileId, Evidence } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import type { NewAnswer, NewQuestion, ThreadQuestion, Unsent } from '../../service/index.ts';
import type { Frame } from '../case/frame.tsx';
import { placeOptions } from '../case/places.ts';
import { pathOf } from '../reply/ask.tsx';
import { languageIn, wordsIn } from '../reply/form.tsx';
import { findUnsent, keepUnsent } from '../reply/kept.tsx';
import { AnswerPage, askForm, type Names } from './page.tsx';

type Call = PageCall<Context, View>;

/** One side of a conversation, as the thread's pages use it: the same on both sides of the border. */
export interface Conversant {
  frame: Frame;
  questions: readonly ThreadQuestion[];
  names: Names;
  printable: PrintableRequest;
  caseFileId: CaseFileId;
  ask(question: NewQuestion): Promise<Result<unknown, Problem[]>>;
  answer(question: string, answer: NewAnswer): Promise<Result<unknown, Problem[]>>;
  settle(question: string): Promise<Result<unknown, Problem[]>>;
  /** Words typed and not sent. */
  unsent: Unsent;
}

function placeOf({ id }: ThreadQuestion): string {
  return `answer/${id}`;
}

function readQuestion({ view, form }: Call, places: readonly Option[]): Result<NewQuestion, Problem[]> {
  const read = readForm(view, askForm, form, { choices: { path: places.map((one) => one.value) } });
  if (!read.ok) return fail(read.error);
  const language = languageIn(form);
  const { path, text, why, by } = read.value;
  const reason = wordsIn(why, language);
  return ok({
    path: pathOf(path),
    text: wordsIn(text, language) ?? {},
    ...(reason ? { why: reason } : {}),
    ...(by ? { by } : {}),
  });
}

const back = ({ frame }: Conversant) => `/requests/${frame.reference}/messages`;

/** Asks in the thread; with problems, the page is shown again by whoever called. */
export async function doAsk(
  call: Call,
  side: Conversant,
  again: (typed: Typed, problems: readonly Problem[]) => Promise<PageAnswer>,
): Promise<PageAnswer> {
  const read = readQuestion(call, placeOptions(call.view, side.printable));
  if (!read.ok) return again(typedIn(call.form), read.error);
  const done = await side.ask(read.value);
  return done.ok ? redirect(back(side)) : again(typedIn(call.form), done.error);
}

function questionOf({ questions, frame }: Conversant, id: string | undefined): { question: ThreadQuestion; n: number } {
  const index = questions.findIndex((one) => one.id === id);
  const question = questions[index];
  if (!question || question.askedBy === frame.side) throw new NotFound('requests.not-found');
  return { question, n: index + 1 };
}

/** The page on which a question of the other side is answered. */
export async function showAnswer(
  call: Call,
  side: Conversant,
  evidence: Pick<Evidence, 'listFiles'>,
  given?: Typed,
  problems: readonly Problem[] = [],
): Promise<PageAnswer> {
  const { ctx, view, params } = call;
  const { question, n } = questionOf(side, params.question);
  const unsent = given ? undefined : await findUnsent(side.unsent, call, side.frame.reference, placeOf(question));
  return page(
    <AnswerPage
      view={view}
      frame={side.frame}
      question={question}
      n={n}
      names={side.names}
      printable={side.printable}
      files={await evidence.listFiles(ctx, side.caseFileId)}
      caseFileId={side.caseFileId}
      typed={given ?? unsent?.typed ?? {}}
      kept={unsent?.kept}
      problems={problems}
    />,
    problems.length > 0 ? 422 : 200,
  );
}

export async function doAnswer(
  call: Call,
  side: Conversant,
  evidence: Pick<Evidence, 'listFiles'>,
): Promise<PageAnswer> {
  const { question } = questionOf(side, call.params.question);
  const { reference } = side.frame;
  const kept = await keepUnsent(side.unsent, call, reference, placeOf(question));
  if (kept) return kept;
  const { values } = call.form;
  const text = wordsIn(values.text?.[0], languageIn(call.form));
  if (!text) return showAnswer(call, side, evidence, typedIn(call.form), [problem('thread.no-answer', ['text'])]);
  const files = (values.files ?? []).filter((one) => one !== '');
  const done = await side.answer(question.id, { text, ...(files.length > 0 ? { files } : {}) });
  if (!done.ok) return showAnswer(call, side, evidence, typedIn(call.form), done.error);
  await side.unsent.drop(call.ctx, reference, placeOf(question));
  return redirect(back(side));
}

/** What was asked here is answered; the question is closed for both. */
export async function doSettle(call: Call, side: Conversant): Promise<PageAnswer> {
  await side.settle(call.params.question ?? '');
  return redirect(back(side));
}
