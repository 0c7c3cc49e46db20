import type { Instant } from '../../../platform/values/index.ts';
import { Bdi, Ref, type View } from '../../../web/index.ts';
import type { TrackedMessage } from '../service/operate.ts';
import { stateOf, whyOf } from './words.ts';

/** A moment in the node's zone. */
export function When({ view, at }: { view: View; at: Instant | null }) {
  if (at === null) return <>{view.t('operate.never')}</>;
  return (
    <time datetime={at}>
      <Bdi>{view.formats.moment(at, view.node.zone)}</Bdi>
    </time>
  );
}

/** Why it waits, what helps, and the code in small print. */
export function WhyWords({ view, code }: { view: View; code: string | null }) {
  if (code === null) return <>{view.t('operate.first-turn')}</>;
  const { why, remedy } = whyOf(view, code);
  return (
    <>
      <p>{why}</p>
      <p class="hint">
        {remedy} <Ref value={code} wrap />
      </p>
    </>
  );
}

/** From whom to whom, by State where the authority tells it. */
export function Route({ view, message }: { view: View; message: Pick<TrackedMessage, 'from' | 'to'> }) {
  const name = (authority: string) => {
    const state = stateOf(authority);
    return state === undefined ? authority : view.stateName(state);
  };
  return (
    <>
      <p>
        {name(message.from)} → {name(message.to)}
      </p>
      <p class="hint">
        <Ref value={message.to} wrap />
      </p>
    </>
  );
}

export function messageHref(id: string): string {
  return `/system/exchange/messages/${id}`;
}
