import { Instant } from '../../../../platform/values/index.ts';
import type { PageCall } from '../../../../platform/http/routes.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { signedAt, toPrintable, type PrintableRequest } from '../../documents/index.ts';
import type { DraftRequest } from '../../schema/index.ts';
import type { CheckAnswer, ConversationView, RequestView } from '../../service/index.ts';
import type { Frame, Tab } from '../case/frame.tsx';
import type { CaseParts, Waiting } from '../case/parts.ts';
import { Stages, WaitingNotice } from '../case/stages.tsx';
import { RequestStatus } from './desk.tsx';
import { Next } from './next.tsx';
import { bothLanguages, requestedState } from './parts.ts';

export type Call = PageCall<Context, View>;

/** One of the own requests with everything that passed about it. */
export interface Own {
  request: RequestView;
  conversation: ConversationView;
}

export async function loadOwn(parts: CaseParts, ctx: Context, reference: string): Promise<Own> {
  const request = await parts.requests.get(ctx, reference);
  return { request, conversation: await parts.conversations.conversation(ctx, reference) };
}

export function frameOfOwn(view: View, { request, conversation }: Own): Frame {
  const isOut = conversation.shared.stage !== null || conversation.messages.length > 0;
  const outTabs: Tab[] = isOut ? ['messages', 'evidence'] : [];
  return {
    side: 'requesting',
    reference: request.reference,
    otherReference: conversation.otherReference,
    state: requestedState(view, request),
    request: request.request,
    urgent: request.urgent,
    hash: request.signedHash ?? request.contentHash,
    status: <RequestStatus view={view} status={request.status} />,
    counts: {
      messages: conversation.thread.filter((one) => one.status !== 'settled').length,
      evidence: conversation.results.length,
      deadlines: request.clocks.length,
    },
    tabs: ['overview', 'request', ...outTabs, 'deadlines', 'versions', ...(isOut ? (['history'] as const) : [])],
  };
}

export async function waitingFor(
  parts: CaseParts,
  ctx: Context,
  { conversation }: Own,
): Promise<ReadonlyMap<string, Waiting>> {
  const held = conversation.messages.filter(
    (one) => one.direction === 'out' && ['queued', 'held-here'].includes(one.state),
  );
  return parts.waiting && held.length > 0
    ? parts.waiting(
        ctx,
        held.map((one) => one.id),
      )
    : new Map();
}

/** Heading, next step, stages and what waits: they stand on every tab. */
export async function ownShell(parts: CaseParts, { ctx, view }: Call, own: Own, check: CheckAnswer | null = null) {
  const { request, conversation } = own;
  const needsCheck = request.status === 'draft' && !check;
  const checked = needsCheck ? await parts.requests.check(ctx, request.reference) : check;
  const deadline = request.request.deadline?.date;
  return {
    view,
    frame: frameOfOwn(view, own),
    notices: (
      <WaitingNotice
        view={view}
        state={requestedState(view, request)}
        messages={conversation.messages}
        waiting={await waitingFor(parts, ctx, own)}
      />
    ),
    next: (
      <Next
        view={view}
        request={request}
        check={checked}
        conversation={conversation}
        now={Instant.parse(ctx.clock.now())}
      />
    ),
    tracker: (
      <Stages
        view={view}
        shared={conversation.shared}
        messages={conversation.messages}
        expected={deadline ? { answered: view.t('incoming.asked-by', { day: view.formats.day(deadline) }) } : {}}
        proofHref={parts.proofHref?.(ctx)}
      />
    ),
  };
}

export async function printableOfOwn(
  parts: Pick<CaseParts, 'printSetting'>,
  ctx: Context,
  request: RequestView,
  text: DraftRequest = request.request,
): Promise<PrintableRequest> {
  return toPrintable(text, await parts.printSetting(ctx, text, bothLanguages, signedAt(request) ?? request.changedAt));
}
