import type { Instant } from '../../../../platform/values/index.ts';
import { Button, Empty, Heading, Page, Section, type View } from '../../../../web/index.ts';
import type { IncomingListItem, RequestListItem } from '../../service/index.ts';
import { IncomingRows } from '../incoming/list.tsx';
import { OwnRows } from './desk.tsx';

interface Props {
  view: View;
  own: readonly RequestListItem[];
  incoming: readonly IncomingListItem[];
  names: ReadonlyMap<string, string>;
  now: Instant;
}

/** `/approvals`: own requests to review, clear or sign, and refusals and results that wait for a second person. */
export function ApprovalsPage({ view, own, incoming, names, now }: Props) {
  const { t } = view;
  const caption = t('work.view-approve');
  const nothing = own.length + incoming.length === 0;
  return (
    <Page view={view} title={caption} current="approvals">
      <Heading title={caption} lede={nothing ? undefined : t('work.approvals-lede')} />
      {nothing ? (
        <Empty
          title={t('work.approvals-empty')}
          motif="envelope"
          action={<Button href="/desk">{t('work.desk')}</Button>}
        />
      ) : null}
      {own.length > 0 ? (
        <Section title={t('incoming.desk-own')} id="own">
          <OwnRows view={view} items={own} names={names} now={now} caption={t('incoming.desk-own')} />
        </Section>
      ) : null}
      {incoming.length > 0 ? (
        <Section title={t('incoming.desk-incoming')} id="incoming">
          <IncomingRows view={view} items={incoming} names={names} now={now} caption={t('incoming.desk-incoming')} />
        </Section>
      ) : null}
    </Page>
  );
}
