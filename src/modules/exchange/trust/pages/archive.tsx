import type { Problem } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Button,
  DataTable,
  ErrorSummary,
  Form,
  Heading,
  Notice,
  Page,
  Ref,
  Section,
  StatusMark,
  TextInput,
  type View,
} from '../../../../web/index.ts';
import { archiveSplit, type MadeArchiveKey } from '../archive.ts';
import { waitDays, type ArchiveStatus } from '../archive-end.ts';
import type { ArchiveKey } from '../store/index.ts';
import { moment, ShortKid } from './parts.tsx';

/** Fields of shares: a name of this kind is neither kept over a lost session nor shown again after an error. */
export const shareField = '_secret-share';
const page = '/system/keys/archive';

export interface ArchiveShown {
  keys: readonly { key: ArchiveKey; status: ArchiveStatus }[];
  /** Names of people by their ids. */
  names: ReadonlyMap<string, string>;
  /** Own authorities that have none waiting. */
  authorities: readonly string[];
  mayManage: boolean;
  personId: string | null;
  /** What was just done. */
  done: 'confirmed' | 'withdrawn' | 'end-asked' | 'end-refused' | 'ended' | undefined;
}

type Row = ArchiveShown['keys'][number];

function Status({ view, row: { key, status }, names }: { view: View; row: Row; names: ArchiveShown['names'] }) {
  const { t } = view;
  const at = (moments: ArchiveKey['confirmedAt']) => (moments === null ? '' : moment(view, moments));
  const asker = key.endProposedBy ?? '';
  switch (status) {
    case 'waiting':
      return (
        <StatusMark mark="waiting" tone="info">
          {t('trust.archive-waiting')}
        </StatusMark>
      );
    case 'lapsed':
      return <StatusMark mark="blocked">{t('trust.archive-lapsed', { days: waitDays })}</StatusMark>;
    case 'withdrawn':
      return <StatusMark mark="blocked">{t('trust.archive-withdrawn', { at: at(key.withdrawnAt) })}</StatusMark>;
    case 'in-use':
      return (
        <StatusMark mark="done" tone="success">
          {t('trust.archive-in-use', { at: at(key.confirmedAt) })}
        </StatusMark>
      );
    case 'ending':
      return (
        <>
          <StatusMark mark="alert" tone="warning">
            {t('trust.archive-ending')}
          </StatusMark>
          <p class="hint">
            {t('trust.archive-end-asked-by', { name: names.get(asker) ?? asker, at: at(key.endProposedAt) })}{' '}
            {t(`trust.reason-${key.endReason ?? 'ceased'}`)}
          </p>
        </>
      );
    case 'ended':
      return (
        <StatusMark mark="blocked" tone="warning">
          {t('trust.key-revoked', { at: at(key.endedAt) })}
        </StatusMark>
      );
  }
}

function Acts({ view, row: { key, status }, shown }: { view: View; row: Row; shown: ArchiveShown }) {
  const { t } = view;
  if (!shown.mayManage) return null;
  const at = `${page}/${key.kid}`;
  if (status === 'waiting')
    return (
      <>
        {key.madeBy === shown.personId ? null : (
          <Button kind="link" href={at}>
            {t('trust.archive-confirm')}
          </Button>
        )}
        <ActButton view={view} action={`${at}/withdraw`} kind="link">
          {t('trust.archive-withdraw')}
        </ActButton>
      </>
    );
  if (status === 'in-use')
    return (
      <Button kind="link" href={`${at}/end`}>
        {t('trust.revoke')}
      </Button>
    );
  if (status !== 'ending') return null;
  return (
    <>
      {key.endProposedBy === shown.personId ? (
        <p class="hint">{t('trust.your-own')}</p>
      ) : (
        <ActButton view={view} action={`${at}/end/confirm`} kind="seal" compact>
          {t('trust.archive-end')}
        </ActButton>
      )}
      <ActButton view={view} action={`${at}/end/refuse`} kind="link">
        {t('trust.archive-end-keep')}
      </ActButton>
    </>
  );
}

/** Archive keys of the own authorities, how they are made and how they are opened. */
export function ArchivePage({ view, shown }: { view: View; shown: ArchiveShown }) {
  const { t } = view;
  const { needed, shares } = archiveSplit;
  return (
    <Page view={view} title={t('trust.archive')} current="exchange">
      {shown.done ? <Notice view={view} kind="success" title={t(`trust.archive-did-${shown.done}`)} /> : null}
      <BackLink href="/system/keys">{t('trust.keys-title')}</BackLink>
      <Heading title={t('trust.archive')} lede={t('trust.archive-lede', { needed, shares })} />
      <DataTable
        view={view}
        caption={t('trust.archive')}
        captionHidden
        stack
        columns={[
          {
            id: 'authority',
            label: t('trust.column-holder'),
            header: true,
            cell: (row: Row) => <Ref value={row.key.authority} />,
          },
          { id: 'key', label: t('trust.column-key'), cell: (row) => <ShortKid kid={row.key.kid} /> },
          { id: 'made', label: t('trust.archive-made'), cell: (row) => moment(view, row.key.madeAt) },
          {
            id: 'status',
            label: t('trust.archive-status'),
            cell: (row) => <Status view={view} row={row} names={shown.names} />,
          },
          {
            id: 'acts',
            label: t('trust.column-acts'),
            quiet: true,
            cell: (row) => <Acts view={view} row={row} shown={shown} />,
          },
        ]}
        rows={[...shown.keys]}
        empty={t('trust.archive-none')}
      />
      {shown.mayManage && shown.authorities.length > 0 ? (
        <Section id="make" title={t('trust.archive-make')}>
          <ol class="trust-steps">
            <li>{t('trust.archive-step-1', { shares })}</li>
            <li>{t('trust.archive-step-2')}</li>
            <li>{t('trust.archive-step-3', { needed })}</li>
          </ol>
          {shown.authorities.map((authority) => (
            <p>
              <ActButton view={view} action={page} values={{ authority }}>
                {t('trust.archive-make-for', { authority })}
              </ActButton>
            </p>
          ))}
        </Section>
      ) : null}
      <Section id="open" title={t('trust.archive-open')}>
        <p>{t('trust.archive-open-how', { needed })}</p>
        <p>
          <Ref value="comity exchange keys archive open FILE FILE FILE" wrap />
        </p>
      </Section>
    </Page>
  );
}

/** The shares, shown this once: each is copied by its keeper, and nobody else sees it. */
export function SharesPage({ view, made }: { view: View; made: MadeArchiveKey }) {
  const { t } = view;
  return (
    <Page view={view} title={t('trust.archive-shares')} current="exchange">
      <Notice view={view} kind="warning" title={t('trust.archive-once')}>
        {t('trust.archive-once-why')}
      </Notice>
      <Heading title={t('trust.archive-shares')} lede={t('trust.archive-shares-lede')} />
      {made.shares.map((share, index) => (
        <Section id={`share-${index + 1}`} title={t('trust.archive-share', { n: view.formats.number(index + 1) })}>
          <p>
            <Ref value={share} wrap />
          </p>
        </Section>
      ))}
      <Actions>
        <Button kind="main" href={page}>
          {t('trust.archive-copied')}
        </Button>
      </Actions>
    </Page>
  );
}

/** Where keepers type their shares before a second person. */
export function ConfirmArchivePage({
  view,
  archive,
  problems = [],
}: {
  view: View;
  archive: ArchiveKey;
  problems?: Problem[];
}) {
  const { t } = view;
  return (
    <Page view={view} title={t('trust.archive-confirm')} current="exchange" error={problems.length > 0}>
      <ErrorSummary view={view} problems={problems} hrefOf={() => `#f-${shareField}-1`} />
      <BackLink href={page}>{t('trust.archive')}</BackLink>
      <Heading title={t('trust.archive-confirm')} lede={t('trust.archive-confirm-lede', { needed: archive.needed })} />
      <p>
        <Ref value={archive.authority} /> · <Ref value={archive.recipient} wrap />
      </p>
      <Form view={view} action={`${page}/${archive.kid}`}>
        {Array.from({ length: archive.needed }, (_, index) => (
          <TextInput
            view={view}
            name={`${shareField}-${index + 1}`}
            label={t('trust.archive-share', { n: view.formats.number(index + 1) })}
            autocomplete="off"
            spellcheck={false}
            dir="ltr"
          />
        ))}
        <Actions>
          <Button kind="main">{t('trust.archive-confirm')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
