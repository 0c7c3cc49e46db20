import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import { Conflict, Invalid, NotAllowed } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { isBlocked, type Instant } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context, Permission, PolicyObject } from '../../identity/index.ts';
import { checkText, membersAt, toNumber } from '../rules/index.ts';
import { CaseFileChange, CaseFileId, NewCaseFile, type CaseFile, type Member } from '../schema.ts';
import type { CaseFileKeys, OpenedKey } from '../sealer.ts';
import * as store from '../store/index.ts';

/** What `ctx.allow` needs to know of a case file; other modules hand it on for what belongs to one. */
export interface CaseFileFacts extends PolicyObject {
  id: CaseFileId;
  officeId: string;
  members: string[];
  createdBy: string;
  tlp: string;
}

/** Facts for `ctx.allow`; undefined when there is no such file or the actor may not know of it. */
export async function findCaseFileFacts(tx: Tx, id: CaseFileId, now: Instant): Promise<CaseFileFacts | undefined> {
  const row = await store.findCaseFile(tx, id);
  return row && toFacts(row, (await store.listMembers(tx, [id])).get(id) ?? [], now);
}

function toFacts(row: store.CaseFileRow, members: readonly Member[], now: Instant): CaseFileFacts {
  return {
    id: row.id,
    officeId: row.office_id,
    members: membersAt(members, now),
    createdBy: row.created_by,
    tlp: row.handling.tlp,
  };
}

/** Loads a case file and asks for the permission on it. Absent and hidden answer alike, and both are recorded as refused. */
export async function getAllowed(
  tx: Tx,
  ctx: Context,
  permission: Permission,
  id: CaseFileId,
): Promise<{ row: store.CaseFileRow; members: Member[] }> {
  const row = await store.findCaseFile(tx, id);
  const members = row ? ((await store.listMembers(tx, [id])).get(id) ?? []) : [];
  ctx.allow(permission, row ? toFacts(row, members, ctx.clock.now()) : { members: [] });
  // Only the node itself passes a check without an object.
  if (!row) throw new NotAllowed('evidence.not-found');
  return { row, members };
}

export function whoActs(ctx: Context): { id: string; officeId: string } {
  if (ctx.actor.kind !== 'person') throw new NotAllowed('evidence.person-needed');
  return ctx.actor;
}

/**
 * SQL predicate for lists: what belongs to case files the actor may know of. The node itself sees all, the public nothing.
 * `column` holds the case file's id, `requests.case_file_id`.
 */
export function visibleCaseFiles(ctx: Pick<Context, 'actor' | 'clock'>, column = 'case_files.id') {
  if (ctx.actor.kind === 'system') return sql<boolean>`true`;
  if (ctx.actor.kind === 'public') return sql<boolean>`false`;
  return store.memberPredicate(ctx.actor.id, ctx.clock.now(), column);
}

function toCaseFile(row: store.CaseFileRow, members: Member[], key: OpenedKey | undefined): CaseFile {
  return {
    id: row.id,
    number: row.number,
    title: key ? key.open(row.sealed_title, 'title').toString('utf8') : null,
    officeId: row.office_id,
    handling: row.handling,
    members,
    retainUntil: row.retain_until,
    onHold: row.on_hold,
    createdBy: row.created_by,
    createdAt: row.created_at,
    version: row.version,
    erased: row.wrapped_key === null,
  };
}

export interface CaseFileUses {
  /** Opens a case file inside the transaction of another use case: the file and its first object come together. */
  openCaseFileIn(tx: Tx, ctx: Context, given: NewCaseFile): Promise<CaseFile>;
  openCaseFile(ctx: Context, given: NewCaseFile): Promise<CaseFile>;
  /** Opens a case file for what arrived from outside, as the node itself: no person does it, the named ones will know of it. */
  openCaseFileFor(
    tx: Tx,
    ctx: Context,
    given: NewCaseFile & { officeId: string; members: readonly string[] },
  ): Promise<CaseFile>;
  getCaseFile(ctx: Context, id: CaseFileId): Promise<CaseFile>;
  /** Newest first; `after` is the id of the last one seen, `more` says whether others follow. */
  listCaseFiles(
    ctx: Context,
    page?: { after?: string; limit?: number },
  ): Promise<{ caseFiles: CaseFile[]; more: boolean }>;
  changeCaseFile(ctx: Context, id: CaseFileId, change: CaseFileChange): Promise<CaseFile>;
  addMember(ctx: Context, id: CaseFileId, personId: string): Promise<CaseFile>;
  /** The same inside another use case, which has asked for the permission; who is a member already stays one. */
  addMemberIn(tx: Tx, ctx: Context, id: CaseFileId, personId: string): Promise<void>;
  /** The last member stays: a file nobody may know of would be lost. */
  endMembership(ctx: Context, id: CaseFileId, personId: string): Promise<void>;
}

export function caseFileUses(keys: CaseFileKeys): CaseFileUses {
  async function read(tx: Tx, row: store.CaseFileRow, members?: Member[]): Promise<CaseFile> {
    const known = members ?? (await store.listMembers(tx, [row.id])).get(row.id) ?? [];
    return toCaseFile(row, known, row.wrapped_key ? await keys.of(row) : undefined);
  }
  async function again(tx: Tx, id: CaseFileId): Promise<CaseFile> {
    const row = await store.findCaseFile(tx, id);
    if (!row) throw new Conflict('evidence.changed-meanwhile');
    return read(tx, row);
  }

  async function openIn(
    tx: Tx,
    ctx: Context,
    given: NewCaseFile,
    actor: { id: string; officeId: string },
    others: readonly string[],
  ): Promise<CaseFile> {
    const parsed = NewCaseFile.parse(given);
    const problems = [...checkText(parsed.title, 'title'), ...checkText(parsed.number ?? '', 'number')];
    if (isBlocked(problems)) throw new Invalid('evidence.not-taken', { problems });
    const now = ctx.clock.now();
    const id = CaseFileId.parse(uuidv7(ctx.random, Date.parse(now)));
    const year = Number(ctx.today().slice(0, 4));
    const number = parsed.number || toNumber(year, await store.nextNumber(tx, actor.officeId, year));
    const { kid, wrapped, key } = await keys.create(id);
    try {
      await store.insertCaseFile(tx, {
        id,
        number,
        office_id: actor.officeId,
        handling: parsed.handling,
        sealed_title: key.seal(Buffer.from(parsed.title, 'utf8'), 'title'),
        wrapping_kid: kid,
        wrapped_key: wrapped,
        retain_until: parsed.retainUntil ?? null,
        on_hold: false,
        created_by: actor.id,
        created_at: now,
        version: 1,
      });
    } catch (error) {
      throw store.isTaken(error) ? new Conflict('evidence.number-taken', { params: { number }, cause: error }) : error;
    }
    const members = new Set([...others, ...parsed.members]);
    for (const personId of members) await store.insertMember(tx, id, personId, now, actor.id);
    await recordAudit(tx, ctx, 'evidence.open-case-file', { kind: 'case-file', id }, { members: members.size });
    return again(tx, id);
  }

  async function openCaseFileIn(tx: Tx, ctx: Context, given: NewCaseFile): Promise<CaseFile> {
    ctx.allow('evidence.open-case-file');
    const actor = whoActs(ctx);
    return openIn(tx, ctx, given, actor, [actor.id]);
  }

  return {
    openCaseFileIn,

    async openCaseFileFor(tx, ctx, { officeId, members, ...given }) {
      if (ctx.actor.kind !== 'system') throw new NotAllowed('evidence.node-only');
      // A file nobody may know of would be lost.
      if (members.length === 0) throw new Conflict('evidence.last-member');
      return openIn(tx, ctx, { ...given, members: [] }, { id: `system:${ctx.actor.id}`, officeId }, members);
    },

    openCaseFile: (ctx, given) => ctx.transaction((tx) => openCaseFileIn(tx, ctx, given)),

    getCaseFile: (ctx, id) =>
      ctx.transaction(async (tx) => {
        const { row, members } = await getAllowed(tx, ctx, 'evidence.read-case-file', id);
        await recordAudit(tx, ctx, 'evidence.read-case-file', { kind: 'case-file', id });
        return read(tx, row, members);
      }),

    listCaseFiles: (ctx, { after, limit = 50 } = {}) =>
      ctx.transaction(async (tx) => {
        ctx.allow('evidence.list-case-files');
        const rows = await store.listCaseFileRows(tx, visibleCaseFiles(ctx), after, limit + 1);
        const shown = rows.slice(0, limit);
        const members = await store.listMembers(
          tx,
          shown.map((row) => row.id),
        );
        const caseFiles: CaseFile[] = [];
        for (const row of shown) caseFiles.push(await read(tx, row, members.get(row.id)));
        return { caseFiles, more: rows.length > limit };
      }),

    changeCaseFile: (ctx, id, given) =>
      ctx.transaction(async (tx) => {
        const change = CaseFileChange.parse(given);
        const { row } = await getAllowed(tx, ctx, 'evidence.edit-members', id);
        const problems = change.title === undefined ? [] : checkText(change.title, 'title');
        if (isBlocked(problems)) throw new Invalid('evidence.not-taken', { problems });
        const key = await keys.of(row);
        const done = await store.updateCaseFile(tx, id, change.version, {
          ...(change.title === undefined ? {} : { sealed_title: key.seal(Buffer.from(change.title, 'utf8'), 'title') }),
          ...(change.handling === undefined ? {} : { handling: change.handling }),
          ...(change.retainUntil === undefined ? {} : { retain_until: change.retainUntil }),
          ...(change.onHold === undefined ? {} : { on_hold: change.onHold }),
        });
        if (!done) throw new Conflict('evidence.changed-meanwhile');
        const changed = Object.keys(change)
          .filter((name) => name !== 'version')
          .sort()
          .join(' ');
        await recordAudit(tx, ctx, 'evidence.change-case-file', { kind: 'case-file', id }, { changed });
        return again(tx, id);
      }),

    addMember: (ctx, id, personId) =>
      ctx.transaction(async (tx) => {
        await store.lockMembers(tx, id);
        await getAllowed(tx, ctx, 'evidence.edit-members', id);
        if (!(await store.insertMember(tx, id, personId, ctx.clock.now(), whoActs(ctx).id))) {
          throw new Conflict('evidence.already-a-member');
        }
        await recordAudit(tx, ctx, 'evidence.add-member', { kind: 'case-file', id }, { person: personId });
        return again(tx, id);
      }),

    async addMemberIn(tx, ctx, id, personId) {
      await store.lockMembers(tx, id);
      if (await store.insertMember(tx, id, personId, ctx.clock.now(), whoActs(ctx).id))
        await recordAudit(tx, ctx, 'evidence.add-member', { kind: 'case-file', id }, { person: personId });
    },

    endMembership: (ctx, id, personId) =>
      ctx.transaction(async (tx) => {
        await store.lockMembers(tx, id);
        const { members } = await getAllowed(tx, ctx, 'evidence.edit-members', id);
        const others = membersAt(members, ctx.clock.now()).filter((one) => one !== personId);
        if (others.length === 0) throw new Conflict('evidence.last-member');
        // The entry comes first: who ends the own membership may not write about the file afterwards.
        await recordAudit(tx, ctx, 'evidence.end-membership', { kind: 'case-file', id }, { person: personId });
        if (!(await store.endMembership(tx, id, personId, ctx.clock.now(), whoActs(ctx).id)))
          throw new Conflict('evidence.not-a-member');
      }),
  };
}
