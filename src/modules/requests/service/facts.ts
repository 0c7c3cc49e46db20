import type { Tx } from '../../../platform/db/index.ts';
import { addDays, isUnknown, PlainDate, type Sha256, type StateCode } from '../../../platform/values/index.ts';
import {
  calendarsOf,
  chooseDesk,
  profileOn,
  readPurpose,
  type FunctionCode,
  type ProfileOn,
} from '../../authorities/index.ts';
import type { Context } from '../../identity/index.ts';
import { InstrumentId, statusOn, type TreatyFacts } from '../../treaties/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import type { DraftRequest, Participation, ProfileFacts, RequestFacts, Stage } from '../schema/index.ts';
import { lawFacts, type Law } from './basis.ts';
import { matchFacts, type Matching } from './matches.ts';
import type { StoredAs } from './stored-as.ts';
import type { FactsSource } from './types.ts';

/**
 * How a State stands to an instrument on a day, from the treaty data. A status nobody knows stays unknown.
 * @source UNTOC art. 38(2), UNCAC art. 68(2), 1988 art. 29(2)
 */
export function participationFrom(
  facts: TreatyFacts,
  instrument: string,
  state: StateCode,
  on: PlainDate,
): Participation {
  const base: Participation = { instrument, state };
  const id = InstrumentId.safeParse(instrument);
  if (!id.success) return base;
  const found = statusOn(facts, id.data, state, on);
  const source = found.acts[0]?.source;
  const told = { ...base, ...(source ? { source } : {}) };
  switch (found.status) {
    case 'party':
      return { ...told, bound: [{ from: found.since ?? on }] };
    case 'ended':
      // The last day is not kept apart by the answer; that it lies before today is what the rule asks.
      return { ...told, bound: [{ from: addDays(on, -2), until: on }] };
    case 'deposited-not-in-force': {
      const effect = found.acts[0]?.effect;
      return { ...told, bound: typeof effect === 'string' ? [{ from: PlainDate.parse(effect) }] : [] };
    }
    case 'signatory':
    case 'not-party':
      return { ...told, deposited: null };
    default:
      return base;
  }
}

/** What `app` hands in for the facts of a check. */
export interface FactsNeeds {
  law: Law;
  /** Hashes of the files that a case file holds; without it annexes are not compared with files. */
  fileHashes?(tx: Tx, caseFileId: CaseFileId): Promise<readonly string[]>;
  /** Finds other requests about the same; without it none are looked for. */
  matching?: Matching;
}

/** Hash of each annex that stands among the files of the case file, by number. */
async function annexHashes(
  needs: FactsNeeds,
  tx: Tx,
  draft: DraftRequest,
  stored: StoredAs | undefined,
): Promise<Record<string, Sha256> | null> {
  if (!needs.fileHashes || !stored) return null;
  const held = new Set(await needs.fileHashes(tx, stored.caseFileId));
  return Object.fromEntries(
    (draft.annexes ?? []).flatMap(({ n, sha256 }) => (n && sha256 && held.has(sha256) ? [[String(n), sha256]] : [])),
  );
}

function said<T>(value: T): Exclude<T, { unknown: unknown }> | undefined {
  return isUnknown(value) ? undefined : (value as Exclude<T, { unknown: unknown }>);
}

type Items = ProfileFacts['items'];

/** What the rules read of a State's profile. What the State has not said is left out. */
export function toProfileFacts(profile: Pick<ProfileOn, 'state' | 'version' | 'items'>): ProfileFacts {
  const { P01, P02, P03, P04, P05, P08, P09, P15, P23, P27 } = profile.items;
  const items: Items = {};
  const where = (item: { source: string; locator?: string | undefined }) =>
    item.locator ? `${item.source}, ${item.locator}` : item.source;
  if (!isUnknown(P01))
    items.P01 = {
      value: { request: P01.value.request, urgent: said(P01.value.urgent), annexes: said(P01.value.annexes) },
      source: where(P01),
    };
  if (!isUnknown(P02)) items.P02 = { value: P02.value.rule, source: where(P02) };
  if (!isUnknown(P03))
    items.P03 = {
      value: { channels: P03.value.allowed, interpolWhenUrgent: said(P03.value.interpolInUrgency) },
      source: where(P03),
    };
  if (!isUnknown(P04))
    items.P04 = {
      value: { oralWhenUrgent: P04.value.accepted, confirmWithinDays: said(P04.value.confirmWithinDays) },
      source: where(P04),
    };
  if (!isUnknown(P05)) {
    const { electronicSignature, originalsToFollow, withinDays } = P05.value;
    items.P05 = {
      value: {
        electronicSignature: said(electronicSignature),
        originalsToFollow: said(originalsToFollow),
        withinDays: said(withinDays),
      },
      source: where(P05),
    };
  }
  if (!isUnknown(P08)) {
    const treaty = said(P08.value.treatyRequired);
    const reciprocity = said(P08.value.reciprocity);
    items.P08 = {
      value: { treatyRequired: treaty && treaty === 'yes', reciprocity: reciprocity && reciprocity !== 'no' },
      source: where(P08),
    };
  }
  if (!isUnknown(P09))
    items.P09 = { value: { ...P09.value.byMeasure, default: P09.value.general }, source: where(P09) };
  if (!isUnknown(P15)) {
    const { deathPenalty, lifeSentence, treatment } = P15.value;
    items.P15 = {
      value: { deathPenalty: said(deathPenalty), lifeSentence: said(lifeSentence), treatment: said(treatment) },
      source: where(P15),
    };
  }
  if (!isUnknown(P23))
    items.P23 = {
      value: { urgentHours: said(P23.value.urgentHours), normalDays: said(P23.value.normalDays) },
      source: where(P23),
    };
  if (!isUnknown(P27))
    items.P27 = {
      value: {
        limitationThere: !isUnknown(P27.value.limitation),
        offenceAfterEntryIntoForce: said(P27.value.offenceDateMustFollowEntryIntoForce),
      },
      source: where(P27),
    };
  return { state: profile.state, ...(profile.version === null ? {} : { version: profile.version }), items };
}

/** Functions of the desks that the kinds of help go to, `mla` while none is chosen. */
function functionsOf(types: readonly string[]): FunctionCode[] {
  const found = types.map((type) => readPurpose(type)?.function ?? 'mla');
  return found.length > 0 ? [...new Set(found)] : ['mla'];
}

/** Gathers the facts of a check from this node's treaties, directory and files. */
export function nodeFacts(needs: FactsNeeds): FactsSource {
  return async (tx: Tx, ctx: Context, draft: DraftRequest, stage: Stage, stored?: StoredAs): Promise<RequestFacts> => {
    const on = ctx.today();
    const [from, to] = [draft.requesting?.state, draft.requested?.state];
    const bases = [draft.basis?.primary, ...(draft.basis?.alternatives ?? [])].flatMap((one) =>
      one?.instrument ? [one.instrument] : [],
    );
    const participation = bases.flatMap((instrument) =>
      [from, to].flatMap((state) => (state ? [participationFrom(needs.law.facts(), instrument, state, on)] : [])),
    );
    const facts: RequestFacts = {
      stage,
      basis: { participation, ...lawFacts(needs.law, ctx, draft, on) },
      profile: null,
      desk: null,
      desks: [],
      calendars: {},
      annexHashes: await annexHashes(needs, tx, draft, stored),
      duplicates: [],
      restrained: [],
    };
    // A draft that is not stored asks about nobody else's: it may come from anyone.
    if (needs.matching && stored) Object.assign(facts, await matchFacts(needs.matching, tx, stored, draft));
    for (const state of [from, to]) {
      const calendar = state && (await calendarsOf(tx, state)).at(0);
      if (state && calendar)
        facts.calendars[state] = {
          weeklyRest: [...calendar.weeklyRest],
          holidays: calendar.holidays.map((day) => day.on),
          years: [...calendar.years],
        };
    }
    if (to) {
      const profile = await profileOn(tx, to, on, draft.requested?.territory ?? null);
      facts.profile = profile.version === null ? null : toProfileFacts(profile);
      Object.assign(facts, await desksOf(tx, ctx, draft, to, on));
    }
    return facts;
  };
}

/** The desk for what is asked: that of all kinds of help, or the one the draft names among several. */
async function desksOf(
  tx: Tx,
  ctx: Context,
  draft: DraftRequest,
  to: StateCode,
  on: PlainDate,
): Promise<Pick<RequestFacts, 'desk' | 'desks'>> {
  const found = new Map<string, NonNullable<RequestFacts['desk']>>();
  for (const wanted of functionsOf(draft.types ?? [])) {
    const { desk, trust } = await chooseDesk(tx, ctx, {
      state: to,
      territory: draft.requested?.territory ?? null,
      function: wanted,
      instrument: draft.basis?.primary?.instrument ?? null,
      on,
      urgent: draft.urgency?.level === 'urgent',
      languages: [],
    });
    if (!desk) continue;
    const { authority, version, hash } = desk;
    const confirmedOn = said(trust?.confirmedOn) ?? null;
    found.set(authority, { authority, version, hash, confirmedOn, designated: true });
  }
  const named = found.get(draft.requested?.authority?.authority ?? '');
  return { desk: named ?? [...found.values()][0] ?? null, desks: found.size > 1 ? [...found.keys()] : [] };
}
