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
import type { ArchiveKey } from '../store/index.ts';
import { moment, ShortKid } from './parts.tsx';

/** Fields of shares: a name of this kind is neither kept over a lost session nor shown again after an error. */
export const shareField = '_secret-share';
const page = '/system/keys/archive';

export interface ArchiveShown {
  keys: readonly ArchiveKey[];
  /** Own authorities that have none waiting. */
  authorities: readonly string[];
  mayManage: boolean;
  personId: string | null;
}

/** Archive keys of the own authorities, how they are made and how they are opened. */
export function ArchivePage({ view, shown, confirmed }: { view: View; shown: ArchiveShown; confirmed: boolean }) {
  const { t } = view;
  const { needed, shares } = archiveSplit;
  return (
    <Page view={view} title={t('trust.archive')} current="exchange">
      {confirmed ? <Notice view={view} kind="success" title={t('trust.archive-did-confirm')} /> : null}
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
            cell: (row: ArchiveKey) => <Ref value={row.authority} />,
          },
          { id: 'key', label: t('trust.column-key'), cell: (row) => <ShortKid kid={row.kid} /> },
          { id: 'made', label: t('trust.archive-made'), cell: (row) => moment(view, row.madeAt) },
          {
            id: 'status',
            label: t('trust.column-since'),
            cell: (row) =>
              row.confirmedAt ? (
                <StatusMark mark="done" tone="success">
                  {t('trust.archive-in-use', { at: moment(view, row.confirmedAt) })}
                </StatusMark>
              ) : (
                <StatusMark mark="waiting" tone="info">
                  {t('trust.archive-waiting')}
                </StatusMark>
              ),
          },
          {
            id: 'acts',
            label: t('trust.column-acts'),
            quiet: true,
            cell: (row) =>
              row.confirmedAt === null && shown.mayManage && row.madeBy !== shown.personId ? (
                <Button kind="link" href={`${page}/${row.kid}`}>
                  {t('trust.archive-confirm')}
                </Button>
              ) : null,
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
