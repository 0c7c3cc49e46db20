import { ComityError, Invalid } from '../../../../platform/errors.ts';
import type { PageCall } from '../../../../platform/http/routes.ts';
import { problem, type PlainDate, type Problem } from '../../../../platform/values/index.ts';
import {
  Actions,
  Button,
  DateInput,
  errorFor,
  Form,
  Notice,
  readDate,
  Select,
  type Typed,
  type View,
} from '../../../../web/index.ts';

/** Form that the tick boxes of a desk belong to, and their name. */
export const pickForm = 'bulk';
export const pickName = 'pick';
/** Most requests one act takes at once. @source practice */
export const bulkLimit = 10;

/** What may be done to several requests of a desk at once. */
export const bulkActs = ['assign', 'wait', 'register'] as const;
export type BulkAct = (typeof bulkActs)[number];

/** What became of an act on several: those not done stay chosen, each with its reason. */
export interface BulkOutcome {
  done: number;
  failed: readonly { reference: string; code: string; params: Record<string, string | number> }[];
  problems: readonly Problem[];
  typed: Typed;
}

/** How one act is taken on one request. */
export type TakeOne = (reference: string) => Promise<unknown>;

/** What is read of a call; who acts is handed on as it is. */
type BulkCall<C> = Pick<PageCall<C, View>, 'ctx' | 'view' | 'form'>;

interface BulkUses<C> {
  assign(ctx: C, reference: string, personId: string): Promise<unknown>;
  waitUntil(ctx: C, reference: string, day: PlainDate | null): Promise<unknown>;
  register?(ctx: C, reference: string): Promise<unknown>;
}

/** Reads what is to be done, or what is missing. */
function readTask<C>({ ctx, view, form }: BulkCall<C>, uses: BulkUses<C>): { problems: Problem[] } | { take: TakeOne } {
  const one = (name: string) => form.values[name]?.[0] ?? '';
  switch (bulkActs.find((act) => act === one('act'))) {
    case 'assign': {
      const person = one('person');
      if (person === '') return { problems: [problem('work.bulk-no-person', ['person'])] };
      return { take: (reference) => uses.assign(ctx, reference, person) };
    }
    case 'wait': {
      const read = readDate(one('wait'));
      if (read.kind === 'day') return { take: (reference) => uses.waitUntil(ctx, reference, read.day) };
      const params = { field: view.t('work.wait'), typed: one('wait') };
      return { problems: [problem('web.bad-date', ['wait'], { params })] };
    }
    case 'register': {
      const { register } = uses;
      if (!register) throw new Invalid('http.malformed');
      return { take: (reference) => register(ctx, reference) };
    }
    default:
      throw new Invalid('http.malformed');
  }
}

/** Takes one kind of act on each request chosen, each in its own transaction: what cannot be done keeps nothing back. */
export async function takeBulk<C>(call: BulkCall<C>, uses: BulkUses<C>): Promise<BulkOutcome> {
  const { form } = call;
  const chosen = [...new Set(form.values[pickName] ?? [])];
  const typed: Typed = { ...form.values };
  const none: BulkOutcome = { done: 0, failed: [], problems: [], typed };
  if (chosen.length === 0) return { ...none, problems: [problem('work.bulk-none', [pickName])] };
  if (chosen.length > bulkLimit)
    return { ...none, problems: [problem('work.bulk-too-many', [pickName], { params: { limit: bulkLimit } })] };
  const task = readTask(call, uses);
  if ('problems' in task) return { ...none, problems: task.problems };
  const failed: BulkOutcome['failed'][number][] = [];
  for (const reference of chosen)
    try {
      await task.take(reference);
    } catch (error) {
      if (!(error instanceof ComityError)) throw error;
      failed.push({ reference, code: error.code, params: error.params });
    }
  return { done: chosen.length - failed.length, failed, problems: [], typed };
}

/** Chosen rows after an act: those it could not be taken on. */
export function stillPicked(outcome: BulkOutcome | undefined): ReadonlySet<string> {
  if (!outcome) return new Set();
  return new Set(outcome.problems.length > 0 ? outcome.typed[pickName] : outcome.failed.map((one) => one.reference));
}

/** What an act on several did, over the heading. */
export function BulkNotice({ view, outcome, done }: { view: View; outcome?: BulkOutcome; done?: number }) {
  const { t } = view;
  const taken = outcome?.done ?? done ?? 0;
  const failed = outcome?.failed ?? [];
  return (
    <>
      {taken > 0 ? <Notice view={view} kind="success" title={t('work.bulk-done', { count: taken })} /> : null}
      {failed.length > 0 ? (
        <Notice view={view} kind="warning" title={t('work.bulk-failed', { count: failed.length })}>
          <ul class="plain-list">
            {failed.map((one) => (
              <li>
                <a href={`/requests/${one.reference}`}>
                  <bdi dir="ltr">{one.reference}</bdi>
                </a>
                : {t.has(one.code) ? t.code(one.code, one.params) : one.code}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </>
  );
}

interface BulkProps {
  view: View;
  action: string;
  /** People who may be given work. */
  people: readonly { id: string; name: string }[];
  mayRegister: boolean;
  outcome?: BulkOutcome;
}

/** Under the list: one act on every request chosen in it. */
export function BulkForm({ view, action, people, mayRegister, outcome }: BulkProps) {
  const { t } = view;
  const problems = outcome?.problems ?? [];
  return (
    <details class="section-s" open={problems.length > 0 || (outcome?.failed.length ?? 0) > 0}>
      <summary>{t('work.bulk')}</summary>
      <p class="hint">{t('work.bulk-hint', { limit: bulkLimit })}</p>
      <Form view={view} id={pickForm} action={action} class="bulk">
        {mayRegister ? (
          <Actions>
            <Button compact name="act" value="register">
              {t('work.bulk-register')}
            </Button>
          </Actions>
        ) : null}
        <Select
          view={view}
          name="person"
          label={t('work.assign')}
          empty={t('web.choose')}
          value={outcome?.typed.person?.[0]}
          options={people.map((one) => ({ value: one.id, label: one.name }))}
          error={errorFor(view, problems, 'person')}
        />
        <Actions>
          <Button compact name="act" value="assign">
            {t('work.assign-button')}
          </Button>
        </Actions>
        <DateInput
          view={view}
          name="wait"
          label={t('work.wait')}
          value={outcome?.typed.wait?.[0]}
          error={errorFor(view, problems, 'wait')}
        />
        <Actions>
          <Button compact name="act" value="wait">
            {t('work.wait-button')}
          </Button>
        </Actions>
      </Form>
    </details>
  );
}
