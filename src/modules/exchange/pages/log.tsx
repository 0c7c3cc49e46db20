import { Invalid, NotFound } from '../../../platform/errors.ts';
import { page, redirect, type PageRoute } from '../../../platform/http/routes.ts';
import {
  ActButton,
  Actions,
  Bdi,
  DataTable,
  Empty,
  Heading,
  Notice,
  Num,
  Page,
  Ref,
  Section,
  StatusMark,
  type View,
} from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import type { LogPart } from '../log-part.ts';
import { NodeId } from '../schema.ts';
import { getReconcilePage, type ReconcileView } from '../service/log-view.ts';
import { confirmToGoOn, proposeToGoOn } from '../service/recover.ts';
import type { ListedDifference, Run } from '../store/reconcile.ts';
import { TrustNav } from '../trust/pages/parts.tsx';

const base = '/system/reconcile';

type Peer = ReconcileView['peers'][number];

function Result({ view, run }: { view: View; run: Run | null }) {
  const { t } = view;
  if (!run) return <StatusMark mark="unknown">{t('log.reconcile-never')}</StatusMark>;
  if (run.outcome === 'equal')
    return (
      <StatusMark mark="done" tone="success">
        {t('log.reconcile-equal')}
      </StatusMark>
    );
  if (run.outcome === 'not-reached')
    return (
      <StatusMark mark="waiting" tone="info">
        {t('log.reconcile-not-reached')}
      </StatusMark>
    );
  return (
    <StatusMark mark="alert" tone="warning">
      {t('log.reconcile-differences', { count: run.differences })}
    </StatusMark>
  );
}

function Recovery({ view, shown, mayAct }: { view: View; shown: ReconcileView; mayAct: boolean }) {
  const { t, formats } = view;
  const { recovery } = shown;
  if (!recovery) return null;
  const { from, to, proposedAt, isOwnProposal } = recovery;
  const title = t('log.recovering-title', { from: formats.number(from), to: formats.number(to) });
  return (
    <Notice view={view} kind="error" title={title}>
      <p>{t(from > to ? 'log.recovering' : 'log.recovering-restored')}</p>
      {proposedAt ? <p>{t('log.recovery-proposed', { at: formats.moment(proposedAt, view.node.zone) })}</p> : null}
      {proposedAt && isOwnProposal ? <p>{t('log.recovery-own-proposal')}</p> : null}
      {mayAct ? (
        <Actions>
          <ActButton view={view} action={`${base}/bring-back`}>
            {t('log.recovery-pull')}
          </ActButton>
          {proposedAt === null ? (
            <ActButton view={view} action={`${base}/propose`}>
              {t('log.recovery-propose')}
            </ActButton>
          ) : isOwnProposal ? null : (
            <ActButton view={view} action={`${base}/confirm`} kind="seal">
              {t('log.recovery-confirm')}
            </ActButton>
          )}
        </Actions>
      ) : null}
    </Notice>
  );
}

function Differences({ view, peer }: { view: View; peer: Peer }) {
  const { t } = view;
  if (peer.differences.length === 0) return null;
  return (
    <Section title={t('log.reconcile-differences-with', { peer: peer.node })} id={`differences-${peer.node}`}>
      <DataTable
        view={view}
        caption={t('log.reconcile-differences-with', { peer: peer.node })}
        captionHidden
        stack
        columns={[
          {
            id: 'message',
            label: t('log.reconcile-column-message'),
            header: true,
            cell: (one: ListedDifference) => <Ref value={one.messageId} wrap />,
          },
          {
            id: 'direction',
            label: t('log.reconcile-column-direction'),
            cell: (one) => t(`log.direction-${one.direction}`),
          },
          { id: 'finding', label: t('log.reconcile-column-finding'), cell: (one) => t(`log.finding-${one.finding}`) },
          { id: 'action', label: t('log.reconcile-column-action'), cell: (one) => t.code(`log.action-${one.action}`) },
        ]}
        rows={peer.differences}
      />
    </Section>
  );
}

export function ReconcilePage({ view, shown, mayAct }: { view: View; shown: ReconcileView; mayAct: boolean }) {
  const { t, formats } = view;
  const moment = (at: NonNullable<Peer['run']>['at']) => formats.moment(at, view.node.zone);
  return (
    <Page view={view} title={t('log.reconcile-title')} current="exchange">
      <Recovery view={view} shown={shown} mayAct={mayAct} />
      {shown.conflicts.map((node) => (
        <Notice view={view} kind="error" title={t('log.conflicts-title')}>
          <p>{t('log.conflict', { node })}</p>
        </Notice>
      ))}
      {shown.isUnwitnessed ? (
        <Notice view={view} kind="warning" title={t('log.witness-alarm-title')}>
          <p>{t('log.witness-alarm')}</p>
        </Notice>
      ) : null}
      <Heading title={t('log.reconcile-title')} lede={t('log.reconcile-lede')} />
      <TrustNav view={view} current="reconcile" />
      {shown.peers.length === 0 ? (
        <Empty title={t('log.reconcile-none')}>{t('log.reconcile-none-why')}</Empty>
      ) : (
        <DataTable
          view={view}
          caption={t('log.reconcile-title')}
          captionHidden
          stack
          columns={[
            {
              id: 'peer',
              label: t('log.reconcile-column-peer'),
              header: true,
              cell: (peer: Peer) => <Bdi>{peer.node}</Bdi>,
            },
            {
              id: 'result',
              label: t('log.reconcile-column-result'),
              cell: (peer) => <Result view={view} run={peer.run} />,
            },
            {
              id: 'at',
              label: t('log.reconcile-column-at'),
              nowrap: true,
              cell: (peer) => (peer.run ? moment(peer.run.at) : '–'),
            },
            {
              id: 'compared',
              label: t('log.reconcile-column-compared'),
              figures: true,
              cell: (peer) => (peer.run ? <Num>{formats.number(peer.run.compared)}</Num> : '–'),
            },
            {
              id: 'cosigned',
              label: t('log.reconcile-column-cosigned'),
              cell: (peer) =>
                peer.cosigned
                  ? t('log.reconcile-cosigned', { size: peer.cosigned.size, at: moment(peer.cosigned.at) })
                  : t('log.reconcile-not-cosigned'),
            },
            {
              id: 'act',
              label: t('log.reconcile-column-act'),
              cell: (peer) => (
                <ActButton view={view} action={base} values={{ peer: peer.node }} compact>
                  {t('log.reconcile-now-with', { peer: peer.node })}
                </ActButton>
              ),
            },
          ]}
          rows={shown.peers}
        />
      )}
      {shown.peers.map((peer) => (
        <Differences view={view} peer={peer} />
      ))}
    </Page>
  );
}

/** `/system/reconcile`: the last comparison with each node, differences, witnesses, and the way back after a restored backup. */
export function logPages(part: () => LogPart): PageRoute<Context, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: base,
      permission: 'exchange.reconcile',
      async handler({ ctx, view }) {
        const shown = await getReconcilePage(ctx, await part().peers());
        return page(<ReconcilePage view={view} shown={shown} mayAct={ctx.may('exchange.operate')} />);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: base,
      permission: 'exchange.reconcile',
      audit: 'exchange.reconcile',
      async handler({ ctx, form }) {
        const peer = NodeId.safeParse(form.values.peer?.[0]);
        if (!peer.success) throw new Invalid('exchange.bad-node-id');
        if (!(await part().peers()).includes(peer.data))
          throw new NotFound('log.no-such-peer', {
            params: { peer: peer.data, known: (await part().peers()).join(', ') || '–' },
          });
        await part().reconcile(peer.data, { actor: ctx.actor });
        return redirect(base);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: `${base}/bring-back`,
      permission: 'exchange.operate',
      audit: 'exchange.bring-back',
      async handler() {
        await part().bringBack();
        return redirect(base);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: `${base}/propose`,
      permission: 'exchange.propose-resume',
      audit: 'exchange.propose-resume',
      async handler({ ctx }) {
        await proposeToGoOn(ctx);
        return redirect(base);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: `${base}/confirm`,
      permission: 'exchange.confirm-resume',
      audit: 'exchange.confirm-resume',
      async handler({ ctx }) {
        await confirmToGoOn(ctx, part().parts);
        await part().publishOrigin();
        return redirect(base);
      },
    },
  ];
}
