import { Instant } from '../../../../platform/values/index.ts';
import { DataTable, type Content, type View } from '../../../../web/index.ts';
import type { Requests } from '../../service/index.ts';
import { CasePage, type Frame } from '../case/frame.tsx';

type Revision = Awaited<ReturnType<Requests['revisions']>>[number];

interface VersionsProps {
  view: View;
  frame: Frame;
  notices?: Content;
  next?: Content;
  tracker?: Content;
  revisions: readonly Revision[];
  names: Map<string, string>;
  islands?: readonly string[];
  /** Supplements stand over the list of saves. */
  supplements?: Content;
}

/** `/requests/REF/versions`: each save, by whom and when. */
export function VersionsPage({ revisions, names, supplements, ...shell }: VersionsProps) {
  const { view } = shell;
  const { t } = view;
  return (
    <CasePage {...shell} tab="versions">
      {supplements}
      <DataTable
        view={view}
        caption={t('work.versions')}
        captionHidden={!supplements}
        stack
        columns={[
          {
            id: 'revision',
            label: t('work.version'),
            header: true,
            figures: true,
            cell: (one: Revision) => view.formats.number(one.revision),
          },
          {
            id: 'at',
            label: t('work.column-changed'),
            cell: (one) => view.formats.moment(Instant.parse(one.saved_at), view.node.zone),
          },
          { id: 'by', label: t('work.timeline'), cell: (one) => <bdi>{names.get(one.saved_by) ?? ''}</bdi> },
          {
            id: 'hash',
            label: t('work.hash'),
            cell: (one) => (
              <bdi class="ref" dir="ltr">
                {one.content_hash.slice(7, 23)}
              </bdi>
            ),
          },
        ]}
        rows={[...revisions].reverse()}
      />
    </CasePage>
  );
}
