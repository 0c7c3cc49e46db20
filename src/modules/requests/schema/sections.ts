import type { DraftRequest } from './draft.ts';
import { tasks, type Task } from './definitions.ts';

/** Which task of the writer holds which part of a request. `fixed` parts no task changes. */
export const sectionOf = {
  kind: 'fixed',
  version: 'fixed',
  reference: 'fixed',
  otherReference: 'fixed',
  requestVersion: 'fixed',
  supersedes: 'fixed',
  ruleSet: 'fixed',
  contentHash: 'fixed',
  requesting: 'facts',
  proceeding: 'facts',
  facts: 'facts',
  nexus: 'facts',
  persons: 'people',
  basis: 'offence',
  scope: 'offence',
  offences: 'offence',
  types: 'need',
  requested: 'need',
  measures: 'need',
  officials: 'need',
  deadline: 'urgency',
  urgency: 'urgency',
  annexes: 'evidence',
  related: 'evidence',
  purpose: 'conditions',
  confidentiality: 'conditions',
  assurances: 'conditions',
  victims: 'conditions',
  handling: 'conditions',
  costs: 'conditions',
  dataProtection: 'conditions',
  languages: 'check',
  // Who will sign; the proof of the signature is put in by signing alone.
  signature: 'check',
  internal: 'check',
} as const satisfies Record<keyof DraftRequest, Task | 'fixed'>;

/** Parts of a request that belong to a task. */
export function partsOf(task: Task): (keyof DraftRequest)[] {
  const keys = Object.keys(sectionOf) as (keyof DraftRequest)[];
  return keys.filter((key) => sectionOf[key] === task);
}

/** Task at which a problem's path is mended. */
export function taskOf(path: readonly (string | number)[]): Task {
  const section = (sectionOf as Record<string, Task | 'fixed' | undefined>)[String(path[0])];
  return section === undefined || section === 'fixed' ? 'check' : section;
}

export function isTask(text: string): text is Task {
  return (tasks as readonly string[]).includes(text);
}
