import type { Tx } from '../../../platform/db/index.ts';
import { addDays, isUnknown, PlainDate, type StateCode } from '../../../platform/values/index.ts';
import { calendarsOf, chooseDesk, profileOn, type ProfileOn } from '../../authorities/index.ts';
import type { Context } from '../../identity/index.ts';
import { InstrumentId, statusOn, type TreatyFacts } from '../../treaties/index.ts';
import { RequestFacts, type DraftRequest, type Participation, type ProfileFacts, type Stage } from '../schema/index.ts';
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

/** Functions that `treaties` and the annexes' keeper give; `app.ts` hands them in. */
export interface FactsNeeds {
  /** How a State stands to an instrument: periods bound, and until when that is known. */
  participationOf(instrument: string, state: StateCode, on: PlainDate): Participation;
  /** Acts that affect what is relied on, and assistance treaties between the two. */
  between?(
    instrument: string,
    from: StateCode,
    to: StateCode,
    on: PlainDate,
  ): Pick<RequestFacts['basis'], 'otherTreaties' | 'reservations'>;
  /** Hash of each annex as stored, by number; null where annexes are not stored yet. */
  annexHashes?(tx: Tx, draft: DraftRequest): Promise<Record<string, string> | null>;
}

function said<T>(value: T): Exclude<T, { unknown: unknown }> | undefined {
  return isUnknown(value) ? undefined : (value as Exclude<T, { unknown: unknown }>);
}

type Items = ProfileFacts['items'];

/** What the rules read of a State's profile. What the State has not said is left out. */
export function toProfileFacts(profile: Pick<ProfileOn, 'state' | 'version' | 'items'>): ProfileFacts {
  const { P01, P02, P03, P04, P05, P08, P09, P15, P27 } = profile.items;
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

const functionOf: Readonly<Record<string, 'confiscation' | 'mla'>> = { T9: 'confiscation' };

/** Gathers the facts of a check from this node's treaties and directory. */
export function nodeFacts(needs: FactsNeeds): FactsSource {
  return async (tx: Tx, ctx: Context, draft: DraftRequest, stage: Stage): Promise<RequestFacts> => {
    const on = ctx.today();
    const [from, to] = [draft.requesting?.state, draft.requested?.state];
    const bases = [draft.basis?.primary, ...(draft.basis?.alternatives ?? [])].flatMap((one) =>
      one?.instrument ? [one.instrument] : [],
    );
    const participation = bases.flatMap((instrument) =>
      [from, to].flatMap((state) => (state ? [needs.participationOf(instrument, state, on)] : [])),
    );
    const primary = draft.basis?.primary?.instrument;
    const between = primary && from && to ? needs.between?.(primary, from, to, on) : undefined;
    const facts: RequestFacts = {
      stage,
      basis: { participation, otherTreaties: between?.otherTreaties ?? [], reservations: between?.reservations ?? [] },
      profile: null,
      desk: null,
      calendars: {},
      annexHashes: null,
      duplicates: [],
      restrained: [],
    };
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
      const choice = await chooseDesk(tx, ctx, {
        state: to,
        territory: draft.requested?.territory ?? null,
        function: functionOf[draft.types?.[0] ?? ''] ?? 'mla',
        instrument: primary ?? null,
        on,
        urgent: draft.urgency?.level === 'urgent',
        languages: [],
      });
      if (choice.desk) {
        facts.desk = {
          authority: choice.desk.authority,
          version: choice.desk.version,
          hash: choice.desk.hash,
          confirmedOn: said(choice.trust?.confirmedOn) ?? null,
          designated: true,
        };
      }
    }
    if (needs.annexHashes) facts.annexHashes = RequestFacts.shape.annexHashes.parse(await needs.annexHashes(tx, draft));
    return facts;
  };
}
