import { redirect, type PageRoute } from '../../../../platform/http/routes.ts';
import { ActButton, Actions, Notice, type View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { Trust } from '../index.ts';
import type { TrustShown } from '../read.ts';
import { confirmResumeOfFeed, proposeResumeOfFeed, refuseResumeOfFeed, type StoppedFeed } from '../resume.ts';
import { moment, personName } from './parts.tsx';

const base = '/system/trust/feeds';

/** An own feed that stands still: why, what would be done, and the step that is next. Two persons let it go on. */
export function StoppedNotice({ view, shown, stopped }: { view: View; shown: TrustShown; stopped: StoppedFeed }) {
  const { t } = view;
  const { state, why, lost, missing } = stopped;
  const { feed, resumeProposedBy: by, resumeProposedAt: at } = state;
  const isOwn = by !== null && by === shown.personId;
  return (
    <Notice view={view} kind="error" title={t(`trust.own-${why}`, { feed: t.code(`trust.feed-${feed}`) })}>
      <p>{t(`trust.own-${why}-why`)}</p>
      {why === 'went-back' ? <p>{t('trust.own-lost', { count: lost })}</p> : null}
      {missing === null ? null : <p>{t('trust.own-lost-missing', { seq: missing })}</p>}
      {by === null || at === null ? null : (
        <p>{t('trust.resume-asked-by', { name: personName(shown, by), at: moment(view, at) })}</p>
      )}
      {isOwn ? <p>{t('trust.your-own')}</p> : null}
      {shown.mayConfirm ? (
        <Actions>
          {by === null ? (
            <ActButton view={view} action={`${base}/${feed}/propose`}>
              {t('trust.resume-propose')}
            </ActButton>
          ) : isOwn || missing !== null ? null : (
            <ActButton view={view} action={`${base}/${feed}/confirm`} kind="seal">
              {t('trust.resume-confirm')}
            </ActButton>
          )}
          {by === null ? null : (
            <ActButton view={view} action={`${base}/${feed}/refuse`} kind="link">
              {t('trust.resume-refuse')}
            </ActButton>
          )}
        </Actions>
      ) : null}
    </Notice>
  );
}

/** Acts on an own feed that stands still. */
export function resumeRoutes(trust: Trust): PageRoute<Context, View>[] {
  const act = (
    verb: 'propose' | 'confirm' | 'refuse',
    permission: 'exchange.propose-resume' | 'exchange.confirm-resume',
    audit: string,
    run: (ctx: Context, feed: string) => Promise<number>,
  ): PageRoute<Context, View> => ({
    kind: 'page',
    method: 'post',
    path: `${base}/:feed/${verb}`,
    permission,
    audit,
    async handler({ ctx, params }) {
      const count = await run(ctx, params.feed ?? '');
      return redirect(`/system/trust?done=resume-${verb}&owner=${encodeURIComponent(trust.own.owner)}&count=${count}`);
    },
  });
  return [
    act('propose', 'exchange.propose-resume', 'exchange.propose-feed-resume', async (ctx, feed) => {
      await proposeResumeOfFeed(ctx, trust.resume, feed);
      return 0;
    }),
    act('confirm', 'exchange.confirm-resume', 'exchange.resume-feed', (ctx, feed) =>
      confirmResumeOfFeed(ctx, trust.resume, feed),
    ),
    act('refuse', 'exchange.propose-resume', 'exchange.refuse-feed-resume', async (ctx, feed) => {
      await refuseResumeOfFeed(ctx, trust.resume, feed);
      return 0;
    }),
  ];
}
