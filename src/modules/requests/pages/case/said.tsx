import type { Instant } from '../../../../platform/values/index.ts';
import { Section, type View } from '../../../../web/index.ts';
import type { FreeText, IncomingAction, RequestAction } from '../../schema/index.ts';
import { textOf } from '../reply/form.tsx';
import { measureWords } from '../reply/shown.tsx';

/** One thing the other State said with an act of its own. */
export interface Saying {
  id: string;
  at: Instant;
  title: string;
  words: string;
}

type Told = Pick<IncomingAction['data'], 'reason' | 'words' | 'use' | 'measures' | 'with' | 'on' | 'how' | 'to'> &
  Pick<RequestAction['data'], 'measures'>;

/** What an act says beside its name: the words that went with it, why, for which other use, which items. */
export function wordsOf(view: View, request: Parameters<typeof measureWords>[1], data: Told): string {
  const said = (text: FreeText | undefined) => (text ? [textOf(view, text)] : []);
  const consulted =
    data.with && data.on && data.how
      ? [view.t('reply.consultation-line', { with: data.with, day: view.formats.day(data.on), how: data.how })]
      : [];
  return [
    ...(data.words ? said(data.words) : data.reason ? [data.reason] : []),
    ...said(data.use?.scope),
    ...(data.measures ?? []).map((id) => measureWords(view, request, id)),
    ...consulted,
    ...(data.to ? [data.to] : []),
  ].join('\n');
}

/** What the other State said with its acts, newest first: reminders, queries, consultations, why it withdrew. */
export function Said({ view, state, sayings }: { view: View; state: string; sayings: readonly Saying[] }) {
  if (sayings.length === 0) return null;
  return (
    <Section title={view.t('thread.said', { state })} id="said">
      {[...sayings].reverse().map((one) => (
        <section class="section-s" id={`said-${one.id}`}>
          <h3>{one.title}</h3>
          <p class="source">{view.formats.moment(one.at, view.node.zone)}</p>
          {one.words === '' ? null : (
            <p class="pre words" dir="auto">
              {one.words}
            </p>
          )}
        </section>
      ))}
    </Section>
  );
}
