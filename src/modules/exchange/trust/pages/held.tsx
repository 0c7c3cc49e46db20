import type { NodeEntry } from '../../schema.ts';
import type { Problem } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  Button,
  DateInput,
  Form,
  Radios,
  Ref,
  StatusMark,
  SummaryList,
  TextInput,
  errorFor,
  type View,
} from '../../../../web/index.ts';
import type { TrustShown } from '../read.ts';
import { channels } from '../schema.ts';
import { moment, ownerName } from './parts.tsx';

function Reached({ view, entry }: { view: View; entry: NodeEntry | undefined }) {
  if (!entry) return <>{view.t('trust.no-node')}</>;
  return (
    <>
      {entry.endpoints.map((endpoint) => (
        <>
          <Ref value={endpoint} wrap />{' '}
        </>
      ))}
      <span class="hint">{view.t('trust.held-keys', { count: entry.keys.length })}</span>
    </>
  );
}

/** One node entry that its State did not sign: what is used now beside what came, and the step that is next. */
export function HeldChange({
  view,
  shown,
  one,
  problems,
}: {
  view: View;
  shown: TrustShown;
  one: TrustShown['changes'][number];
  problems: readonly Problem[];
}) {
  const { t } = view;
  const { change, entry, current } = one;
  const groups = `groups-${change.id}`;
  const isOwn = change.proposedBy !== null && change.proposedBy === shown.personId;
  const ask = shown.mayConfirm && change.status === 'held';
  return (
    <div class="trust-proposal">
      <h3>
        {t('trust.held-node', { node: change.subject, owner: ownerName(view, change.owner) })}{' '}
        <StatusMark mark="blocked" tone="warning">
          {t.code(change.code, { owner: change.owner, seq: '', kid: '', feed: '' })}
        </StatusMark>
      </h3>
      <p class="hint">
        {t('trust.held-from', { node: change.receivedFrom ?? '', at: moment(view, change.receivedAt) })}
      </p>
      <SummaryList
        view={view}
        rows={[
          { label: t('trust.held-now'), value: <Reached view={view} entry={current} /> },
          { label: t('trust.held-new'), value: <Reached view={view} entry={entry} /> },
        ]}
      />
      {ask ? (
        <Form view={view} action="/system/trust/changes/propose">
          <input type="hidden" name="id" value={change.id} />
          <Radios
            view={view}
            name={`channel-${change.id}`}
            label={t('trust.field-channel')}
            options={channels.map((value) => ({ value, label: t(`trust.channel-${value}`) }))}
            error={errorFor(view, problems, `channel-${change.id}`)}
            inline
          />
          <DateInput
            view={view}
            name={`on-${change.id}`}
            label={t('trust.field-on')}
            error={errorFor(view, problems, `on-${change.id}`)}
          />
          <Actions>
            <Button>{t('trust.held-propose')}</Button>
          </Actions>
        </Form>
      ) : null}
      {change.status === 'proposed' && isOwn ? <p>{t('trust.your-own')}</p> : null}
      {change.status === 'proposed' && shown.mayConfirm && !isOwn ? (
        <Form view={view} action="/system/trust/changes/confirm">
          <input type="hidden" name="id" value={change.id} />
          <TextInput
            view={view}
            name={groups}
            label={t('trust.type-groups')}
            hint={t('trust.type-groups-hint')}
            error={errorFor(view, problems, groups)}
            autocomplete="off"
            spellcheck={false}
            dir="ltr"
            width="full"
          />
          <Actions>
            <Button kind="seal">{t('trust.confirm')}</Button>
          </Actions>
        </Form>
      ) : null}
      {shown.mayConfirm ? (
        <ActButton view={view} action="/system/trust/changes/refuse" values={{ id: change.id }} kind="link">
          {t('trust.refuse')}
        </ActButton>
      ) : null}
    </div>
  );
}
