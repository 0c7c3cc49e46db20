import { ComityError, NotAllowed, NotFound } from '../../../../platform/errors.ts';
import { page, redirect, type PageRoute } from '../../../../platform/http/routes.ts';
import { problem, type Problem } from '../../../../platform/values/index.ts';
import { readForm, type View } from '../../../../web/index.ts';
import { personNames, type Context } from '../../../identity/index.ts';
import { confirmArchiveKey, makeArchiveKey } from '../archive.ts';
import {
  archiveStatus,
  confirmEndOfArchive,
  proposeEndOfArchive,
  refuseEndOfArchive,
  withdrawArchiveKey,
  type ArchiveStatus,
} from '../archive-end.ts';
import type { Trust } from '../index.ts';
import { listArchiveKeys } from '../store/index.ts';
import { ArchivePage, ConfirmArchivePage, shareField, SharesPage, type ArchiveShown } from './archive.tsx';
import { EndArchivePage, endArchiveForm } from './archive-end.tsx';

const base = '/system/keys/archive';
const done = (act: ArchiveShown['done']) => `${base}?done=${act ?? ''}`;
const doneActs = ['confirmed', 'withdrawn', 'end-asked', 'end-refused', 'ended'] as const;

/** What is wrong with what was typed, at its field; what the actor may not do goes on. */
export function asProblem(error: unknown, field: string): Problem[] {
  if (!(error instanceof ComityError) || error instanceof NotAllowed || error instanceof NotFound) throw error;
  return [problem(error.code, [field], { params: error.params })];
}

/** Archive keys: made and split, confirmed by their keepers, given up, taken back by two persons. */
export function archiveRoutes(trust: Trust): PageRoute<Context, View>[] {
  const read = { kind: 'page', method: 'get', permission: 'exchange.read-queue' } as const;
  const write = { kind: 'page', method: 'post' } as const;

  const shownTo = async (ctx: Context, act?: string): Promise<ArchiveShown> => {
    ctx.allow('exchange.read-queue');
    const now = ctx.clock.now();
    const { held, names } = await ctx.transaction(async (tx) => {
      const keys = await listArchiveKeys(tx);
      const people = keys.flatMap((one) => (one.endProposedBy === null ? [] : [one.endProposedBy]));
      return {
        held: keys,
        names: await personNames(
          tx,
          people.filter((id) => /^[0-9a-f-]{36}$/.test(id)),
        ),
      };
    });
    const keys = held.map((key) => ({ key, status: archiveStatus(key, now) }));
    const waiting = new Set(keys.flatMap(({ key, status }) => (status === 'waiting' ? [key.authority] : [])));
    return {
      keys,
      names,
      authorities: trust.own.authorities.filter((one) => !waiting.has(one)),
      mayManage: ctx.actor.kind === 'person' && ctx.actor.roles.includes('administrator'),
      personId: ctx.actor.kind === 'person' ? ctx.actor.id : null,
      done: doneActs.find((one) => one === act),
    };
  };
  const keyIn = async (ctx: Context, kid: string, ...statuses: ArchiveStatus[]) => {
    const found = (await shownTo(ctx)).keys.find((one) => one.key.kid === kid && statuses.includes(one.status));
    if (!found) throw new NotFound('trust.no-such-key');
    return found.key;
  };
  return [
    {
      ...read,
      path: base,
      handler: async ({ ctx, view, query }) => page(<ArchivePage view={view} shown={await shownTo(ctx, query.done)} />),
    },
    {
      ...write,
      path: base,
      permission: 'exchange.manage-keys',
      audit: 'exchange.make-archive-key',
      handler: async ({ ctx, view, form }) => {
        const authority = form.values.authority?.[0] ?? '';
        return page(<SharesPage view={view} made={await makeArchiveKey(ctx, trust.publish, authority)} />);
      },
    },
    {
      ...read,
      path: `${base}/:kid`,
      permission: 'exchange.manage-keys',
      handler: async ({ ctx, view, params }) =>
        page(<ConfirmArchivePage view={view} archive={await keyIn(ctx, params.kid ?? '', 'waiting')} />),
    },
    {
      ...write,
      path: `${base}/:kid`,
      permission: 'exchange.confirm-trust',
      audit: 'exchange.confirm-archive-key',
      async handler({ ctx, view, params, form }) {
        const archive = await keyIn(ctx, params.kid ?? '', 'waiting');
        const shares = Object.entries(form.values)
          .flatMap(([name, typed]) => (name.startsWith(shareField) ? typed : []))
          .map((one) => one.trim())
          .filter((one) => one !== '');
        try {
          await confirmArchiveKey(ctx, trust.publish, archive.kid, shares);
        } catch (error) {
          const problems = asProblem(error, 'share');
          return page(<ConfirmArchivePage view={view} archive={archive} problems={problems} />, 422);
        }
        return redirect(done('confirmed'));
      },
    },
    {
      ...write,
      path: `${base}/:kid/withdraw`,
      permission: 'exchange.manage-keys',
      audit: 'exchange.withdraw-archive-key',
      async handler({ ctx, params }) {
        await withdrawArchiveKey(ctx, params.kid ?? '');
        return redirect(done('withdrawn'));
      },
    },
    {
      ...read,
      path: `${base}/:kid/end`,
      permission: 'exchange.manage-keys',
      handler: async ({ ctx, view, params }) =>
        page(<EndArchivePage view={view} archive={await keyIn(ctx, params.kid ?? '', 'in-use')} />),
    },
    {
      ...write,
      path: `${base}/:kid/end`,
      permission: 'exchange.propose-trust',
      audit: 'exchange.propose-archive-end',
      async handler({ ctx, view, params, form }) {
        const archive = await keyIn(ctx, params.kid ?? '', 'in-use');
        const answer = readForm(view, endArchiveForm, form);
        if (!answer.ok)
          return page(
            <EndArchivePage view={view} archive={archive} problems={answer.error} typed={answer.typed} />,
            422,
          );
        await proposeEndOfArchive(ctx, archive.kid, answer.value.reason);
        return redirect(done('end-asked'));
      },
    },
    {
      ...write,
      path: `${base}/:kid/end/confirm`,
      permission: 'exchange.confirm-trust',
      audit: 'exchange.end-archive-key',
      async handler({ ctx, params }) {
        await confirmEndOfArchive(ctx, trust.publish, params.kid ?? '');
        return redirect(done('ended'));
      },
    },
    {
      ...write,
      path: `${base}/:kid/end/refuse`,
      permission: 'exchange.propose-trust',
      audit: 'exchange.refuse-archive-end',
      async handler({ ctx, params }) {
        await refuseEndOfArchive(ctx, params.kid ?? '');
        return redirect(done('end-refused'));
      },
    },
  ];
}
