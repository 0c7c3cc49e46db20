import type { Context } from '../../identity/index.ts';
import { SubNav, type View } from '../../../web/index.ts';
import type { Decision } from '../schema/index.ts';

/** Which pages of this module a reader has. */
export interface Reach {
  mayScreen: boolean;
  mayJudge: boolean;
}

export const reachOf = (ctx: Context): Reach => ({
  mayScreen: ctx.may('goods.screen'),
  mayJudge: ctx.may('goods.judge'),
});

export const tones = {
  alert: { mark: 'alert', tone: 'warning' },
  review: { mark: 'half', tone: 'info' },
  none: { mark: 'done', tone: 'muted' },
} as const satisfies Record<Decision, unknown>;

export function Nav({ view, at, reach }: { view: View; at: 'match' | 'screen' | 'ledger'; reach: Reach }) {
  if (!reach.mayScreen && !reach.mayJudge) return null;
  const item = (place: typeof at, href: string, label: string) => ({ href, label, current: at === place });
  const items = [
    item('match', '/intelligence/match', view.t('goods.match-title')),
    ...(reach.mayScreen ? [item('screen', '/intelligence/screen', view.t('goods.screen-title'))] : []),
    ...(reach.mayJudge ? [item('ledger', '/intelligence/judgements', view.t('goods.ledger-title'))] : []),
  ];
  return <SubNav label={view.t('goods.feature-name')} items={items} />;
}
