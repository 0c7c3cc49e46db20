import type { StateCode } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { InstrumentId, statusOn, type Treaties } from '../../../treaties/index.ts';

const asked = ['XVIII-12', 'XVIII-14', 'VI-19'];

/** How the two States stand today to the treaties a request may rely on, one line for each that binds both. */
export function basisLines(treaties: Treaties, ctx: Context, view: View, to: StateCode): string[] {
  const facts = treaties.facts();
  const on = ctx.today();
  return asked.flatMap((text) => {
    const instrument = InstrumentId.safeParse(text);
    if (!instrument.success) return [];
    const [ours, theirs] = [ctx.state, to].map((state) => statusOn(facts, instrument.data, state, on));
    if (ours?.status !== 'party' || theirs?.status !== 'party') return [];
    const since = (day: string | null | undefined) => (day ? day.slice(0, 4) : view.t('writer.since-unknown'));
    return [
      view.t('writer.basis-line', {
        // Names of treaties keep their own direction inside an Arabic line.
        instrument: `\u2068${facts.names.print(instrument.data)}\u2069`,
        own: view.node.stateName,
        since: since(ours.since),
        other: view.stateName(to),
        otherSince: since(theirs.since),
      }),
    ];
  });
}
