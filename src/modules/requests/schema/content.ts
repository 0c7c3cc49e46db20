import { canonical, hashOf, isUnknown, type Hash } from '../../../platform/values/index.ts';
import type { DraftRequest } from './draft.ts';

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNothing(item)]));
}

/**
 * The shared part as it is hashed and sent: without what stays on the own node, the signature and the hash itself.
 * Absent and null are one. Annexes stand in it by their hash.
 * @source practice
 */
export function sharedPart(request: DraftRequest): Record<string, unknown> {
  const { internal: _internal, signature: _signature, contentHash: _hash, ...shared } = request;
  return withoutNothing(shared) as Record<string, unknown>;
}

/** RFC 8785 text that `contentHash` covers. */
export function canonicalContent(request: DraftRequest): string {
  return canonical(sharedPart(request));
}

export function contentHash(request: DraftRequest): Hash {
  return hashOf(sharedPart(request));
}

/** Says whether a value is text in languages: an object whose every key is a language and every value a string. */
export function isFreeText(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isUnknown(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(([key, text]) => /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(key) && typeof text === 'string')
  );
}

/** Whether every text in languages inside a value has one in this language. */
export function saysIn(value: unknown, language: string): boolean {
  if (Array.isArray(value)) return value.every((item) => saysIn(item, language));
  if (typeof value !== 'object' || value === null) return true;
  if (isFreeText(value) && !Object.keys(value).some((key) => notLanguages.has(key))) return language in value;
  return Object.values(value).every((item) => saysIn(item, language));
}

// Short keys of our own shapes that look like language tags and hold text.
const notLanguages = new Set(['id', 'on', 'by', 'at', 'post', 'sex']);

function inOriginal(value: unknown, language: string): unknown {
  if (Array.isArray(value)) return value.map((item) => inOriginal(item, language));
  if (isFreeText(value) && language in value && !Object.keys(value).some((key) => notLanguages.has(key))) {
    return { [language]: value[language] };
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inOriginal(item, language)]));
}

/**
 * Hash of the text in its original language: what a translation is a translation of. Adding or correcting a
 * translation leaves it as it is; any change of the original changes it.
 * @source UNTOC art. 18(14)
 */
export function originalHash(request: DraftRequest): Hash {
  const { languages, ...shared } = sharedPart({
    ...request,
    requestVersion: undefined,
    ruleSet: undefined,
    reference: undefined,
    // What the text is called and follows is no part of what is translated.
    otherReference: undefined,
    supersedes: undefined,
  });
  const language = request.languages?.original ?? '';
  return hashOf({
    ...(inOriginal(shared, language) as Record<string, unknown>),
    original: language,
    kind: languages ? 'original' : 'none',
  });
}
