import { Instant, type PlainDate } from '../../../../platform/values/index.ts';
import { NotFound } from '../../../../platform/errors.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { InstrumentId, statusOn } from '../../../treaties/index.ts';
import { toPrintable, type PrintableRequest, type PrintLanguage } from '../../documents/index.ts';
import { contentHash } from '../../schema/index.ts';
import type { IncomingView } from '../../service/index.ts';
import type { Frame } from '../case/frame.tsx';
import type { CaseParts } from '../case/parts.ts';
import { bothLanguages } from '../work/parts.ts';
import { IncomingStatusMark } from './look.tsx';
import type { BasisLine } from './overview.tsx';

/**
 * Which side of a request this node is on, by its own reference or the other one.
 * @throws NotFound, the same for "no" and "not there"; the attempt is recorded as any other
 */
export async function locate(
  parts: Pick<CaseParts, 'incoming' | 'requests'>,
  ctx: Context,
  reference: string,
): Promise<{ side: 'outgoing' | 'incoming'; reference: string }> {
  const found = await parts.incoming.sideOf(ctx, reference);
  if (found) return found;
  await parts.requests.get(ctx, reference);
  throw new NotFound('requests.not-found');
}

export function frameOf(view: View, request: IncomingView): Frame {
  return {
    side: 'requested',
    reference: request.reference,
    otherReference: request.otherReference,
    state: view.stateName(request.from.state),
    request: request.working,
    urgent: request.urgent,
    hash: request.contentHash,
    status: <IncomingStatusMark view={view} status={request.status} />,
    counts: {
      messages: request.thread.filter((one) => one.status !== 'settled').length,
      evidence: request.files.length,
      deadlines: request.clocks.length,
      versions: request.versions.length > 1 ? request.versions.length : 0,
    },
    tabs: ['overview', 'request', 'messages', 'evidence', 'deadlines', 'versions', 'history'],
  };
}

/** The text as it is printed, in the languages of both States. */
export async function printableOf(
  parts: Pick<CaseParts, 'printSetting'>,
  ctx: Context,
  request: IncomingView,
  text = request.working,
  languages: readonly PrintLanguage[] = bothLanguages,
): Promise<PrintableRequest> {
  // A working copy with changes taken into it is no longer what was signed, and does not print as if it were.
  const { contentHash: stated, signature: _signature, ...changed } = text;
  const shown = stated !== undefined && stated !== contentHash(text) ? changed : text;
  return toPrintable(shown, await parts.printSetting(ctx, shown, languages, request.signedAt));
}

/** Whether both States are bound by the instrument relied on, by the data of this node. */
export function basisLine(
  parts: Pick<CaseParts, 'treaties'>,
  ctx: Context,
  view: View,
  request: IncomingView,
): BasisLine | null {
  const { basis } = request.working;
  const primary = basis?.primary;
  if (!primary?.instrument) return null;
  const facts = parts.treaties.facts();
  const id = InstrumentId.safeParse(primary.instrument);
  const on: PlainDate = basis?.snapshot?.onRequest ?? ctx.today();
  const bound = (state: typeof ctx.state) => {
    if (!id.success) return null;
    const { status, since } = statusOn(facts, id.data, state, on);
    const words = view.t.has(`treaties.status.${status}`) ? view.t.code(`treaties.status.${status}`) : status;
    return since ? view.t('incoming.bound-since', { status: words, day: view.formats.day(since) }) : words;
  };
  const [own, other] = [bound(ctx.state), bound(request.from.state)];
  return {
    instrument: primary.instrument,
    article: primary.article ?? '',
    onRequest: own && other ? { own, other } : null,
    source: view.t('incoming.own-data', { day: view.formats.day(on) }),
    theirAnswer: basis?.snapshot?.answer ? view.t(`incoming.answer-${answerOf(basis.snapshot.answer)}`) : null,
  };
}

function answerOf(answer: string): 'yes' | 'no' | 'unknown' {
  return answer === 'yes' || answer === 'no' ? answer : 'unknown';
}

/** Time of the reader's own node, for what is left of a term. */
export function nowOf(ctx: Context): Instant {
  return Instant.parse(ctx.clock.now());
}
