import type { KeyStore } from '../../../../platform/crypto/index.ts';
import { ComityError, NotFound } from '../../../../platform/errors.ts';
import { page, redirect, type PageRoute, type PostedForm } from '../../../../platform/http/routes.ts';
import { Instant, problem, type PlainDate, type Problem } from '../../../../platform/values/index.ts';
import { readDate, readForm, type View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { confirmChange, proposeChange, refuseChange } from '../changes.ts';
import type { Trust } from '../index.ts';
import { findOwnCard, readKeys, readTrust } from '../read.ts';
import { confirmRoot, endRoot, proposeRoot, readCard, refuseRoot } from '../roots.ts';
import { announceKey, keyAges, revokeKey, signedSince } from '../rotation.ts';
import { Channel, fingerprintOf } from '../schema.ts';
import { listOwnKeys } from '../store/index.ts';
import { archiveRoutes, asProblem } from './archive-routes.tsx';
import { AddPage, addForm } from './add.tsx';
import { KeysPage, revokeForm, RevokePage, signedForm, SignedPage } from './keys.tsx';
import { resumeRoutes } from './resume.tsx';
import { isDone, TrustPage, type Done } from './trust.tsx';

export interface TrustPagesParts {
  trust: Trust;
  keys: KeyStore;
  /** Where the private keys are. */
  custody: 'node' | 'vault';
}

function value(form: PostedForm, name: string): string {
  return form.values[name]?.[0] ?? '';
}

const doneAt = (act: string, owner = '', count = 0) =>
  `/system/trust?done=${act}&owner=${encodeURIComponent(owner)}&count=${count}`;

function readDone(query: Record<string, string>): Done | undefined {
  const { done = '', owner = '', count = '0' } = query;
  if (!isDone(done) || !/^[A-Za-z0-9-]{0,40}$/.test(owner) || !/^\d{1,6}$/.test(count)) return undefined;
  return { act: done, owner, count: Number(count) };
}

/** Pages of roots, keys and their ceremonies. */
export function trustPages({ trust, keys, custody }: TrustPagesParts): PageRoute<Context, View>[] {
  const read = { kind: 'page', method: 'get', permission: 'exchange.read-queue' } as const;
  const write = { kind: 'page', method: 'post' } as const;
  const trustPage = async (ctx: Context, view: View, problems: readonly Problem[] = [], done?: Done) =>
    page(
      <TrustPage view={view} shown={await readTrust(ctx, trust)} problems={problems} done={done} />,
      problems.length > 0 ? 422 : 200,
    );
  const ownFingerprint = async (ctx: Context) => {
    const card = await ctx.transaction((tx) => findOwnCard(tx, trust));
    return card && fingerprintOf(card);
  };
  const ageOf = async (ctx: Context, kid: string) => {
    const ages = keyAges(await ctx.transaction((tx) => listOwnKeys(tx)), ctx.clock.now());
    const age = ages.find((one) => one.key.kid === kid);
    if (!age) throw new NotFound('trust.no-such-key');
    return age;
  };
  return [
    {
      ...read,
      path: '/system/trust',
      handler: async ({ ctx, view, query }) => trustPage(ctx, view, [], readDone(query)),
    },
    {
      ...read,
      path: '/system/trust/add',
      permission: 'exchange.propose-trust',
      handler: async ({ ctx, view }) => page(<AddPage view={view} fingerprint={await ownFingerprint(ctx)} />),
    },
    {
      ...write,
      path: '/system/trust/add',
      permission: 'exchange.propose-trust',
      audit: 'exchange.propose-trust',
      async handler({ ctx, view, form }) {
        const answer = readForm(view, addForm, form);
        let problems = answer.ok ? [] : answer.error;
        if (answer.ok) {
          const { card, ...said } = answer.value;
          try {
            const root = await proposeRoot(ctx, trust.own, readCard(card), said);
            return redirect(doneAt('proposed', root.owner));
          } catch (error) {
            problems = asProblem(
              error,
              error instanceof ComityError && error.code === 'trust.future-day' ? 'on' : 'card',
            );
          }
        }
        return page(
          <AddPage view={view} fingerprint={await ownFingerprint(ctx)} problems={problems} typed={answer.typed} />,
          422,
        );
      },
    },
    {
      ...write,
      path: '/system/trust/confirm',
      permission: 'exchange.confirm-trust',
      audit: 'exchange.confirm-trust',
      async handler({ ctx, view, form }) {
        const [owner, kid] = [value(form, 'owner'), value(form, 'kid')];
        const field = `groups-${kid}`;
        const outcome = await confirmRoot(ctx, owner, kid, value(form, field));
        if (outcome === 'confirmed') return redirect(doneAt('confirmed', owner));
        const code = outcome === 'ended' ? 'trust.ended-why' : 'trust.differs-why';
        return trustPage(ctx, view, [problem(code, [field])]);
      },
    },
    {
      ...write,
      path: '/system/trust/refuse',
      permission: 'exchange.propose-trust',
      audit: 'exchange.refuse-trust',
      async handler({ ctx, form }) {
        await refuseRoot(ctx, value(form, 'owner'), value(form, 'kid'));
        return redirect(doneAt('refused'));
      },
    },
    {
      ...write,
      path: '/system/trust/end',
      permission: 'exchange.propose-trust',
      audit: 'exchange.end-trust',
      async handler({ ctx, form }) {
        const owner = value(form, 'owner');
        await endRoot(ctx, owner, value(form, 'kid'));
        return redirect(doneAt('ended', owner));
      },
    },
    {
      ...write,
      path: '/system/trust/changes/propose',
      permission: 'exchange.propose-trust',
      audit: 'exchange.propose-trust',
      async handler({ ctx, view, form }) {
        const id = value(form, 'id');
        const channel = Channel.safeParse(value(form, `channel-${id}`));
        const on = readDate(value(form, `on-${id}`));
        const problems = [
          ...(channel.success ? [] : [problem('trust.channel-missing', [`channel-${id}`])]),
          ...(on.kind === 'day' ? [] : [problem('trust.on-missing', [`on-${id}`])]),
        ];
        if (!channel.success || on.kind !== 'day') return trustPage(ctx, view, problems);
        await proposeChange(ctx, id, { channel: channel.data, on: on.day });
        return redirect('/system/trust#held');
      },
    },
    {
      ...write,
      path: '/system/trust/changes/confirm',
      permission: 'exchange.confirm-trust',
      audit: 'exchange.confirm-trust',
      async handler({ ctx, view, form }) {
        const id = value(form, 'id');
        const field = `groups-${id}`;
        const outcome = await confirmChange(ctx, id, value(form, field));
        return outcome === 'confirmed'
          ? redirect('/system/trust#known')
          : trustPage(ctx, view, [problem('trust.differs-why', [field])]);
      },
    },
    {
      ...write,
      path: '/system/trust/changes/refuse',
      permission: 'exchange.propose-trust',
      audit: 'exchange.refuse-trust',
      async handler({ ctx, form }) {
        await refuseChange(ctx, value(form, 'id'));
        return redirect(doneAt('refused'));
      },
    },
    {
      ...write,
      path: '/system/trust/records',
      permission: 'exchange.operate',
      audit: 'exchange.take-records',
      async handler({ ctx, view, form }) {
        ctx.allow('exchange.operate');
        try {
          const report = await ctx.transaction((tx) => trust.take(tx, ctx, value(form, 'records'), null));
          const [first] = report.problems;
          if (first) return await trustPage(ctx, view, [{ ...first, path: ['records'] }]);
          return redirect(doneAt('taken', report.owner, report.taken.length));
        } catch (error) {
          return trustPage(ctx, view, asProblem(error, 'records'));
        }
      },
    },
    {
      ...read,
      path: '/system/keys',
      async handler({ ctx, view, query }) {
        const shown = await readKeys(ctx, trust, keys, custody);
        const done = query.done ? { act: query.done, day: query.day ?? '' } : undefined;
        return page(<KeysPage view={view} shown={shown} today={ctx.today()} done={done} />);
      },
    },
    {
      ...write,
      path: '/system/keys/announce',
      permission: 'exchange.manage-keys',
      audit: 'exchange.announce-key',
      async handler({ ctx, form }) {
        const use = value(form, 'use');
        if (use !== 'node-sign' && use !== 'authority-sign' && use !== 'authority-seal')
          throw new NotFound('trust.no-such-key');
        const made = await announceKey(ctx, trust.publish, use, value(form, 'holder'));
        return redirect(`/system/keys?done=announced&day=${made.validFrom.slice(0, 10)}`);
      },
    },
    {
      ...read,
      path: '/system/keys/signed',
      async handler({ ctx, view, query }) {
        const typed = { kid: [query.kid ?? ''], since: [query.since ?? ''] };
        const answer = readForm(view, signedForm, { values: typed, files: [] });
        const asked = query.kid !== undefined || query.since !== undefined;
        const rows = answer.ok
          ? await signedSince(ctx, answer.value.kid, startOfDay(answer.value.since), { limit: 500 })
          : [];
        const problems = answer.ok || !asked ? [] : answer.error;
        return page(
          <SignedPage view={view} rows={rows} problems={problems} typed={typed} />,
          problems.length > 0 ? 422 : 200,
        );
      },
    },
    ...resumeRoutes(trust),
    ...archiveRoutes(trust),
    {
      ...read,
      path: '/system/keys/:kid/revoke',
      permission: 'exchange.manage-keys',
      handler: async ({ ctx, view, params }) =>
        page(<RevokePage view={view} age={await ageOf(ctx, params.kid ?? '')} />),
    },
    {
      ...write,
      path: '/system/keys/:kid/revoke',
      permission: 'exchange.manage-keys',
      audit: 'exchange.revoke-key',
      async handler({ ctx, view, params, form }) {
        const kid = params.kid ?? '';
        const age = await ageOf(ctx, kid);
        const answer = readForm(view, revokeForm, form);
        let problems = answer.ok ? [] : answer.error;
        if (answer.ok) {
          const { reason, since } = answer.value;
          try {
            await revokeKey(ctx, trust.publish, kid, { reason, since: since ? startOfDay(since) : ctx.clock.now() });
            return redirect('/system/keys?done=revoked');
          } catch (error) {
            problems = asProblem(error, 'since');
          }
        }
        return page(<RevokePage view={view} age={age} problems={problems} typed={answer.typed} />, 422);
      },
    },
  ];
}

function startOfDay(on: PlainDate): Instant {
  return Instant.parse(`${on}T00:00:00.000Z`);
}
