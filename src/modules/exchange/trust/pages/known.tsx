import { ActButton, Bdi, DataTable, Ref, StatusMark, type View } from '../../../../web/index.ts';
import type { KnownOwner, TrustShown } from '../read.ts';
import { moment, Owner, personName } from './parts.tsx';

/** What was just done, as the address says it. */
function Freshness({ view, known }: { view: View; known: KnownOwner }) {
  const { t } = view;
  const frozen = known.feeds.find((state) => state.frozenAt !== null);
  if (frozen)
    return (
      <StatusMark mark="blocked" tone="warning">
        {t('trust.frozen')}
      </StatusMark>
    );
  if (!known.isStale && known.freshAt !== null)
    return (
      <StatusMark mark="done" tone="success">
        {t('trust.fresh', { at: moment(view, known.freshAt) })}
      </StatusMark>
    );
  return (
    <>
      <StatusMark mark="alert" tone="warning">
        {known.freshAt === null ? t('trust.never-heard') : t('trust.stale', { at: moment(view, known.freshAt) })}
      </StatusMark>
      <p class="hint">{t('trust.stale-why')}</p>
    </>
  );
}

function Nodes({ view, known }: { view: View; known: KnownOwner }) {
  const { t } = view;
  if (known.nodes.length === 0) return <>{t('trust.no-node')}</>;
  return (
    <ul class="plain">
      {known.nodes.map(({ entry, override }) => (
        <li>
          <Ref value={entry.node} />{' '}
          {entry.endpoints.length === 0 ? (
            t('trust.reached-nowhere')
          ) : (
            <span class="hint">
              <Ref value={entry.endpoints[0] ?? ''} wrap />
            </span>
          )}
          {override ? (
            <>
              {' '}
              <StatusMark mark="alert" tone="warning">
                {t('trust.override')}
              </StatusMark>
            </>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

export function KnownTable({ view, shown }: { view: View; shown: TrustShown }) {
  const { t } = view;
  return (
    <DataTable
      view={view}
      caption={t('trust.known')}
      captionHidden
      stack
      columns={[
        {
          id: 'owner',
          label: t('trust.column-owner'),
          header: true,
          cell: (row: KnownOwner) => <Owner view={view} owner={row.root.owner} />,
        },
        {
          id: 'reached',
          label: t('trust.column-reached'),
          cell: (row) => <Nodes view={view} known={row} />,
        },
        {
          id: 'data',
          label: t('trust.column-data'),
          cell: (row) => <Freshness view={view} known={row} />,
        },
        {
          id: 'confirmed',
          label: t('trust.column-confirmed'),
          cell: (row) => (
            <Bdi>
              {t('trust.confirmed-by', {
                first: personName(shown, row.root.proposedBy),
                second: personName(shown, row.root.confirmedBy),
                at: row.root.confirmedAt ? moment(view, row.root.confirmedAt) : '',
              })}
            </Bdi>
          ),
        },
        {
          id: 'acts',
          label: t('trust.column-acts'),
          quiet: true,
          cell: (row) =>
            shown.mayConfirm ? (
              <ActButton
                view={view}
                action="/system/trust/end"
                values={{ owner: row.root.owner, kid: row.root.kid }}
                kind="link"
              >
                {t('trust.end')}
              </ActButton>
            ) : null,
        },
      ]}
      rows={shown.known}
    />
  );
}
