import { raw } from 'hono/html';
import type { Hash } from '../../../../platform/values/index.ts';
import {
  BackLink,
  Heading,
  Page,
  PageKeys,
  Ref,
  StatusMark,
  SubNav,
  type Content,
  type View,
} from '../../../../web/index.ts';
import { rosetteSvg } from '../../../../web/rosette.ts';
import type { DraftRequest, Side } from '../../schema/index.ts';
import { whatIsAsked } from '../work/parts.ts';

export const tabs = ['overview', 'request', 'messages', 'evidence', 'deadlines', 'versions', 'history'] as const;
export type Tab = (typeof tabs)[number];

/** What every page of one request shows, whichever side of the border it is on. */
export interface Frame {
  side: Side;
  /** Reference here; its address. */
  reference: string;
  /** Reference there, once it is known. */
  otherReference: string | null;
  /** Name of the other State. */
  state: string;
  request: DraftRequest;
  urgent: boolean;
  /** Hash the rosette is drawn from. */
  hash: Hash;
  status: Content;
  /** Tabs that hold something, with how much. */
  counts: Partial<Record<Tab, number>>;
  /** Tabs of this side. */
  tabs: readonly Tab[];
}

interface CasePageProps {
  view: View;
  frame: Frame;
  tab: Tab;
  /** Stands over the heading: what was done, what waits. */
  notices?: Content;
  next?: Content;
  tracker?: Content;
  side?: Content;
  sideLabel?: string;
  error?: boolean;
  islands?: readonly string[];
  children?: Content;
}

/** Heading, next step, tracker and tabs of one request; the tab's own content under them. */
export function CasePage({
  view,
  frame,
  tab,
  notices,
  next,
  tracker,
  side,
  sideLabel,
  error,
  islands,
  children,
}: CasePageProps) {
  const { t } = view;
  const base = `/requests/${frame.reference}`;
  const title = whatIsAsked(view, frame.request.types ?? []);
  const { handling } = frame.request;
  return (
    <Page
      view={view}
      title={tab === 'overview' ? title : `${t(`incoming.tab-${tab}`)} – ${title}`}
      reference={frame.reference}
      current="desk"
      handling={{ tlp: handling?.tlp ?? 'AMBER', note: handling?.national }}
      error={error}
      islands={islands}
      side={side ? <PageKeys>{side}</PageKeys> : undefined}
      sideLabel={sideLabel}
      head={
        <PageKeys>
          {notices}
          <BackLink href={frame.side === 'requested' ? '/desk/incoming' : '/desk'}>{t('work.desk')}</BackLink>
          <Heading
            title={title}
            eyebrow={
              <>
                {frame.urgent ? (
                  <StatusMark mark="urgent" tone="seal">
                    {t('work.urgent')}
                  </StatusMark>
                ) : null}
                <span>{t(frame.side === 'requested' ? 'incoming.from' : 'incoming.to', { state: frame.state })}</span>
                {frame.status}
                {frame.otherReference ? (
                  <span>
                    {t('incoming.their-reference', { state: frame.state })} <Ref value={frame.otherReference} />
                  </span>
                ) : null}
              </>
            }
            reference={frame.reference}
            rosette={
              <span class="rosette">
                {raw(
                  rosetteSvg(frame.hash.slice('sha256:'.length), { label: t('web.rosette', { of: frame.reference }) }),
                )}
              </span>
            }
          />
          {next ? <div class="section-s">{next}</div> : null}
          {tracker}
          <SubNav
            label={title}
            items={frame.tabs.map((one) => ({
              href: one === 'overview' ? base : `${base}/${one}`,
              label: t(`incoming.tab-${one}`),
              current: one === tab,
              count: frame.counts[one] || undefined,
            }))}
          />
        </PageKeys>
      }
    >
      {children}
    </Page>
  );
}
