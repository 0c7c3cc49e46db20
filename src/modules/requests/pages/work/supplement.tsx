import { z } from 'zod';
import { fail, ok, type Problem, type Result } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Button,
  defineForm,
  ErrorSummary,
  Form,
  Heading,
  Page,
  ProblemList,
  readRows,
  Rows,
  Section,
  StatusMark,
  tidyRows,
  type Option,
  type Typed,
  type View,
} from '../../../../web/index.ts';
import type { PostedForm } from '../../../../platform/http/routes.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import type { DraftRequest } from '../../schema/index.ts';
import type { NewChange, RequestView, Supplement } from '../../service/index.ts';
import type { Frame } from '../case/frame.tsx';
import { pathOf } from '../reply/ask.tsx';
import { languageIn, wordsIn, WrittenIn } from '../reply/form.tsx';
import { KeptLine, SaveForLater } from '../reply/kept.tsx';
import { PasskeyButton } from '../reply/passkey.tsx';
import { ChangeList } from '../reply/shown.tsx';
import { NewPersons, personRows, readNewPersons } from './new-persons.tsx';
import { requestedState } from './parts.ts';

const change = defineForm(
  z.object({ path: z.string(), after: z.string().max(200_000).optional(), why: z.string().max(20_000) }),
  {
    path: { kind: 'select', label: 'work.supplement-place', missing: 'work.no-supplement-place' },
    after: { kind: 'textarea', label: 'work.supplement-after', hint: 'work.supplement-after-hint', rows: 5 },
    why: { kind: 'textarea', label: 'work.supplement-why', missing: 'work.no-supplement-why', rows: 2 },
  },
);

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, step) => {
    if (at === null || typeof at !== 'object') return undefined;
    return Object.entries(at).find(([key]) => key === String(step))?.[1];
  }, value);
}

/** The text a place gets: other languages of a text in several stay, so that the new one stands beside them. */
function changedText(
  request: DraftRequest,
  path: readonly (string | number)[],
  text: string | undefined,
  language: string,
): unknown {
  if (text === undefined || text.trim() === '') return null;
  const before = valueAt(request, path);
  return typeof before === 'object' && before !== null ? { ...before, [language]: text.trim() } : text.trim();
}

/** Reads the changes as typed; each has its place, the new text and why. */
export function readChanges(
  view: View,
  request: DraftRequest,
  given: PostedForm,
  places: readonly Option[],
  states: readonly Option[],
): Result<NewChange[], Problem[]> {
  const posted = tidyRows(tidyRows(given, 'changes'), personRows);
  const language = languageIn(posted);
  const persons = readNewPersons(view, request, posted, language, states);
  const rows = readRows(view, change, posted, 'changes', {
    choices: { path: places.map((one) => one.value) },
    least: persons.ok && persons.value.length > 0 ? 0 : 1,
  });
  if (!rows.ok || !persons.ok) return fail([rows, persons].flatMap((one) => (one.ok ? [] : one.error)));
  return ok([
    ...rows.value.map(({ path, after, why }) => ({
      path: pathOf(path),
      after: changedText(request, pathOf(path), after, language),
      why: wordsIn(why, language) ?? {},
    })),
    ...persons.value,
  ]);
}

interface PrepareProps {
  view: View;
  frame: Frame;
  request: RequestView;
  places: readonly Option[];
  /** States a person may be a national of. */
  states: readonly Option[];
  typed: Typed;
  problems: readonly Problem[];
  kept?: string;
}

/** `/requests/REF/supplement`: what changes in a request that is out, paragraph by paragraph, and why. */
export function SupplementPage({ view, frame, request, places, states, typed, problems, kept }: PrepareProps) {
  const { t } = view;
  const { handling } = request.request;
  return (
    <Page
      view={view}
      title={t('work.supplement')}
      reference={request.reference}
      current="desk"
      error={problems.length > 0}
      handling={{ tlp: handling?.tlp ?? 'AMBER', note: handling?.national }}
    >
      <ErrorSummary view={view} problems={problems} />
      <BackLink href={`/requests/${request.reference}`}>{request.reference}</BackLink>
      <Heading
        title={t('work.supplement')}
        lede={t('work.supplement-lede', { reference: request.reference, state: frame.state })}
        reference={request.reference}
      />
      <Form
        view={view}
        action={`/requests/${request.reference}/supplement`}
        autosave={`/requests/${request.reference}/supplement`}
        class="act-form"
      >
        <KeptLine view={view} kept={kept} />
        <Rows
          view={view}
          form={change}
          name="changes"
          label={t('work.supplement-changes')}
          rowLabel={(n) => t('work.supplement-n', { n })}
          addLabel={t('work.supplement-add')}
          removeLabel={t('reply.remove')}
          typed={typed}
          problems={problems}
          options={{ path: places }}
        />
        <NewPersons view={view} typed={typed} problems={problems} states={states} />
        <WrittenIn view={view} typed={typed} problems={problems} />
        <Actions>
          <Button kind="main">{t('work.supplement-prepare')}</Button>
          <SaveForLater view={view} />
          <Button href={`/requests/${request.reference}`}>{t('reply.not-now')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

interface ListProps {
  view: View;
  request: RequestView;
  supplements: readonly Supplement[];
  printable: PrintableRequest;
  /** WebAuthn options over each prepared version, by supplement; absent for who has no passkey or may not sign. */
  passkeys?: ReadonlyMap<string, unknown>;
}

const looks = { prepared: 'half', sent: 'out', dropped: 'no' } as const;

/** Supplements, newest first: what each changes, and what became of it there. */
export function SupplementList({ view, request, supplements, printable, passkeys }: ListProps) {
  const { t } = view;
  const base = `/requests/${request.reference}/supplement`;
  const state = requestedState(view, request);
  const may = request.next.some((one) => one.action === 'supplement');
  return (
    <>
      {[...supplements].reverse().map((one) => (
        <Section
          title={t(`work.supplement-${one.status}`, { version: one.requestVersion })}
          id={`supplement-${one.id}`}
          end={
            <StatusMark mark={looks[one.status]} tone={one.status === 'sent' ? 'success' : 'plain'}>
              {view.formats.moment(one.at, view.node.zone)}
            </StatusMark>
          }
        >
          <ChangeList view={view} printable={printable} changes={one.changes} />
          {one.status === 'prepared' && one.problems.length > 0 ? (
            <ProblemList view={view} problems={one.problems} />
          ) : null}
          {one.status === 'prepared' && may ? (
            <>
              <p class="hint">
                {t('work.supplement-sign-hint')} {t('work.supplement-stays')}
              </p>
              {passkeys?.has(one.id) ? (
                <Form view={view} action={`${base}/${one.id}/send`} label={t('work.sign-passkey')}>
                  <input type="hidden" name="seen" value={request.head} />
                  <PasskeyButton view={view} options={passkeys.get(one.id)} label={t('work.sign-passkey')} />
                </Form>
              ) : null}
              <Actions>
                <ActButton
                  view={view}
                  action={`${base}/${one.id}/send`}
                  values={{ seen: request.head }}
                  kind={passkeys?.has(one.id) ? 'plain' : 'main'}
                >
                  {t('work.supplement-sign', { state })}
                </ActButton>
                <ActButton view={view} action={`${base}/${one.id}/drop`}>
                  {t('work.supplement-drop')}
                </ActButton>
              </Actions>
            </>
          ) : null}
        </Section>
      ))}
    </>
  );
}
