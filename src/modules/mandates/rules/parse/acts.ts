import type { Act, ActKind, Addressee, Deadline, ReportTo } from '../../schema.ts';
import type { Actor, Language, Tables, Verb, VerbClass } from './language.ts';

const secretariats = new Set(['secretariat']);
const ownBodies = new Set(['plenary', 'subsidiary']);
const stateTypes = new Set(['states', 'states-parties', 'national-authority']);

/** What a verb makes of whom it turns to. */
function kindFor(verbClass: VerbClass, type: string | null): ActKind {
  if (verbClass === 'decides') return 'decision';
  if (verbClass === 'states') return 'statement';
  if (verbClass === 'invites') return 'invitation';
  if (verbClass === 'urges') return type !== null && secretariats.has(type) ? 'mandate' : 'call';
  if (type !== null && (secretariats.has(type) || ownBodies.has(type))) return 'mandate';
  return type !== null && stateTypes.has(type) ? 'request-to-states' : 'call';
}

const resources =
  /\b(?:extrabudgetary resources|voluntary contributions|financial (?:and|or) |resources extrabudg)|ressources extrabudgétaires|contributions volontaires/i;
const reports =
  /\b(?:to report|to submit (?:a|its|his|their)? ?(?:\w+ )?reports?|reports? (?:thereon|on the implementation|to the)|to inform|to update)\b|(?:de|lui) (?:faire rapport|rendre compte|présenter un rapport)/i;
const consults =
  /\b(?:views and inputs|their views|comments on|provide (?:information|comments)|submit (?:views|comments))\b|leurs (?:vues|observations)/i;
const closes = /remains? (?:actively )?seized|demeurer? saisie?|rest(?:e|er) saisie?/i;

const ordinals = [
  'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth', 'thirteenth', 'fourteenth',
  'fifteenth', 'sixteenth', 'seventeenth', 'eighteenth', 'nineteenth', 'twentieth',
]; // prettier-ignore
const tens: Record<string, number> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};
const frenchOrdinals = [
  'première', 'deuxième', 'troisième', 'quatrième', 'cinquième', 'sixième', 'septième', 'huitième', 'neuvième', 'dixième', 'onzième', 'douzième', 'treizième',
  'quatorzième', 'quinzième', 'seizième', 'dix-septième', 'dix-huitième', 'dix-neuvième', 'vingtième',
]; // prettier-ignore

/** `twenty-third` is 23, `81st` is 81. */
export function readOrdinal(word: string): number | null {
  const text = word.toLowerCase();
  const digits = /^(\d{1,3})(?:st|nd|rd|th|e|ème|ère|re)?$/.exec(text);
  if (digits) return Number(digits[1]);
  const french = frenchOrdinals.indexOf(text);
  if (french >= 0) return french + 1;
  const [ten = '', unit] = text.split('-');
  if (unit !== undefined && tens[ten] !== undefined) {
    const one = ordinals.indexOf(unit);
    return one < 0 ? null : tens[ten] + one + 1;
  }
  const plain = ordinals.indexOf(text);
  if (plain >= 0) return plain + 1;
  const round = Object.entries(tens).find(([name]) => text === name.replace(/y$/, 'ieth'));
  return round ? round[1] : null;
}

const session = /\bat (?:its|the|their) ([\w-]+) (?:regular |reconvened )?session(s)?\b|à sa ([\p{L}-]+) session/iu;
const until =
  /\b(?:by|no later than|before|until) (?:the end of )?((?:\d{1,2} \w+ )?(?:19|20)\d{2})\b|d'ici à (\d{4})/i;
const within = /\bwithin (\w+) (years?|months?|days?)\b/i;
const recurring =
  /\b(annually|every (?:two|three|five) years|biennially|each year|every year|on a (?:regular|biennial|annual) basis|periodically)\b|chaque année|tous les (?:deux|trois|cinq) ans/i;

function deadlineOf(text: string, body: { id: string; name: string } | null): Deadline | null {
  const at = session.exec(text);
  if (at) {
    const number = readOrdinal(at[1] ?? at[3] ?? '');
    return { text: at[0], type: 'session', body: body?.id ?? null, session: number, date: null, recurrence: null };
  }
  const by = until.exec(text);
  if (by)
    return { text: by[0], type: 'date', body: null, session: null, date: by[1] ?? by[2] ?? null, recurrence: null };
  const inTime = within.exec(text);
  if (inTime) return { text: inTime[0], type: 'period', body: null, session: null, date: null, recurrence: null };
  const again = recurring.exec(text);
  return again
    ? { text: again[0], type: 'recurring', body: null, session: null, date: null, recurrence: again[0].toLowerCase() }
    : null;
}

function reportOf(text: string, tables: Tables, own: { id: string; name: string } | null): ReportTo | null {
  if (!reports.test(text)) return null;
  const from = text.search(reports);
  const tail = text.slice(from);
  const through = /\bthrough ([^,;.]+)/i.exec(tail)?.[1] ?? null;
  const named = tables.findActors(tail).find((one) => ['plenary', 'subsidiary'].includes(one.actor.type));
  // "The Commission", "the Conference": the body itself, by its last word of name.
  const short = /\bto (?:the|it|its) ?(Commission|Conference|Assembly|Council|Committee)\b/i.exec(tail)?.[1];
  const isThereon = /report thereon|faire rapport à ce sujet/i.test(tail);
  const body = named?.actor ?? ((short !== undefined || isThereon) && own ? { id: own.id, name: own.name } : null);
  if (!body) return null;
  const subject =
    /report(?:s)? (?:to [^,;.]*? )?on (the [^,;.]+?)(?= to the| at its|[,;.]|$)/i.exec(tail)?.[1] ??
    (/thereon/i.test(tail) ? 'thereon' : null);
  const at = session.exec(tail);
  return {
    body: body.name,
    bodyId: body.id,
    session: at ? readOrdinal(at[1] ?? at[3] ?? '') : null,
    subject,
    through: through?.trim() ?? null,
  };
}

const conditionOpeners =
  /^(?:within (?:its|their|existing)|upon request|where (?:appropriate|applicable|necessary)|as (?:appropriate|necessary|applicable)|when necessary|if necessary|subject to|in accordance with|in conformity with|consistent with|to the extent (?:possible|feasible)|at the domestic level|where appropriate and applicable|through existing|bearing in mind|dans les limites|sous réserve|conformément à|selon qu'il convient|le cas échéant|sur demande)/i;

function conditionsOf(text: string): string[] {
  const parts = text.split(/,|;/).map((one) => one.trim());
  return [...new Set(parts.filter((one) => conditionOpeners.test(one)).map((one) => one.replace(/\.$/, '')))];
}

const notAnEnd = /(?:parties|party|acceding|thereto|adherence|access|protocols|accession|ratification|convention)$/i;

/** Where the phrase of the addressee ends: at the infinitive, at "that", at a comma that opens a condition. */
function nounPhrase(rest: string): { phrase: string; tail: string } {
  let at = 0;
  for (const found of rest.matchAll(/\s(?:to|d'|de|à)\s?(?=\p{Ll})/giu)) {
    const before = rest.slice(0, found.index).trimEnd();
    const isTo = /to/i.test(found[0]);
    if (!isTo && !/\s(?:de|d'|à)\s?$/i.test(found[0])) continue;
    if (isTo && notAnEnd.test(before)) continue;
    at = found.index;
    break;
  }
  const end = at === 0 ? rest.search(/[;.]|$/) : at;
  return { phrase: rest.slice(0, end), tail: rest.slice(end) };
}

function withoutRelative(phrase: string): string {
  return phrase
    .replace(
      /\s(?:that|which|who|whose|qui|dont)\s(?:have|has|had|are|is|were|was|do|does|may|n'|ne|ont|sont|a)\b.*$/is,
      '',
    )
    .trim();
}

const joint =
  /^\s*(?:,|and|as well as|et|ainsi que|, and|, as well as)?\s*(?:other|relevant|all|the|les|des|aux|autres)?\s*$/i;

function addresseesIn(phrase: string, tables: Tables): { addressees: Addressee[]; certain: boolean } {
  const clean = withoutRelative(
    phrase.replace(/,[^,]*,/g, (part) => (conditionOpeners.test(part.slice(1).trim()) ? ' ' : part)),
  );
  const found = tables.findActors(clean);
  const addressees: Addressee[] = [];
  let end = 0;
  for (const one of found) {
    const between = clean.slice(end, one.start);
    const isFirst = addressees.length === 0;
    if (
      isFirst
        ? !/^\s*(?:on|upon|to|all|the|its|other|relevant|les?|la|l'|aux?|des|tous|toutes|les autres)?(?:\s(?:the|all|other|les|l'|relevant|interested|concerned))*\s*$/i.test(
            between,
          )
        : !joint.test(between)
    )
      break;
    const { actor } = one;
    const after = clean.slice(one.end);
    // "States parties TO the Convention" names the instruments they are parties to.
    const to = actor.type === 'states-parties' ? /^\s*to (the .+?)(?=,|$)/i.exec(after)?.[1] : undefined;
    addressees.push({
      id: actor.id,
      text: clean.slice(one.start, one.end),
      type: actor.type,
      ...(to ? { instruments: [to] } : {}),
    });
    end = one.end + (to ? after.indexOf(to) + to.length : 0);
  }
  const text = clean.trim();
  if (addressees.length > 0) return { addressees, certain: true };
  return text === '' || text.length > 200
    ? { addressees: [], certain: false }
    : { addressees: [{ id: null, text, type: null }], certain: false };
}

const gives = /\b(?:provid\w*|assist\w*|support\w*|return\w*|giv\w*|afford\w*|help\w*)\b[^,;.]*?\b(?:to|for)\s/i;

function beneficiariesIn(tail: string, tables: Tables): Act['beneficiaries'] {
  const at = gives.exec(tail);
  const assist = /\b(?:assist|support|help)(?:ing)?\s/i.exec(tail);
  const from = at ? at.index + at[0].length : assist ? assist.index + assist[0].length : -1;
  if (from < 0) return [];
  const here = tail.slice(from, from + 80);
  const found = tables.findActors(here).filter((one) => one.start < 24);
  return found.slice(0, 2).map(({ actor, start, end }) => ({ id: actor.id, text: here.slice(start, end) }));
}

export interface ReadAct {
  act: Act;
  confidence: { verb: number; addressees: number; kind: number };
}

/**
 * Reads one act: the verb is known, `rest` is what follows it up to the next act.
 * @param own body that speaks, for "the Commission"
 */
export function readAct(
  verb: Verb,
  opening: string,
  rest: string,
  tables: Tables,
  language: Language,
  own: { id: string; name: string } | null,
): ReadAct {
  let effective = verb;
  let body = rest.trim();
  let turns = verb.class !== 'states' && verb.class !== 'decides';
  // "Reiterates its call on Member States": the noun carries the class.
  const call = new RegExp(
    `^(?:its|the|son|sa)\\s+(?:${language.afterCall.join('|')})\\s+(?:on|upon|to|addressed to|à|aux?)\\s+`,
    'i',
  ).exec(body);
  if (call) {
    effective = { verb: verb.verb, class: /invit/i.test(call[0]) ? 'invites' : 'urges' };
    body = body.slice(call[0].length);
    turns = true;
  }
  const that = /^that\s+/i.exec(body);
  let addressees: Addressee[] = [];
  let certain = true;
  let tail = body;
  if (turns) {
    if (that) {
      const clause = body.slice(that[0].length);
      const phrase = clause.split(',')[0] ?? '';
      ({ addressees, certain } = addresseesIn(phrase, tables));
      tail = clause.slice(phrase.length);
    } else {
      const { phrase, tail: after } = nounPhrase(body);
      ({ addressees, certain } = addresseesIn(phrase, tables));
      tail = phrase.slice(phrase.indexOf(',') < 0 ? phrase.length : phrase.indexOf(',')) + after;
    }
  }
  const type = addressees[0]?.type ?? null;
  let kind = kindFor(effective.class, type);
  if (closes.test(`${opening} ${rest}`)) kind = 'closing';
  else if (
    turns &&
    resources.test(rest) &&
    (addressees.some((one) => one.type === 'donors') || /donors|donateurs/i.test(rest))
  )
    kind = 'funding';
  else if (turns && type !== null && secretariats.has(type) && reports.test(rest)) kind = 'reporting';
  else if (turns && type !== null && stateTypes.has(type) && consults.test(rest)) kind = 'consultation';
  const act: Act = {
    verb: verb.verb,
    opening,
    kind,
    addressees,
    beneficiaries: turns ? beneficiariesIn(tail, tables) : [],
    deadline: deadlineOf(rest, own),
    reportTo: kind === 'reporting' || turns ? reportOf(rest, tables, own) : null,
    conditions: conditionsOf(rest),
  };
  return {
    act,
    confidence: { verb: 0.98, addressees: certain ? 0.95 : 0.5, kind: type === null && turns ? 0.6 : 0.95 },
  };
}

export type { Actor };
