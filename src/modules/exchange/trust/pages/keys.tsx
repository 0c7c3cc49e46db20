import { z } from 'zod';
import { addDays, dayIn, PlainDate, type Instant, type Problem } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Button,
  DataTable,
  defineForm,
  ErrorSummary,
  Form,
  FormFields,
  Heading,
  Notice,
  Page,
  Ref,
  Section,
  StatusMark,
  type View,
} from '../../../../web/index.ts';
import type { KeysShown } from '../read.ts';
import { announceDays, overlapDays, type KeyAge } from '../rotation.ts';
import type { signedSince } from '../rotation.ts';
import { Groups, moment, Owner, ShortKid, TrustNav } from './parts.tsx';

const reasons = ['compromised', 'lost', 'superseded', 'ceased'] as const;

export const revokeForm = defineForm(z.object({ reason: z.enum(reasons), since: PlainDate.optional() }), {
  reason: {
    kind: 'radios',
    label: 'trust.field-reason',
    missing: 'trust.reason-missing',
    options: reasons.map((value) => ({ value, label: `trust.reason-${value}` as const })),
  },
  since: { kind: 'date', label: 'trust.field-since', hint: 'trust.field-since-hint' },
});

export const signedForm = defineForm(z.object({ kid: z.string().max(100), since: PlainDate }), {
  kid: { kind: 'code', label: 'trust.field-kid', missing: 'trust.kid-missing', width: 'full' },
  since: { kind: 'date', label: 'trust.field-day', missing: 'trust.on-missing' },
});

function day(view: View, at: Instant): string {
  return view.formats.day(dayIn(view.node.zone, at));
}

function InUse({ view, age }: { view: View; age: KeyAge }) {
  const { t } = view;
  const { key } = age;
  if (key.revokedAt)
    return (
      <StatusMark mark="blocked" tone="warning">
        {t('trust.key-revoked', { at: moment(view, key.revokedAt) })}
      </StatusMark>
    );
  if (age.announced)
    return (
      <StatusMark mark="waiting" tone="info">
        {t('trust.key-announced', { day: day(view, key.validFrom) })}
      </StatusMark>
    );
  if (age.inUse)
    return (
      <StatusMark mark="done" tone="success">
        {t('trust.key-in-use', { day: day(view, key.validFrom) })}
      </StatusMark>
    );
  return <>{key.validUntil ? t('trust.key-over', { day: day(view, key.validUntil) }) : null}</>;
}

/** Days before the change from which it should be announced: what others are promised, and a month to do it. */
const soonDays = announceDays + 30;

function NextChange({ view, age, today }: { view: View; age: KeyAge; today: PlainDate }) {
  const { t } = view;
  if (!age.inUse || age.changeBy === null) return null;
  if (age.hasSuccessor) return <>{t('trust.change-announced')}</>;
  const by = view.formats.day(age.changeBy);
  return addDays(today, soonDays) >= age.changeBy ? (
    <StatusMark mark="alert" tone="warning">
      {t('trust.change-soon', { day: by })}
    </StatusMark>
  ) : (
    <>{t('trust.change-by', { day: by })}</>
  );
}

export function KeysPage({
  view,
  shown,
  today,
  done,
}: {
  view: View;
  shown: KeysShown;
  today: PlainDate;
  done?: { act: string; day: string } | undefined;
}) {
  const { t } = view;
  const { custody } = shown;
  return (
    <Page view={view} title={t('trust.keys-title')} current="exchange">
      {done?.act === 'announced' ? (
        <Notice
          view={view}
          kind="success"
          title={t('trust.did-announced', {
            day: PlainDate.safeParse(done.day).success ? view.formats.day(done.day) : '',
          })}
        />
      ) : null}
      {done?.act === 'revoked' ? <Notice view={view} kind="success" title={t('trust.did-revoked')} /> : null}
      {custody.ok ? null : <Notice view={view} kind="error" title={t('trust.custody-broken')} />}
      <Heading title={t('trust.keys-title')} lede={t('trust.keys-lede')} />
      <TrustNav view={view} current="keys" />
      <DataTable
        view={view}
        caption={t('trust.keys-title')}
        captionHidden
        stack
        columns={[
          {
            id: 'use',
            label: t('trust.column-use'),
            header: true,
            cell: (row: KeyAge) => t(`trust.use-${row.key.use}`),
          },
          { id: 'holder', label: t('trust.column-holder'), cell: (row) => <Ref value={row.key.holder} /> },
          { id: 'key', label: t('trust.column-key'), cell: (row) => <ShortKid kid={row.key.kid} /> },
          { id: 'since', label: t('trust.column-since'), cell: (row) => <InUse view={view} age={row} /> },
          {
            id: 'change',
            label: t('trust.column-change'),
            cell: (row) => <NextChange view={view} age={row} today={today} />,
          },
          {
            id: 'acts',
            label: t('trust.column-acts'),
            quiet: true,
            cell: (row) => (shown.mayManage ? <Acts view={view} age={row} /> : null),
          },
        ]}
        rows={shown.ages}
        empty={t('trust.keys-none')}
      />
      <p>
        <a href="/system/keys/archive">{t('trust.archive')}</a>
      </p>
      <Section id="custody" title={t('trust.custody')}>
        <p>{t(`trust.custody-${custody.mode}`)}</p>
      </Section>
      {shown.root ? (
        <Section id="root" title={t('trust.root')}>
          <p>
            {shown.root.isHere
              ? t('trust.root-here')
              : t('trust.root-elsewhere', {
                  day: shown.root.delegateUntil ? day(view, shown.root.delegateUntil) : '',
                })}
          </p>
          <Groups fingerprint={shown.root.fingerprint} />
        </Section>
      ) : null}
      <Section id="guide" title={t('trust.keys-guide')}>
        <ol class="trust-steps">
          <li>{t('trust.keys-guide-1', { ahead: announceDays })}</li>
          <li>{t('trust.keys-guide-2', { overlap: overlapDays })}</li>
          <li>{t('trust.keys-guide-3')}</li>
          <li>{t('trust.keys-guide-4')}</li>
        </ol>
      </Section>
      <Section id="revoked" title={t('trust.revoked-elsewhere')}>
        <DataTable
          view={view}
          caption={t('trust.revoked-elsewhere')}
          captionHidden
          stack
          columns={[
            {
              id: 'owner',
              label: t('trust.column-owner'),
              header: true,
              cell: (row) => <Owner view={view} owner={row.owner} />,
            },
            { id: 'use', label: t('trust.column-use'), cell: (row) => t.code(`trust.use-${row.use}`) },
            { id: 'key', label: t('trust.column-key'), cell: (row) => <ShortKid kid={row.key} /> },
            { id: 'since', label: t('trust.field-day'), cell: (row) => moment(view, row.since) },
            {
              id: 'look',
              label: t('trust.column-acts'),
              quiet: true,
              cell: (row) => (
                <Button kind="link" href={`/system/keys/signed?kid=${row.key}&since=${row.since.slice(0, 10)}`}>
                  {t('trust.signed-look')}
                </Button>
              ),
            },
          ]}
          rows={[...shown.revocations]}
          empty={t('trust.revoked-none')}
        />
      </Section>
    </Page>
  );
}

function Acts({ view, age }: { view: View; age: KeyAge }) {
  const { t } = view;
  const { kid, use, holder, revokedAt } = age.key;
  if (use === 'tls' || use === 'log' || revokedAt !== null) return null;
  return (
    <>
      {age.inUse && !age.hasSuccessor ? (
        <ActButton view={view} action="/system/keys/announce" values={{ use, holder }} compact>
          {t('trust.announce')}
        </ActButton>
      ) : null}{' '}
      <Button kind="link" href={`/system/keys/${kid}/revoke`}>
        {t('trust.revoke')}
      </Button>
    </>
  );
}

export function RevokePage({
  view,
  age,
  problems = [],
  typed = {},
}: {
  view: View;
  age: KeyAge;
  problems?: Problem[];
  typed?: Record<string, string[]>;
}) {
  const { t } = view;
  const { kid, use, holder } = age.key;
  return (
    <Page view={view} title={t('trust.revoke-title')} current="exchange" error={problems.length > 0}>
      <ErrorSummary view={view} problems={problems} />
      <BackLink href="/system/keys">{t('trust.keys-title')}</BackLink>
      <Heading title={t('trust.revoke-title')} lede={t('trust.revoke-lede')} eyebrow={t(`trust.use-${use}`)} />
      <p>
        <Ref value={holder} /> · <Ref value={kid} wrap />
      </p>
      <Form view={view} action={`/system/keys/${kid}/revoke`}>
        <FormFields view={view} form={revokeForm} typed={typed} problems={problems} />
        <Actions>
          <Button kind="main">{t('trust.revoke')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

export function SignedPage({
  view,
  rows,
  problems = [],
  typed = {},
}: {
  view: View;
  rows: Awaited<ReturnType<typeof signedSince>>;
  problems?: Problem[];
  typed?: Record<string, string[]>;
}) {
  const { t } = view;
  return (
    <Page view={view} title={t('trust.signed-title')} current="exchange" error={problems.length > 0}>
      <ErrorSummary view={view} problems={problems} />
      <BackLink href="/system/keys">{t('trust.keys-title')}</BackLink>
      <Heading title={t('trust.signed-title')} lede={t('trust.signed-lede')} />
      <Form view={view} action="/system/keys/signed" method="get">
        <FormFields view={view} form={signedForm} typed={typed} problems={problems} />
        <Actions>
          <Button>{t('trust.signed-look')}</Button>
        </Actions>
      </Form>
      <DataTable
        view={view}
        caption={t('trust.signed-title')}
        captionHidden
        stack
        columns={[
          {
            id: 'message',
            label: t('trust.column-message'),
            header: true,
            cell: (row) => (
              <a href={`/system/exchange/messages/${row.messageId}`}>
                <Ref value={row.messageId} />
              </a>
            ),
          },
          { id: 'from', label: t('trust.column-from'), cell: (row) => <Ref value={row.from} /> },
          { id: 'kind', label: t('trust.column-kind'), cell: (row) => <Ref value={row.kind} /> },
          { id: 'signed', label: t('trust.column-signed'), cell: (row) => moment(view, row.signedAt) },
        ]}
        rows={rows}
        empty={t('trust.signed-none')}
      />
    </Page>
  );
}
