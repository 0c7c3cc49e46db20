import type { Context } from '../../../identity/index.ts';
import { DraftRequest, originalHash, type RequestFacts } from '../../schema/index.ts';
import type { OwnAuthority } from '../types.ts';

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined && item !== null)) as T;
}

interface Given {
  reference: string;
  types: readonly string[];
  to: string | undefined;
  from: DraftRequest | undefined;
  ruleSet: string;
  own: OwnAuthority;
}

/** What a new request begins with. What is taken over from an earlier one loses what belonged to that one alone. */
export function firstDraft(ctx: Context, { reference, types, to, from, ruleSet, own }: Given): DraftRequest {
  const {
    signature,
    contentHash: _h,
    otherReference: _o,
    supersedes: _v,
    internal: _i,
    ...kept
  }: Partial<DraftRequest> = from ?? {};
  return DraftRequest.parse({
    ...kept,
    ...(signature
      ? {
          signature: {
            signatory: signature.signatory,
            post: signature.post,
            power: signature.power,
            form: signature.form,
          },
        }
      : {}),
    kind: 'request',
    version: 1,
    reference,
    requestVersion: 1,
    ruleSet,
    types,
    handling: kept.handling ?? {
      tlp: 'AMBER',
      originator: ctx.state,
      groups: [],
      purposes: [],
      judicialUse: 'on-consent',
      onward: 'on-request',
    },
    requesting: withoutAbsent({
      ...kept.requesting,
      state: ctx.state,
      centralAuthority: kept.requesting?.centralAuthority ?? own.centralAuthority,
    }),
    ...(to || kept.requested
      ? { requested: withoutAbsent({ ...kept.requested, state: to ?? kept.requested?.state }) }
      : {}),
    ...(kept.measures ? {} : { measures: types.map((type, n) => ({ id: `m${n + 1}`, type })) }),
  });
}

/** The addressee as the directory has it today; one chosen otherwise stays. */
export function withDesk(draft: DraftRequest, desk: RequestFacts['desk']): DraftRequest {
  const chosen = draft.requested?.authority?.authority;
  if (!desk?.authority || (chosen && chosen !== desk.authority)) return draft;
  const { authority, version, hash } = desk;
  return {
    ...draft,
    requested: {
      ...draft.requested,
      authority: withoutAbsent({ ...draft.requested?.authority, authority, version, hash }),
    },
  };
}

/** A translation of the text taken over is one of the new request too: only who and when were put in anew. */
export function withTranslationsOf(from: DraftRequest | undefined, draft: DraftRequest): DraftRequest {
  if (!from || !draft.languages?.translations) return draft;
  const [before, now] = [originalHash(from), originalHash(draft)];
  const translations = draft.languages.translations.map((one) =>
    one.ofVersion === before ? { ...one, ofVersion: now } : one,
  );
  return { ...draft, languages: { ...draft.languages, translations } };
}
