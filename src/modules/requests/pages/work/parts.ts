import type { StateCode } from '../../../../platform/values/index.ts';
import type { Tx } from '../../../../platform/db/index.ts';
import type { View } from '../../../../web/index.ts';
import type { Context, Signing } from '../../../identity/index.ts';
import type { PrintLanguage, PrintSetting } from '../../documents/index.ts';
import type { Requests, RequestView } from '../../service/index.ts';

/** What these pages need beside the use cases of requests. */
export interface WorkParts {
  requests: Requests;
  signing: Pick<Signing, 'optionsFor'>;
  printSetting: PrintSetting;
  namesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>>;
  /** People who work on a case file, for giving a request to one of them. */
  membersOf(ctx: Context, caseFileId: RequestView['caseFileId']): Promise<{ id: string; name: string }[]>;
  /** Two letters of a State, for the guard against the wrong one. */
  toAlpha2(state: StateCode): string;
}

export const bothLanguages: readonly PrintLanguage[] = ['en', 'ar'];

export function requestedState(view: View, request: RequestView): string {
  const state = request.request.requested?.state;
  return state ? view.stateName(state) : view.t('work.not-provided');
}

/** What is asked, as one line: the kinds of help in the reader's language. */
export function whatIsAsked(view: View, types: readonly string[]): string {
  return types
    .map((type) => (view.t.has(`requests.type.${type}`) ? view.t.code(`requests.type.${type}`) : type))
    .join(' · ');
}

/** Names of everybody who acted, for the timeline. */
export async function actorNames(ctx: Context, parts: WorkParts, request: RequestView): Promise<Map<string, string>> {
  const ids = [...new Set(request.actions.map((one) => one.actor))].filter((id) => /^[0-9a-f-]{36}$/.test(id));
  return ids.length === 0 ? new Map() : ctx.transaction((tx) => parts.namesOf(tx, ids));
}
