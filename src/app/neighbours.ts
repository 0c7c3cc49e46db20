import type { CaseFileId, Evidence, ListedRequest } from '../modules/evidence/index.ts';
import { listPeople, personNames, policy, type Context, type Role } from '../modules/identity/index.ts';
import { kindWords, type IncomingRequests, type Requests } from '../modules/requests/index.ts';
import type { View } from '../web/index.ts';

const readers: ReadonlySet<string> = new Set<Role>(policy['evidence.read-case-file'].roles);

/** People on this node who could read a case file once they are members of it. */
export async function listColleagues(ctx: Context): Promise<{ id: string; name: string }[]> {
  const now = ctx.clock.now();
  const people = await ctx.transaction((tx) => listPeople(tx, now));
  return people
    .filter((one) => one.status === 'active' && one.holdings.some((held) => held.from <= now && readers.has(held.role)))
    .map(({ id, name }) => ({ id, name }));
}

/** Requests of a case file in words, for its page. */
export async function requestsOf(
  { requests, incoming }: { requests: Requests; incoming: IncomingRequests },
  ctx: Context,
  view: View,
  id: CaseFileId,
): Promise<ListedRequest[]> {
  const { requests: found } = await requests.list(ctx, { caseFileId: id, limit: 100 });
  const { requests: received } = await incoming.list(ctx, { caseFileId: id, limit: 100 });
  const { t, formats } = view;
  const fromOthers = received.map((one) => ({
    reference: one.reference,
    words: t('writer.received-title', {
      kinds: formats.list(one.types.map((type) => kindWords(view, type))),
      state: view.stateName(one.requestingState),
    }),
    status: t(`requests.incoming-status.${one.status}`),
    href: `/requests/${one.reference}`,
  }));
  const own = found.map((one) => {
    const kinds = formats.list(one.types.map((type) => kindWords(view, type)));
    const state = one.requestedState ? view.stateName(one.requestedState) : t('writer.other-state');
    const isDraft =
      one.status === 'draft' &&
      ctx.may('requests.edit', { members: ctx.actor.kind === 'person' ? [ctx.actor.id] : [] });
    return {
      reference: one.reference,
      words: t('writer.title', { kinds, state }),
      status: t(`requests.status.${one.status}`),
      href: isDraft ? `/requests/${one.reference}/write` : `/requests/${one.reference}`,
    };
  });
  return [...fromOthers, ...own];
}

/** People who work on a case file now, by name. */
export async function membersOf(
  ctx: Context,
  evidence: Pick<Evidence, 'getCaseFile'>,
  id: CaseFileId,
): Promise<{ id: string; name: string }[]> {
  const { members } = await evidence.getCaseFile(ctx, id);
  const ids = members.map((one) => one.personId);
  const names = await ctx.transaction((tx) => personNames(tx, ids));
  return ids.map((one) => ({ id: one, name: names.get(one) ?? '' }));
}
