import { hashOf, type Hash } from '../../../../platform/values/index.ts';
import type { CaseFileFacts } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { involvedInIncoming, nextIncoming, permissionAt, waitsFor, type IncomingState } from '../../rules/index.ts';
import { incomingInput, ReplyContent, type IncomingInputKind } from '../../schema/index.ts';
import { withoutUndefined } from '../sealed-case.ts';
import type { OwnAuthority } from '../types.ts';
import type { IncomingView, LoadedIncoming, NextIncoming } from './types.ts';

/** The reply that was reported as executed and waits, if there is one. */
export function findReported({ actions, state }: Pick<LoadedIncoming, 'actions' | 'state'>): ReplyContent | undefined {
  return actions.find((one) => one.id === state.reported?.action)?.data.reply;
}

/** What an official's proof covers when a reply leaves. */
export function approvalHash(reply: ReplyContent): Hash {
  return hashOf(withoutUndefined(reply));
}

/** What may follow, and what of it the reader may do. */
export function nextOf(ctx: Context, facts: CaseFileFacts, state: IncomingState): NextIncoming[] {
  return nextIncoming(state).flatMap((action): NextIncoming[] => {
    const permission = permissionAt(state.status, action);
    if (permission === 'system' || !(action in incomingInput)) return [];
    const object = { ...facts, createdBy: undefined, involved: involvedInIncoming(state, action) };
    return [
      { action: action as IncomingInputKind, allowed: ctx.may(permission, object), blockedBy: waitsFor(state, action) },
    ];
  });
}

/** Replies that the node can begin for the officer. */
export function proposalsOf(
  own: OwnAuthority,
  ctx: Context,
  { draft, state, row }: LoadedIncoming,
  misdirected: IncomingView['misdirected'],
): ReplyContent[] {
  const found: unknown[] = [];
  if (misdirected && (state.status === 'received' || state.status === 'registered'))
    found.push({
      reply: 'returned-unexecuted',
      reason: 'misdirected',
      note: { en: `The request is addressed to ${misdirected.addressedTo}.` },
      rightDesk: { authority: misdirected.addressedTo, name: null },
    });
  if (state.status === 'registered' && !state.acknowledged) {
    const names = ctx.actor.kind === 'person' ? ctx.actor.name : null;
    const stated = own.centralAuthority?.name ?? { en: row.own_authority ?? '' };
    found.push({
      reply: 'acknowledgement',
      desk: stated,
      officer: { post: { en: 'Officer of the central authority' }, name: names, line: null, email: null },
      language: draft.languages?.original ?? 'en',
      expected: draft.deadline?.date && draft.deadline.date > ctx.today() ? draft.deadline.date : null,
    });
  }
  return found.flatMap((one) => {
    const read = ReplyContent.safeParse(one);
    return read.success ? [read.data] : [];
  });
}
