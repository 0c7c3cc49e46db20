import type { JWK } from 'jose';
import {
  barePublicKey,
  buildDelegation,
  buildRecord,
  readRecordFile,
  writeRecordFile,
  type BuiltRecord,
  type KeyStore,
} from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { uuidv7 } from '../../platform/random.ts';
import {
  addYears,
  fail,
  type Hash,
  Instant,
  kinds,
  ok,
  problem,
  sha256,
  type Problem,
  type Result,
} from '../../platform/values/index.ts';
import { recordAudit } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import { datasetFiles, loadTreaties } from './dataset.ts';
import { actorId, addVersion, allowSecondPerson, setOf, type LiveFacts } from './live.ts';
import { compareActs, type TreatyFacts } from './rules/index.ts';
import { DatasetBody, type BundleDiff, type DatasetBundle } from './schema/index.ts';
import {
  findBundle,
  findNewestBundle,
  insertBundle,
  insertBundleDecision,
  listActs,
  listBundles,
  listImportedCoverage,
  listPublished,
  lockDataset,
} from './store/index.ts';

const feed = 'treaties';
const kind = 'treaties-dataset';
const largestBundle = 50_000_000;
/** More than this share of the rows gone needs a reason. */
export const lossLimit = 0.02;

/** Who signs what a secretariat publishes, and where its keys are. */
export interface Publisher {
  keys: KeyStore;
  owner: string;
}

export interface PublishedBundle {
  bytes: Uint8Array;
  root: JWK;
  bundle: DatasetBundle;
}

async function bodyOf(tx: Tx, ctx: Context, live: LiveFacts): Promise<DatasetBody> {
  const { texts } = live.files();
  const own = await listActs(tx);
  const base = (await findNewestBundle(tx, 'accepted'))?.body;
  const acts = new Map([...(base?.acts ?? []), ...own].map((act) => [act.id, act]));
  return {
    version: live.current().version,
    asOf: ctx.today(),
    files: datasetFiles
      // Treaties between two States are each node's own affair and stay out, but for the heading of their file.
      .map((path) => ({ path, text: path === 'agreements.csv' ? firstLine(texts.get(path)) : (texts.get(path) ?? '') }))
      .map((file) => ({ ...file, sha256: sha256(file.text) })),
    acts: [...acts.values()],
    coverage: [...(base?.coverage ?? []), ...(await listImportedCoverage(tx))],
  };
}

function firstLine(text: string | undefined): string {
  return `${(text ?? '').split('\n')[0] ?? ''}\n`;
}

/** What two bodies have in common that matters: everything but the day on which they were made. */
function contentOf(body: DatasetBody): string {
  return sha256(JSON.stringify([body.version, body.files.map((file) => file.sha256), body.acts.map((act) => act.id)]));
}

/**
 * Signs the accepted data as the next record of the own feed and gives it as a file. When nothing changed since the
 * last one, the same record is given again.
 */
export async function publishBundle(ctx: Context, live: LiveFacts, publisher: Publisher): Promise<PublishedBundle> {
  ctx.allow('treaties.publish');
  await live.refresh(ctx);
  const { keys, owner } = publisher;
  const root = await keys.ensure('records/root', 'ES256');
  const signing = await keys.ensure('treaties/sign', 'ES256');
  const bare = barePublicKey(root.publicKey ?? {});
  const bundle = await ctx.transaction(async (tx) => {
    await lockDataset(tx);
    const last = await findNewestBundle(tx, 'published');
    const body = await bodyOf(tx, ctx, live);
    if (last && contentOf(last.body) === contentOf(body)) return last;
    const at = ctx.clock.now();
    const built = await buildRecord(
      keys,
      signing.kid,
      {
        kind,
        version: kinds[kind].version,
        owner,
        feed,
        recordId: 'treaties',
        recordVersion: (last?.seq ?? 0) + 1,
        op: 'put',
        at,
        body: JSON.parse(JSON.stringify(body)) as Record<string, never>,
      },
      last && { seq: last.seq, hash: last.hash },
    );
    const made: Omit<DatasetBundle, 'status'> = {
      id: uuidv7(ctx.random, Date.parse(at)),
      owner,
      seq: built.record.seq,
      hash: built.hash,
      jws: built.jws,
      root: bare,
      body,
      diff: null,
      lossesReason: null,
      broughtBy: actorId(ctx),
    };
    await insertBundle(tx, made, at);
    await insertBundleDecision(tx, made.id, 'published', made.broughtBy, at);
    await recordAudit(tx, ctx, 'treaties.publish', { kind: 'treaty-bundle', id: made.id });
    return { ...made, status: 'published' as const };
  });
  const delegation = await buildDelegation(keys, root.kid, {
    owner,
    key: barePublicKey(signing.publicKey ?? {}),
    feeds: [feed],
    from: Instant.parse(signing.createdAt),
    until: null,
  });
  const record = JSON.parse(Buffer.from(bundle.jws.split('.')[1] ?? '', 'base64url').toString('utf8')) as never;
  const bytes = await writeRecordFile([{ record, hash: bundle.hash, jws: bundle.jws, kid: signing.kid }], bare, [
    delegation,
  ]);
  return { bytes, root: bare, bundle };
}

/** A bundle whose signature, files and days hold. */
export interface CheckedBundle {
  owner: string;
  seq: number;
  hash: Hash;
  previous: Hash | null;
  jws: string;
  body: DatasetBody;
  facts: TreatyFacts;
}

function dayProblems(facts: TreatyFacts, body: DatasetBody): Problem[] {
  const last = addYears(body.asOf, 5);
  const outside = (day: string) => day < '1945' || day > last;
  const problems: Problem[] = [];
  for (const act of facts.acts.values()) {
    const days = [act.doneOn, act.depositedOn, act.effectOn].flatMap((one) =>
      'date' in one ? [one.date] : 'unknown' in one ? [] : [one.after, one.before],
    );
    for (const day of days) {
      if (day !== undefined && outside(day))
        problems.push(
          problem('treaties.bundle-date', ['acts', act.id], { params: { state: act.participant, given: day } }),
        );
    }
  }
  return problems;
}

/**
 * Checks a file of signed treaty data against the root key that the reader trusts. Problems: those of the record file,
 * `treaties.bundle-too-large`, `-other-kind`, `-malformed`, `-file-differs`, `-file-missing`, `-date`.
 */
export async function checkBundle(bytes: Uint8Array, root: JWK): Promise<Result<CheckedBundle, Problem[]>> {
  if (bytes.length > largestBundle) return fail([problem('treaties.bundle-too-large')]);
  const read = await readRecordFile(bytes, root);
  if (!read.ok) return read;
  // Each record is the whole set: the newest counts, and a gap before it loses nothing.
  if (read.value.equivocation) return fail(read.value.problems);
  const newest = [...read.value.accepted, ...read.value.waiting].at(-1);
  return newest ? checkDataset(newest) : fail([problem('treaties.bundle-other-kind')]);
}

/** The same of one record whose signature was verified already. */
export function checkDataset(newest: BuiltRecord): Result<CheckedBundle, Problem[]> {
  if (newest.record.kind !== kind || newest.record.feed !== feed || newest.record.version !== 1)
    return fail([problem('treaties.bundle-other-kind')]);
  const parsed = DatasetBody.safeParse(newest.record.body);
  if (!parsed.success)
    return fail([
      problem('treaties.bundle-malformed', [], { params: { place: parsed.error.issues[0]?.path.join('.') ?? '' } }),
    ]);
  const body = parsed.data;
  const names = new Set(body.files.map((file) => file.path));
  const problems = [
    ...body.files
      .filter((file) => sha256(file.text) !== file.sha256)
      .map((file) => problem('treaties.bundle-file-differs', ['files'], { params: { file: file.path } })),
    ...datasetFiles
      .filter((name) => !names.has(name))
      .map((name) => problem('treaties.bundle-file-missing', ['files'], { params: { file: name } })),
  ];
  if (problems.length > 0) return fail(problems);
  let facts: TreatyFacts;
  try {
    facts = loadTreaties({ set: setOf(body), overlay: { acts: body.acts, coverage: body.coverage } });
  } catch (error) {
    return fail([
      problem('treaties.bundle-malformed', ['files'], {
        params: { place: error instanceof Error ? error.message.slice(0, 200) : '' },
      }),
    ]);
  }
  const days = dayProblems(facts, body);
  if (days.length > 0) return fail(days);
  const { owner, seq, previous } = newest.record;
  return ok({ owner, seq, previous, hash: newest.hash, jws: newest.jws, body, facts });
}

/** The data under this node's own acts: what a bundle would replace. */
export async function baseFacts(tx: Tx, live: LiveFacts): Promise<TreatyFacts> {
  const base = (await findNewestBundle(tx, 'accepted'))?.body;
  return loadTreaties({ set: live.files(), overlay: { acts: base?.acts ?? [], coverage: base?.coverage ?? [] } });
}

export interface BundleSource {
  bytes: Uint8Array;
  /** Root key of the secretariat; not needed once a bundle of it was accepted. */
  root?: JWK;
  /** Reason, when more than 2 % of the rows are gone. */
  losses?: string;
}

/**
 * Brings a bundle to this node and shows what it changes. In production a second person accepts it; elsewhere it
 * counts at once. The node's own acts and agreements stay. Throws `Invalid` with every reason to refuse.
 */
export async function bringBundle(ctx: Context, live: LiveFacts, source: BundleSource): Promise<DatasetBundle> {
  ctx.allow('treaties.import');
  await live.refresh(ctx);
  const held = await ctx.transaction((tx) => findNewestBundle(tx, 'accepted'));
  const root = source.root ? barePublicKey(source.root) : held?.root;
  if (!root) throw new Invalid('treaties.bundle-root-needed');
  if (held && (held.root.x !== root.x || held.root.y !== root.y)) throw refused([problem('records.other-root')]);
  const checked = await checkBundle(source.bytes, root);
  if (!checked.ok) throw refused(checked.error);
  const { owner, seq, hash, previous, jws, body, facts } = checked.value;
  const { bundle, known } = await ctx.transaction(async (tx) => {
    await lockDataset(tx);
    const same = (await listBundles(tx)).find((one) => one.hash === hash);
    if (same) return { bundle: same, known: true };
    if (held && seq < held.seq)
      throw refused([problem('treaties.bundle-older', [], { params: { present: held.body.version } })]);
    if (held && seq === held.seq) throw refused([problem('records.equivocation', [], { params: { seq } })]);
    if (held && seq === held.seq + 1 && previous !== held.hash)
      throw refused([problem('records.chain-broken', ['previous'], { params: { seq } })]);
    const diff = compareActs(await baseFacts(tx, live), facts);
    const vanished = diff.lines.filter((line) => line.what === 'vanished').length;
    if (vanished > diff.vanishedOf * lossLimit && !source.losses)
      throw refused([problem('treaties.bundle-losses', [], { params: { count: vanished, of: diff.vanishedOf } })]);
    const at = ctx.clock.now();
    const brought: Omit<DatasetBundle, 'status'> = {
      id: uuidv7(ctx.random, Date.parse(at)),
      owner,
      seq,
      hash,
      jws,
      root,
      body,
      diff,
      lossesReason: source.losses ?? null,
      broughtBy: actorId(ctx),
    };
    await insertBundle(tx, brought, at);
    await recordAudit(tx, ctx, 'treaties.import', { kind: 'treaty-bundle', id: brought.id });
    return { bundle: { ...brought, status: 'proposed' as const }, known: false };
  });
  if (known || ctx.profile === 'production') return bundle;
  return takeIn(ctx, live, bundle);
}

function refused(problems: Problem[]): Invalid {
  return new Invalid(problems[0]!.code, { problems, params: problems[0]!.params ?? {} });
}

async function takeIn(ctx: Context, live: LiveFacts, bundle: DatasetBundle): Promise<DatasetBundle> {
  await ctx.transaction(async (tx) => {
    await lockDataset(tx);
    const now = await findBundle(tx, bundle.id);
    if (now?.status !== 'proposed') throw new Conflict('treaties.import-decided');
    const newer = await findNewestBundle(tx, 'accepted');
    if (newer && newer.seq >= bundle.seq)
      throw refused([problem('treaties.bundle-older', [], { params: { present: newer.body.version } })]);
    const at = ctx.clock.now();
    const by = actorId(ctx);
    await insertBundleDecision(tx, bundle.id, 'accepted', by, at);
    await addVersion(tx, live, { importId: null, content: bundle.hash, by, at });
    await recordAudit(tx, ctx, 'treaties.accept-import', { kind: 'treaty-bundle', id: bundle.id });
  });
  await live.refresh(ctx);
  return { ...bundle, status: 'accepted' };
}

/** Accepts a bundle as a second person. */
export async function acceptBundle(ctx: Context, live: LiveFacts, id: string): Promise<DatasetBundle> {
  const bundle = await ctx.transaction((tx) => findBundle(tx, id));
  if (!bundle || bundle.status === 'published') throw new NotFound('treaties.no-such-import');
  allowSecondPerson(ctx, bundle.broughtBy);
  if (bundle.status === 'accepted') return bundle;
  return takeIn(ctx, live, bundle);
}

/** Bundles that were brought here, and those that this node publishes; oldest first. */
export async function listTreatyBundles(ctx: Context): Promise<DatasetBundle[]> {
  ctx.allow('treaties.import');
  return ctx.transaction(async (tx) => [...(await listPublished(tx, 0)), ...(await listBundles(tx))]);
}

/** What a bundle changes, counted. */
export function countChanges(diff: BundleDiff): Record<'added' | 'changed' | 'vanished', number> {
  const of = (what: BundleDiff['lines'][number]['what']) => diff.lines.filter((line) => line.what === what).length;
  return { added: of('added'), changed: of('changed'), vanished: of('vanished') };
}
