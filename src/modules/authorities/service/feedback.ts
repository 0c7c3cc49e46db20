import { Conflict, NotAllowed, NotFound } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { workingDays, type PlainDate } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { toWorkCalendar } from '../rules/index.ts';
import { answerFeedback as saveAnswer, insertFeedback, listFeedback, type Feedback } from '../store/index.ts';
import { calendarOf, findEntry } from './directory.ts';
import { actorId, mayReadContacts } from './read.ts';

const weekends = { weeklyRest: [6, 7], holidays: new Set<string>(), years: new Set<number>() };

/** How long the owner of an entry has to answer a report, in its working days. */
const feedbackTerm = 10;

/** Reports an error on an entry to its owner. */
export async function reportError(
  ctx: Context,
  id: string,
  report: { field?: string; text: string },
): Promise<{ feedbackId: string; dueOn: PlainDate; weekendsOnly: boolean }> {
  return ctx.transaction(async (tx) => {
    ctx.allow('authorities.read-restricted');
    if (!(await mayReadContacts(tx, ctx))) throw new NotAllowed('authorities.not-listed');
    const found = await findEntry(tx, id, ctx.today());
    if (!found) throw new NotFound('authorities.unknown-entry', { params: { id: id.slice(0, 80) } });
    const calendar = await calendarOf(tx, found.entry.state, found.entry.territory);
    const term = workingDays(ctx.today(), feedbackTerm, calendar ? toWorkCalendar(calendar) : weekends);
    const at = ctx.clock.now();
    const feedbackId = uuidv7(ctx.random, Date.parse(at));
    await insertFeedback(tx, {
      id: feedbackId,
      recordId: id,
      version: found.version,
      fromState: ctx.state,
      fromAuthority: ctx.actor.kind === 'person' ? ctx.actor.authority : null,
      field: report.field ?? null,
      text: report.text,
      reportedBy: actorId(ctx),
      reportedAt: at,
      dueOn: term.due,
      weekendsOnly: term.weekendsOnly,
    });
    await recordAudit(tx, ctx, 'authorities.report-error', { kind: 'authority-entry', id }, { feedback: feedbackId });
    return { feedbackId, dueOn: term.due, weekendsOnly: term.weekendsOnly };
  });
}

/** Answers a report on an own entry. Throws `Conflict` `authorities.feedback-answered`. */
export async function answerReport(ctx: Context, feedbackId: string, answer: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('authorities.edit');
    const report = (await listFeedback(tx)).find((one) => one.id === feedbackId);
    if (!report) throw new NotFound('authorities.unknown-feedback');
    if (!report.recordId.startsWith(`${ctx.state}:`))
      throw new NotAllowed('authorities.not-owner', { params: { state: ctx.state } });
    if (!(await saveAnswer(tx, feedbackId, answer, actorId(ctx), ctx.clock.now())))
      throw new Conflict('authorities.feedback-answered');
    await recordAudit(
      tx,
      ctx,
      'authorities.answer-feedback',
      { kind: 'authority-entry', id: report.recordId },
      { feedback: feedbackId },
    );
  });
}

/** Reports on entries of the own State, oldest first. */
export async function listOwnFeedback(ctx: Context): Promise<(Feedback & { late: boolean })[]> {
  ctx.allow('authorities.edit');
  const today = ctx.today();
  const all = await ctx.transaction((tx) => listFeedback(tx));
  return all
    .filter((one) => one.recordId.startsWith(`${ctx.state}:`))
    .map((one) => ({ ...one, late: one.answeredAt === null && one.dueOn < today }));
}

/** What stands in a report that only asks the owner to confirm; pages say it in the reader's language. */
export const askToConfirmText = 'ask-to-confirm';

/** Asks the owner of an old entry to confirm it. Asking again while one such question is open changes nothing. */
export async function askToConfirm(ctx: Context, id: string): Promise<void> {
  ctx.allow('authorities.read-restricted');
  const before = await ctx.transaction((tx) => listFeedback(tx, id));
  const asked = before.some(
    (one) => one.text === askToConfirmText && one.fromState === ctx.state && one.answeredAt === null,
  );
  if (!asked) await reportError(ctx, id, { field: 'confirmedOn', text: askToConfirmText });
}
