import { isUnknown, problem, unknown, type Problem, type Unknown } from '../../../platform/values/index.ts';
import type { Choice, Question } from '../schema/choice.ts';
import type { Channel, Entry } from '../schema/entry.ts';
import type { ProfileOn } from '../schema/profile.ts';
import { printedName, territoryRank, type Candidate, type ChooserFacts } from './candidates.ts';
import { itemValue } from './profile.ts';
import { isOpen, localTime, nextOpening } from './time.ts';
import { trustOf } from './trust.ts';

type Details = Pick<
  Choice,
  'language' | 'channel' | 'formalities' | 'openNow' | 'opensAt' | 'localTime' | 'timeZone' | 'trust'
>;

/** What to know of the desk itself: language, channel, form, hours, trust. */
export function detailsOf(question: Question, facts: ChooserFacts, entry: Entry): Details {
  const calendar = facts.calendarOf(entry);
  const open = isOpen(entry, calendar, facts.at) ?? null;
  const zone = isUnknown(entry.timeZone) ? null : entry.timeZone;
  return {
    language: languageFor(question, facts.profile, entry),
    channel: channelFor(question, facts.profile, entry),
    formalities: formalitiesFor(facts.profile, entry),
    openNow: open,
    opensAt: open === false ? nextOpening(entry, calendar, facts.at) : null,
    localTime: zone && localTime(zone, facts.at),
    timeZone: zone,
    trust: trustOf(entry, facts.pingOf(entry), facts.today),
  };
}

function languageFor(question: Question, profile: ProfileOn, entry: Entry): Choice['language'] {
  const accepted = acceptedLanguages(question, profile, entry);
  const rule = isUnknown(entry.translationRule) ? itemValue(profile, 'P02') : entry.translationRule;
  const list = isUnknown(accepted) ? [] : accepted;
  const use = question.languages.find((ours) => list.includes(ours)) ?? list[0] ?? null;
  return { use, accepted, translation: isUnknown(rule) ? rule : rule.rule };
}

function acceptedLanguages(question: Question, profile: ProfileOn, entry: Entry): string[] | Unknown {
  const use = question.urgent ? 'urgent' : 'request';
  if (!isUnknown(entry.languages)) {
    const said = entry.languages.filter((language) => language.for.includes(use)).map((language) => language.code);
    if (said.length > 0) return said;
    const requests = entry.languages
      .filter((language) => language.for.includes('request'))
      .map((language) => language.code);
    if (requests.length > 0) return requests;
  }
  const item = itemValue(profile, 'P01');
  if (isUnknown(item)) return item;
  return question.urgent && !isUnknown(item.urgent) ? item.urgent : item.request;
}

/** Node first when the desk has one; else the first channel allowed; the diplomatic channel is the last resort. */
function channelFor(question: Question, profile: ProfileOn, entry: Entry): Channel {
  const said = isUnknown(entry.channels) ? itemValue(profile, 'P03') : entry.channels.map((one) => one.channel);
  const allowed = isUnknown(said) ? undefined : Array.isArray(said) ? said : said.allowed;
  if (!isUnknown(entry.nodeId) && (allowed === undefined || allowed.includes('node'))) return 'node';
  const usable = allowed?.filter(
    (channel) => channel !== 'node' && (question.urgent || (channel !== 'oral-urgent' && channel !== 'interpol')),
  );
  return usable?.[0] ?? 'diplomatic';
}

function formalitiesFor(profile: ProfileOn, entry: Entry): Choice['formalities'] {
  const item = itemValue(profile, 'P05');
  const from = <T>(own: T | Unknown, general: (said: Exclude<typeof item, Unknown>) => T | Unknown): T | Unknown => {
    if (!isUnknown(own)) return own;
    return isUnknown(item) ? item : general(item);
  };
  const originals = from(entry.originalsToFollow, (said) => {
    if (isUnknown(said.originalsToFollow)) return said.originalsToFollow;
    return { required: said.originalsToFollow, ...(isUnknown(said.withinDays) ? {} : { withinDays: said.withinDays }) };
  });
  return {
    electronicSignature: from(entry.electronicSignatureAccepted, (said) => said.electronicSignature),
    originalsWithinDays: isUnknown(originals)
      ? originals
      : originals.required
        ? (originals.withinDays ?? unknown('not-stated'))
        : null,
    copies: from(entry.copiesRequired, (said) => said.copies),
    authentication: from(entry.authentication, (said) => said.authentication),
  };
}

/** The duty point to ring when time is short. The central authority stays the addressee. */
export function alertOf(question: Question, facts: ChooserFacts, best: Candidate): Choice['alert'] {
  const points = facts.entries.filter(({ entry }) => {
    const serves = !isUnknown(entry.dutyService) && entry.dutyService.available;
    const measures = isUnknown(entry.dutyService) ? [] : entry.dutyService.measures;
    const forThis = measures.length === 0 || (question.measure !== undefined && measures.includes(question.measure));
    return (
      (entry.role === 'point-24-7' || serves) &&
      forThis &&
      territoryRank(entry.territory, question.territory) !== undefined
    );
  });
  const point =
    points.find(({ entry }) => entry.role === 'point-24-7') ??
    points.find(({ entry }) => entry.id !== best.version.entry.id) ??
    points[0];
  return point ? { authority: point.entry.id, name: printedName(point.entry), role: point.entry.role } : null;
}

/** What an official should know before relying on the answer. */
export function warningsOf(
  question: Question,
  facts: ChooserFacts,
  best: Candidate,
  equal: readonly Candidate[],
  replaced: readonly Candidate[],
): Problem[] {
  const { entry } = best.version;
  const trust = trustOf(entry, facts.pingOf(entry), facts.today);
  const list: Problem[] = [];
  const warn = (code: string, path: string[], params: Record<string, string | number> = {}, source?: string) =>
    list.push(problem(`authorities.${code}`, path, { severity: 'warn', params, ...(source && { source }) }));
  if (equal.length > 1)
    warn('two-desks-equal', ['desk'], { desks: equal.map(({ version }) => printedName(version.entry)).join(' · ') });
  if (trust.mark === 'silent') warn('desk-silent', ['trust'], { name: printedName(entry) });
  else if (trust.days === null) warn('desk-never-confirmed', ['trust'], { name: printedName(entry) });
  else if (trust.mark !== 'confirmed')
    warn('desk-not-confirmed', ['trust'], { name: printedName(entry), days: trust.days }, 'UNTOC art. 18(13)');
  if (isUnknown(best.designation.from)) warn('start-not-given', ['on'], { name: printedName(entry) });
  if (best.designation.notifiedBy?.nature === 'domestic-act')
    warn('from-domestic-act', ['desk'], { name: printedName(entry) });
  if (replaced.length > 0) warn('sources-differ', ['desk'], { count: replaced.length });
  const language = languageFor(question, facts.profile, entry);
  if (isUnknown(language.accepted)) warn('languages-unknown', ['language'], {}, 'UNTOC art. 18(14)');
  else if (language.use !== null && !question.languages.includes(language.use) && question.languages.length > 0) {
    warn('translation-needed', ['language'], { language: language.use }, 'UNTOC art. 18(14)');
  }
  if (question.urgent && !alertOf(question, facts, best)) warn('no-duty-point', ['alert']);
  return list;
}
