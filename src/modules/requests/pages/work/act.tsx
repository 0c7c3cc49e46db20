import type { Problem } from '../../../../platform/values/index.ts';
import {
  Actions,
  Button,
  Callout,
  DateInput,
  ErrorSummary,
  Facts,
  Figures,
  Form,
  Heading,
  Page,
  ProblemList,
  Radios,
  Section,
  Select,
  TextArea,
  TextInput,
  Tick,
  errorFor,
  type View,
} from '../../../../web/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import { needsReason } from '../../rules/index.ts';
import { channels, type ActionKind } from '../../schema/index.ts';
import type { CheckAnswer, RequestView } from '../../service/index.ts';
import { PasskeyButton } from '../reply/passkey.tsx';
import { RequestText } from './overview.tsx';
import { requestedState, whatIsAsked } from './parts.ts';

interface ActProps {
  view: View;
  request: RequestView;
  action: ActionKind;
  problems: readonly Problem[];
  /** Values as typed, to show them again. */
  typed: Readonly<Record<string, string>>;
  /** What may stand against it, shown before the button is pressed. */
  check: CheckAnswer | null;
}

/** `/requests/REF/act/ACTION`: one act on a page of its own, with its reason and its consequence. */
export function ActPage({ view, request, action, problems, typed, check }: ActProps) {
  const { t } = view;
  const label = t.code(`requests.action.${action}`);
  return (
    <Page
      view={view}
      title={label}
      reference={request.reference}
      current="desk"
      error={problems.length > 0}
      handling={{ tlp: request.request.handling?.tlp ?? 'AMBER' }}
    >
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading
        title={label}
        lede={t(action === 'transmit' ? 'work.send-lede' : 'work.act-lede', {
          reference: request.reference,
          state: requestedState(view, request),
        })}
        reference={request.reference}
      />
      {check && against(check).length > 0 ? (
        <Section title={t('work.check')} id="check">
          <p>
            <a href={`/requests/${request.reference}/write/check`}>{t('work.next-write')}</a>
          </p>
          <ProblemList view={view} problems={against(check)} />
        </Section>
      ) : null}
      <Form view={view} action={`/requests/${request.reference}/act/${action}`}>
        <input type="hidden" name="seen" value={request.head} />
        {action === 'clear' ? (
          <Radios
            view={view}
            name="persecution"
            label={t('requests.field.internal-risk-persecution-answer')}
            hint={t('work.risk-hint')}
            value={request.request.internal?.risk?.persecution?.answer}
            options={(['none-found', 'risk-found'] as const).map((value) => ({
              value,
              label: t(`requests.option.internal-risk-persecution-answer.${value}`),
            }))}
            error={errorFor(view, problems, 'internal.risk.persecution')}
          />
        ) : null}
        {action === 'transmit' ? (
          <DispatchFields view={view} request={request} problems={problems} typed={typed} />
        ) : null}
        {needsReason.has(action) ? (
          <TextArea
            view={view}
            name="reason"
            label={t('work.reason')}
            hint={t('work.reason-hint')}
            value={typed.reason ?? ''}
            rows={4}
            error={errorFor(view, problems, 'reason')}
          />
        ) : null}
        <Actions>
          <Button kind={action === 'discard' || action === 'withdraw' ? 'seal' : 'main'}>
            {action === 'transmit'
              ? t('work.send-to', { state: requestedState(view, request) })
              : t('work.confirm', { action: label })}
          </Button>
          <Button href={`/requests/${request.reference}`}>{t('work.not-now')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

/** How a signed request left by another way than node to node. */
function DispatchFields({ view, request, problems, typed }: Pick<ActProps, 'view' | 'request' | 'problems' | 'typed'>) {
  const { t } = view;
  const field = (name: string) => ({ view, name, value: typed[name], error: errorFor(view, problems, name) });
  const asked = typed.channel ?? request.request.requested?.channel ?? 'node';
  const waive = request.urgent ? (
    <Tick {...field('waive')} label={t('work.dispatch-waive')} value="yes" checked={typed.waive === 'yes'} />
  ) : null;
  if (asked === 'node')
    return (
      <>
        <input type="hidden" name="channel" value="node" />
        <Leaves view={view} request={request} />
        <p>{t('work.send-cannot', { state: requestedState(view, request) })}</p>
        {waive}
      </>
    );
  return (
    <>
      <Select
        {...field('channel')}
        label={t('work.dispatch-channel')}
        value={typed.channel ?? request.request.requested?.channel}
        options={channels.options
          .filter((one) => one !== 'node')
          .map((one) => ({ value: one, label: t(`requests.option.requested-channel.${one}`) }))}
      />
      <DateInput {...field('on')} label={t('work.dispatch-on')} width={12} />
      <TextInput {...field('how')} label={t('work.dispatch-how')} />
      <TextInput {...field('by')} label={t('work.dispatch-by')} />
      {waive}
    </>
  );
}

/** What leaves the State, in numbers. */
function Leaves({ view, request: { request: draft } }: Pick<ActProps, 'view' | 'request'>) {
  const { t, formats } = view;
  const persons = draft.persons ?? [];
  const hidden = persons.filter((person) => 'protected' in person && person.protected === true).length;
  const counts = [
    ['persons', persons.length],
    ['protected', hidden],
    ['accounts', (draft.measures ?? []).length],
    ['annexes', (draft.annexes ?? []).length],
  ] as const;
  return (
    <Section title={t('work.leaves')} id="leaves">
      <Figures
        items={counts.map(([what, count]) => ({
          figure: formats.number(count),
          label: t(`work.leaves-${what}`, { count }),
        }))}
      />
    </Section>
  );
}

/** What still stands against going on: what must be put right, and warnings nobody gave a reason for. */
function against(check: CheckAnswer): Problem[] {
  return [...check.problems.filter((one) => one.severity === 'block'), ...check.open];
}

interface SignProps {
  view: View;
  request: RequestView;
  printable: PrintableRequest;
  check: CheckAnswer;
  problems: readonly Problem[];
  /** WebAuthn options whose challenge is the content hash; null when the signatory has no passkey. */
  passkey: unknown;
  /** State whose two letters are asked for. */
  guard: { name: string; typed: string } | null;
}

/** `/requests/REF/sign`: what is asked, of whom, on what basis, what leaves the State; then the signature. */
export function SignPage({ view, request, printable, check, problems, passkey, guard }: SignProps) {
  const { t, formats } = view;
  const { request: draft } = request;
  const primary = draft.basis?.primary;
  const names = { from: view.node.stateName, to: requestedState(view, request) };
  const hash = (
    <>
      <input type="hidden" name="seen" value={request.head} />
      <input type="hidden" name="contentHash" value={request.contentHash} />
    </>
  );
  const stateGuard = guard ? (
    <TextInput
      view={view}
      name="state"
      label={t('work.type-state', { state: guard.name })}
      hint={t('work.type-state-hint')}
      value={guard.typed}
      width={3}
      autocomplete="off"
      spellcheck={false}
      error={errorFor(view, problems, 'state')}
    />
  ) : null;
  return (
    <Page
      view={view}
      title={t('work.approve-title')}
      reference={request.reference}
      current="approvals"
      error={problems.length > 0}
      handling={{ tlp: draft.handling?.tlp ?? 'AMBER', note: draft.handling?.national }}
      islands={passkey ? ['passkey'] : []}
    >
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('work.approve-title')} lede={t('work.approve-lede', names)} reference={request.reference} />
      <Facts
        items={[
          { label: t('work.asked'), value: whatIsAsked(view, draft.types ?? []) },
          { label: t('work.column-state'), value: names.to, source: draft.requested?.authority?.authority },
          {
            label: t('work.basis'),
            value: primary?.instrument ? (
              <bdi dir="ltr">{`${primary.instrument} ${primary.article ?? ''}`}</bdi>
            ) : (
              t('work.basis-none')
            ),
          },
          {
            label: t('work.column-due'),
            value: draft.deadline?.date ? formats.dayWithWeekday(draft.deadline.date) : t('work.no-deadline'),
          },
          {
            label: t('work.hash'),
            value: (
              <bdi class="ref hash" dir="ltr">
                {request.contentHash}
              </bdi>
            ),
          },
        ]}
      />
      <Leaves view={view} request={request} />
      <Section title={t('work.warnings')} id="warnings">
        {check.problems.length === 0 ? (
          <p>{t('work.warnings-none')}</p>
        ) : (
          <ProblemList view={view} problems={check.problems} />
        )}
      </Section>
      <Section title={t('work.reading')} id="text">
        <RequestText view={view} printable={printable} />
      </Section>
      {passkey ? (
        <Form view={view} action={`/requests/${request.reference}/sign`} label={t('work.sign-passkey')}>
          {hash}
          {stateGuard}
          <PasskeyButton view={view} options={passkey} label={t('work.sign-passkey')} />
        </Form>
      ) : null}
      <Callout>
        <Form view={view} action={`/requests/${request.reference}/sign`} label={t('work.sign-second')}>
          {hash}
          {passkey ? null : stateGuard}
          {passkey && guard ? stateGuard : null}
          <p class="hint">{t('work.sign-second-hint')}</p>
          <Actions>
            <Button kind={passkey ? 'plain' : 'main'}>{t('work.sign-second')}</Button>
            <Button href={`/requests/${request.reference}/act/sign-return`}>{t('requests.action.sign-return')}</Button>
          </Actions>
        </Form>
      </Callout>
    </Page>
  );
}
