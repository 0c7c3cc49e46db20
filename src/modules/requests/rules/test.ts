import { z } from 'zod';
import { isUnknown, type PlainDate, type ProblemParams } from '../../../platform/values/index.ts';
import {
  Account,
  draftOf,
  Property,
  sharedPart,
  type Draft,
  type DraftRequest,
  type RequestFacts,
} from '../schema/index.ts';
import { freeTexts, type Path } from './paths.ts';

/** What a test looks at. `instrument` is the basis chosen, or empty. */
export interface Subject {
  request: DraftRequest;
  facts: RequestFacts;
  on: PlainDate;
  instrument: string;
}

/** One thing a test found; the rule says what its outcome means. */
export interface Finding {
  outcome: string;
  path: Path;
  params?: ProblemParams;
}

export interface NamedTest {
  /** Reads the parameters once and gives the test ready to run. */
  prepare(params: unknown): (subject: Subject) => Finding[];
}

/** A named pure test with typed parameters; wrong parameters in a definition are told when it is loaded. */
export function defineTest<P extends z.ZodType>(
  params: P,
  run: (subject: Subject, params: z.output<P>) => Finding[],
): NamedTest {
  return {
    prepare(given) {
      const read = params.parse(given ?? {});
      return (subject) => run(subject, read);
    },
  };
}

export const none = z.strictObject({});
export const onPath = z.strictObject({ path: z.string() });

const Properties = z.array(draftOf(Property));
const Accounts = z.array(draftOf(Account));

export interface HeldProperty {
  path: Path;
  property: Draft<Property>;
}

const heldProperty = new WeakMap<DraftRequest, HeldProperty[]>();
const sharedTexts = new WeakMap<DraftRequest, ReturnType<typeof freeTexts>>();

/** Every text in languages of the part that leaves the node; several tests read them. */
export function sharedTextsOf(request: DraftRequest): ReturnType<typeof freeTexts> {
  let found = sharedTexts.get(request);
  if (!found) sharedTexts.set(request, (found = freeTexts(sharedPart(request))));
  return found;
}

/** Property listed in the measures of a request, with its path. What has not the right shape is told elsewhere. */
export function propertiesOf(request: DraftRequest): HeldProperty[] {
  const known = heldProperty.get(request);
  if (known) return known;
  const found = (request.measures ?? []).flatMap((measure, m) => {
    const read = Properties.safeParse(measure.fields?.property);
    return (read.success ? read.data : []).map((property, n) => ({
      path: ['measures', m, 'fields', 'property', n],
      property,
    }));
  });
  heldProperty.set(request, found);
  return found;
}

export function accountsOf(request: DraftRequest): { path: Path; account: Draft<Account> }[] {
  return (request.measures ?? []).flatMap((measure, m) => {
    const read = Accounts.safeParse(measure.fields?.accounts);
    return (read.success ? read.data : []).map((account, n) => ({
      path: ['measures', m, 'fields', 'accounts', n],
      account,
    }));
  });
}

/** Names of a person as written; none when the names are not known. */
export function namesOf(person: { names?: unknown }): { text: string; script: string }[] {
  const names: unknown[] = Array.isArray(person.names) ? person.names : [];
  return names.filter(
    (name): name is { text: string; script: string } =>
      typeof name === 'object' && name !== null && 'text' in name && 'script' in name,
  );
}

/** Latest day that a known date or window may mean; undefined when it is not known. */
export function isKnownDate(value: unknown): value is { date: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !isUnknown(value) &&
    'date' in value &&
    typeof value.date === 'string'
  );
}
