import { sql } from 'kysely';
import { isDamaged, type Db, type Tx } from '../../platform/db/index.ts';
import { NotAllowed, NotFound, Unavailable } from '../../platform/errors.ts';
import { isNotRecording, recordDenied } from '../audit/index.ts';
import type { Actor, Context, Denial } from './context.ts';
import { decide } from './decide.ts';
import type { Permission } from './policy.ts';

export interface ContextParts extends Pick<
  Context,
  'actor' | 'clock' | 'random' | 'log' | 'state' | 'zone' | 'profile' | 'locale' | 'sessionId'
> {
  db: Db;
}

/** How the database hears who acts, `comity.actor`: a person's id, `public`, or `system:` and a name. */
export function actorSetting(actor: Actor): string {
  if (actor.kind === 'person') return actor.id;
  return actor.kind === 'system' ? `system:${actor.id}` : 'public';
}

/** Names the actor and the office to the database for the rest of the transaction; row-level security reads them. */
export async function nameActor(tx: Tx, actor: Actor): Promise<void> {
  const office = actor.kind === 'person' ? actor.officeId : '';
  await sql`select set_config('comity.actor', ${actorSetting(actor)}, true), set_config('comity.office', ${office}, true)`.execute(
    tx,
  );
}

/** The context of one call. Safe to copy: nothing in it depends on `this`. */
export function createContext(parts: ContextParts): Context {
  const { db, ...known } = parts;
  const { actor, clock, zone } = known;
  const denials: Denial[] = [];
  const check: Context['allow'] = (permission, object) => {
    const { allowed, visible, why } = decide(actor, permission, object, clock.now());
    if (allowed) return;
    denials.push({ permission, code: why.code, subject: { kind: 'permission', id: permission } });
    if (!visible) throw new NotFound('identity.not-found');
    throw new NotAllowed(why.code, { params: why.params });
  };
  const ctx: Context = {
    ...known,
    denials,
    today: () => clock.today(zone),
    async transaction(work) {
      try {
        return await db.transaction().execute(async (tx) => {
          await nameActor(tx, actor);
          return work(tx);
        });
      } catch (error) {
        if (error instanceof NotFound || error instanceof NotAllowed) await flush(db, ctx);
        if (isDamaged(error)) throw new Unavailable('db.damaged', { cause: error });
        if (isNotRecording(error)) throw new Unavailable('audit.not-recording', { cause: error });
        throw error;
      }
    },
    allow: check,
    may: (permission, object) => decide(actor, permission, object, clock.now()).allowed,
  };
  return ctx;
}

async function flush(db: Db, ctx: Context): Promise<void> {
  const open = ctx.denials?.splice(0) ?? [];
  if (open.length === 0) return;
  await db.transaction().execute(async (tx) => {
    await nameActor(tx, ctx.actor);
    for (const { permission, code, subject } of open) await recordDenied(tx, ctx, permission, subject, { code });
  });
}

/** Writes refused attempts of this call that happened outside a transaction. The mount calls it when a handler has thrown. */
export async function flushDenials(db: Db, ctx: Context): Promise<void> {
  await flush(db, ctx);
}

/** Records an attempt that was refused before any use case ran: at the route. */
export async function recordRouteDenied(db: Db, ctx: Context, permission: Permission, path: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await nameActor(tx, ctx.actor);
    await recordDenied(tx, ctx, permission, { kind: 'path', id: path });
  });
}
