import type { Option, View } from '../../../../web/index.ts';
import type { PlainDate, StateCode } from '../../../../platform/values/index.ts';
import type { AuthorityRef, DraftRequest } from '../../schema/index.ts';

/** A desk that may be chosen, as it stands in the directory today. */
export interface DeskOption {
  ref: AuthorityRef;
  name: string;
}

/** What the controls of a page may offer and need to read themselves back. */
export interface FieldEnv {
  view: View;
  draft: DraftRequest;
  /** Original language of the request, and the one of the State asked. */
  languages: readonly [string, string];
  states: readonly { value: string; label: string }[];
  instruments: readonly Option[];
  /** Desks of a State, own ones under the own State. */
  desks: Readonly<Record<string, readonly DeskOption[]>>;
  /** Files of the case file, by hash. */
  files: readonly Option[];
  ownState: StateCode;
  today: PlainDate;
  /** Hash of the text in its original language, for translations. */
  originalHash(): string;
}
