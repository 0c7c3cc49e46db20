import type { Tx } from '../../../platform/db/index.ts';
import { NotAllowed } from '../../../platform/errors.ts';
import { secret } from '../../../platform/random.ts';
import { sha256, type TextIn } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../context.ts';
import { actorSetting } from '../create-context.ts';
import type { Role } from '../policy.ts';
import { insertDemoLink, insertHolding, insertOffice, insertPerson, setPersonStatus } from '../store/index.ts';
import { beyondOwnRows, newId } from './node.ts';

/** Sample world only: a person with roles and no factor, who enters by demo links. */
export async function addSamplePerson(
  tx: Tx,
  ctx: Context,
  given: { name: string; signInName: string; officeId: string; roles: readonly Role[]; locale?: 'en' | 'ar' },
): Promise<string> {
  if (ctx.profile !== 'demo') throw new NotAllowed('identity.demo-only');
  const id = newId(ctx);
  const at = ctx.clock.now();
  await insertPerson(tx, { id, name: given.name, signInName: given.signInName, email: null, at });
  await setPersonStatus(tx, id, 'active');
  for (const role of given.roles) {
    await insertHolding(tx, {
      id: newId(ctx),
      personId: id,
      officeId: given.officeId,
      role,
      from: at,
      until: null,
      grantedBy: actorSetting(ctx.actor),
      confirmedBy: null,
    });
  }
  await recordAudit(tx, ctx, 'identity.add-sample-person', { kind: 'person', id });
  return id;
}

export async function addSampleOffice(
  tx: Tx,
  ctx: Context,
  office: { name: TextIn; authority: string | null },
): Promise<string> {
  if (ctx.profile !== 'demo') throw new NotAllowed('identity.demo-only');
  const id = newId(ctx);
  await insertOffice(tx, { id, ...office });
  await recordAudit(tx, ctx, 'identity.add-office', { kind: 'office', id }, { authority: office.authority });
  return id;
}

/** One-time sign-in link of a sample person, `/enter/…`; profile demo only. */
export async function createDemoLink(tx: Tx, ctx: Context, personId: string): Promise<string> {
  if (ctx.profile !== 'demo') throw new NotAllowed('identity.demo-only');
  const linkSecret = secret(ctx.random);
  await beyondOwnRows(tx, ctx.actor, () => insertDemoLink(tx, sha256(linkSecret), personId, ctx.clock.now()));
  return `/enter/${linkSecret}`;
}
