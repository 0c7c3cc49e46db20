import type { Act, ActKind, Addressee, ReportTo } from '../../schema.ts';
import { deadlineOf } from './deadlines.ts';
import type { Grammar } from './grammar.ts';
import type { Actor, Language, Tables, Verb, VerbClass } from './language.ts';
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

export interface Own {
  id: string | null;
  name: string;
}

const nouns: Record<string, RegExp> = {
  ga: /^(?:Assemblée|Asamblea)$/iu, 'interpol-ga': /^(?:Assemblée|Asamblea)$/iu, wha: /^(?:Assemblée|Asamblea)$/iu,
  ecosoc: /^(?:Conseil|Consejo)$/iu, 'security-council': /^(?:Conseil|Consejo)$/iu, hrc: /^(?:Conseil|Consejo)$/iu,
  'untoc-cop': /^Conf[eé]/iu, 'uncac-cosp': /^Conf[eé]/iu, 'unesco-gc': /^Conf[eé]/iu, ccpcj: /^Comisión$/iu, cnd: /^Comisión$/iu,
}; // prettier-ignore
const ownNoun = (id: string | null, noun: string) => id !== null && (nouns[id]?.test(noun) ?? false);

/** The body a report goes to: named behind "to", the speaker itself, or one by its short name. */
function receiver(text: string, tail: string, tables: Tables, language: Language, own: Own | null) {
  const { grammar } = language;
  const isReceiver = (before: string) => /(?:to|through|à|au|aux|a|al|إلى|向)(?: (?:the|la|le|l['’]|los|el))?[\s'’]?$/iu.test(before) || language.language === 'ru';
  const named = tables.findActors(tail, language.language).filter(({ actor }) => ['plenary', 'subsidiary'].includes(actor.type));
  const told = named.find(({ start }) => isReceiver(tail.slice(Math.max(0, start - 12), start).trimEnd().concat(tail[start - 1] === ' ' ? ' ' : ''))); // prettier-ignore
  const actor = told?.actor;
  if (actor) return own && own.name.toLowerCase().includes(actor.name.toLowerCase()) ? own : { id: actor.id, name: actor.name };
  const short = grammar.ownBody.exec(text);
  const noun = short?.[1];
  if (short && noun === undefined) return own;
  if (noun === undefined) return null;
  const isOwn = own !== null && (language.language === 'zh' || /[а-яء-ي]/u.test(noun) || own.name.toLowerCase().includes(noun.toLowerCase()) || ownNoun(own.id, noun));
  return isOwn ? own : { id: null, name: noun };
} // prettier-ignore

/** To whom and when a text says to report; null when it does not. */
export function reportOf(text: string, tables: Tables, language: Language, own: Own | null): ReportTo | null {
  const { grammar } = language;
  const begin = grammar.reports.exec(text);
  if (!begin) return null;
  // Words like "to it at its next session" may stand before or inside the words of reporting.
  const tail = text.slice(begin.index);
  const through = grammar.through.exec(tail)?.[1] ?? null;
  const isThereon = grammar.thereon.test(tail);
  const atSession = grammar.session.exec(tail) ?? grammar.session.exec(text);
  const body = receiver(text, tail, tables, language, own) ?? (isThereon || atSession ? own : null);
  if (!body) return null;
  const subject =
    grammar.subject.exec(tail)?.[1] ??
    (isThereon ? (grammar.thereon.exec(tail)?.[0].replace(/^report /i, '') ?? null) : null);
  return {
    body: body.name,
    bodyId: body.id,
    session: atSession ? readOrdinal(atSession.slice(1).find((one) => one !== undefined) ?? '') : null,
    subject,
    through: through?.trim() ?? null,
  };
}

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

/** What an act knows of the document it stands in. */
export interface Around {
  /** Body that speaks, for "the Commission". */
  own: Own | null;
  /** "The Office", once the document named it in full. */
  shorts: ReadonlyMap<string, Actor>;
  /** Whom the act before turned to, for "invites them". */
  before: readonly Addressee[];
}

const leading = /^(?:the|les?|la|l['’]|el|los|las|à|au|aux|al|a|к|إلى|tous|toutes|all)\s?/iu;

/** "The Office", "the Conference", "them": short for somebody named before. */
function byShortName(clean: string, { grammar }: Language, { own, shorts, before }: Around): Addressee[] {
  const short = clean.replace(leading, '').replace(leading, '');
  if (grammar.pronoun.test(short) || grammar.pronoun.test(clean)) return before.map((one) => ({ ...one, text: short }));
  const word = /^[\p{L}\p{M}]+(?:\s(?=\p{Lu})[\p{L}\p{M}]+)?/u.exec(short)?.[0] ?? '';
  const goesOn = /^\s(?:of|for|on|des?|du|pour|sur|по|del)(?!\p{L})/iu.test(short.slice(word.length));
  const actor = goesOn ? undefined : shorts.get(word.toLowerCase());
  if (actor) return [{ id: actor.id, text: word, type: actor.type }];
  const isOwn = own?.id && !goesOn && /^(?:Conf\p{L}+|Comm?is\p{L}+|Assembl\p{L}+|Asamblea|Council|Conseil|Consejo)$/u.test(word) && own.name.toLowerCase().includes(word.slice(0, 5).toLowerCase()); // prettier-ignore
  return isOwn ? [{ id: own.id, text: word, type: 'plenary' }] : [];
}

function addresseesIn(phrase: string, tables: Tables, language: Language, around: Around): { addressees: Addressee[]; confidence: number } {
  const { grammar } = language;
  const clean = phrase
    // What a draft leaves open in front of a name.
    .replace(/\[[^\][]*\]\s?/g, '')
    .replace(/,[^,]*,/g, (part) => (grammar.conditions.test(part.slice(1).trim()) ? ' ' : part))
    .replace(grammar.relative, '')
    .replace(/[\s,:：]+$/u, '')
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
  if (addressees.length > 0) return { addressees, confidence: 0.95 };
  const short = byShortName(clean, language, around);
  if (short.length > 0) return { addressees: short, confidence: 0.85 };
  // An aside behind the name: "the keepers, acting together".
  const name = clean.split(/,\s|[،，]/u)[0]!.trim();
  if (name === '' || name.length > 200) return { addressees: [], confidence: 0.5 };
  const type = grammar.organs.find(([noun]) => noun.test(name))?.[1] ?? null;
  return { addressees: [{ id: null, text: name, type }], confidence: type === null ? 0.5 : 0.7 };
} // prettier-ignore

function beneficiariesIn(tail: string, tables: Tables, { grammar, language }: Language): Act['beneficiaries'] {
  const at = grammar.gives.exec(tail);
  const assist = grammar.assists.exec(tail);
  const from = at ? at.index + at[0].length : assist ? assist.index + assist[0].length : -1;
  if (from < 0) return [];
  const here = tail.slice(from, from + 80);
  const found = tables.findActors(here, language).filter((one) => one.start < 24);
  return found.slice(0, 2).map(({ actor, start, end }) => ({ id: actor.id, text: here.slice(start, end) }));
}

/** Statements that bind the speaker to a time. */
const promises = /^(?:undertakes|pledges|commits|s['’]engage|se compromete)/iu;

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
 */
export function readAct(
  verb: Verb,
  opening: string,
  rest: string,
  tables: Tables,
  language: Language,
  around: Around,
): ReadAct {
  const { own } = around;
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
  // "Calls for continued support", "expects": nobody is named.
  const asksNobody = /\b(?:for)$/i.test(opening);
  if (asksNobody) turns = false;
  const that = grammar.that.exec(body);
  let addressees: Addressee[] = [];
  let certainty = 0.95;
  let tail = body;
  if (turns) {
    if (that) {
      const clause = body.slice(that[0].length);
      const phrase = clause.split(/,| (?:shall|should|must|will|would|may|doivent|devront|deberán?) /)[0] ?? '';
      ({ addressees, confidence: certainty } = addresseesIn(phrase, tables, language, around));
      tail = clause.slice(phrase.length);
    } else {
      const { phrase, tail: after } = nounPhrase(body, grammar);
      ({ addressees, confidence: certainty } = addresseesIn(phrase, tables, language, around));
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
  else if (turns && type !== null && (secretariats.has(type) || ownBodies.has(type)) && grammar.reports.test(rest))
    kind = effective.class === 'invites' ? 'invitation' : 'reporting';
  else if (turns && type !== null && stateTypes.has(type) && grammar.consults.test(rest)) kind = 'consultation';
  const act: Act = {
    verb: verb.verb,
    opening,
    kind,
    addressees,
    beneficiaries: turns ? beneficiariesIn(tail, tables, language) : [],
    deadline: verb.class === 'states' && !turns && !promises.test(verb.verb) ? null : deadlineOf(rest, grammar, own, grammar.reports.test(rest)),
    reportTo: turns ? reportOf(rest, tables, language, own) : null,
    conditions: conditionsOf(rest, grammar),
  };
  return {
    act,
    confidence: { verb: 0.98, addressees: certainty, kind: type === null && turns ? 0.6 : certainty < 0.8 ? 0.7 : 0.95 },
  };
} // prettier-ignore
