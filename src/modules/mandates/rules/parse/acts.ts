import type { Act, ActKind, Addressee, Deadline, ReportTo } from '../../schema.ts';
import type { Grammar } from './grammar.ts';
import type { Language, Tables, Verb, VerbClass } from './language.ts';
import { readOrdinal } from './numbers.ts';

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

function deadlineOf(text: string, grammar: Grammar, body: { id: string; name: string } | null): Deadline | null {
  const at = grammar.session.exec(text);
  if (at) {
    const number = readOrdinal(at[1] ?? '');
    return { text: at[0], type: 'session', body: body?.id ?? null, session: number, date: null, recurrence: null };
  }
  const none = { body: null, session: null, date: null, recurrence: null };
  const by = grammar.until.exec(text);
  if (by) return { ...none, text: by[0], type: 'date', date: by[1] ?? null };
  const inTime = grammar.within.exec(text);
  if (inTime) return { ...none, text: inTime[0], type: 'period' };
  const again = grammar.recurring.exec(text);
  return again ? { ...none, text: again[0], type: 'recurring', recurrence: again[0].toLowerCase() } : null;
}

function reportOf(
  text: string,
  tables: Tables,
  language: Language,
  own: { id: string; name: string } | null,
): ReportTo | null {
  const { grammar } = language;
  const begin = grammar.reports.exec(text);
  if (!begin) return null;
  // Words like "to it at its next session" may stand before or inside the words of reporting.
  const tail = text.slice(begin.index);
  const through = grammar.through.exec(tail)?.[1] ?? null;
  const named = tables.findActors(tail, language.language).find((one) => ['plenary', 'subsidiary'].includes(one.actor.type));
  // "The Commission", "the Conference": the body itself, by its last word of name.
  const isOwn = grammar.ownBody.test(text);
  const isThereon = grammar.thereon.test(tail);
  const atSession = grammar.session.exec(tail) ?? grammar.session.exec(text);
  const body = named?.actor ?? ((isOwn || isThereon || atSession) && own ? { id: own.id, name: own.name } : null);
  if (!body) return null;
  const subject = grammar.subject.exec(tail)?.[1] ?? (isThereon ? (grammar.thereon.exec(tail)?.[0].replace(/^report /i, '') ?? null) : null);
  return {
    body: body.name,
    bodyId: body.id,
    session: atSession ? readOrdinal(atSession[1] ?? '') : null,
    subject,
    through: through?.trim() ?? null,
  };
} // prettier-ignore

function conditionsOf(text: string, grammar: Grammar): string[] {
  const parts = text
    .split(/,(?!\s(?:paragraphs?|subparagraphs?|of the|alinéas?|de la|du)(?!\p{L}))|[;،؛，；]/u)
    .map((one) => one.trim());
  return [...new Set(parts.filter((one) => grammar.conditions.test(one)).map((one) => one.replace(/[.。]$/, '')))];
}

const notAnEnd =
  /(?:parties|party|acceding|thereto|adherence|access|protocols|related|relating|pertaining|contrary|attached|belonging|accession|ratification|convention)$/i;

/** Where the phrase of the addressee ends: at the infinitive, at "that", at a comma that opens a condition. */
function nounPhrase(rest: string, grammar: Grammar): { phrase: string; tail: string } {
  grammar.ends.lastIndex = 0;
  for (const found of rest.matchAll(grammar.ends)) {
    if (/^\sto\s/i.test(found[0]) && notAnEnd.test(rest.slice(0, found.index).trimEnd())) continue;
    if (found.index === 0) continue;
    return { phrase: rest.slice(0, found.index), tail: rest.slice(found.index) };
  }
  const end = rest.search(/[;.؛；。]|$/);
  return { phrase: rest.slice(0, end), tail: rest.slice(end) };
}

function addresseesIn(
  phrase: string,
  tables: Tables,
  language: Language,
): { addressees: Addressee[]; certain: boolean } {
  const { grammar } = language;
  const clean = phrase
    .replace(/,[^,]*,/g, (part) => (grammar.conditions.test(part.slice(1).trim()) ? ' ' : part))
    .replace(grammar.relative, '')
    .trim();
  const addressees: Addressee[] = [];
  let end = 0;
  for (const one of tables.findActors(clean, language.language)) {
    const between = clean.slice(end, one.start);
    if (!(addressees.length === 0 ? grammar.lead : grammar.joint).test(between)) break;
    const { actor } = one;
    const after = clean.slice(one.end);
    // "States parties TO the Convention" names the instruments they are parties to.
    const to = actor.type === 'states-parties' ? /^\s*to (the .+?)$/is.exec(after)?.[1] : undefined;
    addressees.push({
      id: actor.id,
      text: clean.slice(one.start, one.end),
      type: actor.type,
      ...(to ? { instruments: [to] } : {}),
    });
    end = one.end + (to ? after.length : 0);
  }
  if (addressees.length > 0) return { addressees, certain: true };
  return clean === '' || clean.length > 200
    ? { addressees: [], certain: false }
    : { addressees: [{ id: null, text: clean, type: null }], certain: false };
}

function beneficiariesIn(tail: string, tables: Tables, { grammar, language }: Language): Act['beneficiaries'] {
  const at = grammar.gives.exec(tail);
  const assist = grammar.assists.exec(tail);
  const from = at ? at.index + at[0].length : assist ? assist.index + assist[0].length : -1;
  if (from < 0) return [];
  const here = tail.slice(from, from + 80);
  const found = tables.findActors(here, language).filter((one) => one.start < 24);
  return found.slice(0, 2).map(({ actor, start, end }) => ({ id: actor.id, text: here.slice(start, end) }));
}

const calls = new Map<string, RegExp>();

/** "Reiterates its call on": possessive, noun, preposition. */
function callOf(language: Language): RegExp {
  const known = calls.get(language.language);
  if (known) return known;
  const pattern = new RegExp(
    `^(?:its|the|son|sa|su|свой|свою)\\s+(?:${language.afterCall.join('|') || '(?!)'})\\s+(?:(?:on|upon|to|addressed to|à|lancé à|aux?|a|к|ко)\\s+)?`,
    'iu',
  );
  calls.set(language.language, pattern);
  return pattern;
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
  const { grammar } = language;
  let effective = verb;
  let body = rest.trim();
  let turns = verb.class !== 'states' && verb.class !== 'decides';
  // "Reiterates its call on Member States": the noun carries the class.
  const call = callOf(language).exec(body);
  if (call) {
    effective = { verb: verb.verb, class: /invit|приглаш/i.test(call[0]) ? 'invites' : 'urges' };
    body = body.slice(call[0].length);
    turns = true;
  }
  const that = /^that\s+/i.exec(body) ?? /^(?:que\s|qu['’])/i.exec(body);
  let addressees: Addressee[] = [];
  let certain = true;
  let tail = body;
  if (turns) {
    if (that) {
      const clause = body.slice(that[0].length);
      const phrase = clause.split(',')[0] ?? '';
      ({ addressees, certain } = addresseesIn(phrase, tables, language));
      tail = clause.slice(phrase.length);
    } else {
      const { phrase, tail: after } = nounPhrase(body, grammar);
      ({ addressees, certain } = addresseesIn(phrase, tables, language));
      tail = phrase.slice(phrase.indexOf(',') < 0 ? phrase.length : phrase.indexOf(',')) + after;
    }
  }
  const type = addressees[0]?.type ?? null;
  let kind = kindFor(effective.class, type);
  if (grammar.closes.test(`${opening} ${rest}`)) kind = 'closing';
  else if (
    turns &&
    grammar.resources.test(rest) &&
    (addressees.some((one) => one.type === 'donors') || grammar.donors.test(rest))
  )
    kind = 'funding';
  else if (turns && type !== null && secretariats.has(type) && grammar.reports.test(rest)) kind = 'reporting';
  else if (turns && type !== null && stateTypes.has(type) && grammar.consults.test(rest)) kind = 'consultation';
  const act: Act = {
    verb: verb.verb,
    opening,
    kind,
    addressees,
    beneficiaries: turns ? beneficiariesIn(tail, tables, language) : [],
    deadline: deadlineOf(rest, grammar, own),
    reportTo: kind === 'reporting' || turns ? reportOf(rest, tables, language, own) : null,
    conditions: conditionsOf(rest, grammar),
  };
  return {
    act,
    confidence: { verb: 0.98, addressees: certain ? 0.95 : 0.5, kind: type === null && turns ? 0.6 : 0.95 },
  };
}
