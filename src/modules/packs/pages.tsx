import { page, redirect, type PageRoute } from '../../platform/http/routes.ts';
import { ActButton, DataTable, Heading, Page, PublicPage, type View } from '../../web/index.ts';
import type { Context } from '../identity/index.ts';
import type { Pack } from './schema.ts';
import { acceptPack, listPacks } from './service.ts';

function PacksPage({ view, packs, mayAccept }: { view: View; packs: Pack[]; mayAccept: boolean }) {
  const Shell = view.person ? Page : PublicPage;
  return (
    <Shell view={view} title={view.t('packs.title')} current="packs">
      <Heading title={view.t('packs.title')} lede={view.t('packs.lede')} />
      {packs.length === 0 ? (
        <>
          <p>{view.t('packs.none')}</p>
          <p class="hint" dir="auto">
            {view.t('packs.how')}
          </p>
        </>
      ) : (
        <DataTable
          view={view}
          caption={view.t('packs.title')}
          captionHidden
          columns={[
            {
              id: 'pack',
              label: view.t('packs.column-pack'),
              header: true,
              cell: (pack: Pack) => <bdi>{`${pack.title} (${pack.id}@${pack.version})`}</bdi>,
            },
            { id: 'as-of', label: view.t('packs.column-as-of'), cell: (pack) => view.formats.day(pack.asOf) },
            {
              id: 'files',
              label: view.t('packs.column-files'),
              figures: true,
              cell: (pack) => view.formats.number(pack.files),
            },
            { id: 'licence', label: view.t('packs.column-licence'), cell: (pack) => <bdi>{pack.licence}</bdi> },
            {
              id: 'status',
              label: view.t('packs.column-status'),
              cell: (pack) =>
                pack.status === 'proposed' && mayAccept ? (
                  <ActButton view={view} action={`/packs/${pack.id}/${pack.version}/accept`}>
                    {view.t('packs.accept')}
                  </ActButton>
                ) : (
                  view.t(`packs.status-${pack.status}`)
                ),
            },
          ]}
          rows={packs}
        />
      )}
    </Shell>
  );
}

export function packsPages(): PageRoute<Context, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/packs',
      permission: 'packs.read',
      handler: async ({ ctx, view }) =>
        page(<PacksPage view={view} packs={await listPacks(ctx)} mayAccept={ctx.may('packs.accept')} />),
    },
    {
      kind: 'page',
      method: 'post',
      path: '/packs/:id/:version/accept',
      permission: 'packs.accept',
      audit: 'packs.accept',
      handler: async ({ ctx, params }) => {
        await acceptPack(ctx, params.id ?? '', params.version ?? '');
        return redirect('/packs');
      },
    },
  ];
}
