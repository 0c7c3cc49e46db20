import type { z } from 'zod';
import type { PostedForm } from '../../../../platform/http/routes.ts';
import { fail, ok, type PlainDate, type Problem, type Result } from '../../../../platform/values/index.ts';
import {
  errorFor,
  FormFields,
  readForm,
  Select,
  type Content,
  type FormSpec,
  type Option,
  type Typed,
  type View,
} from '../../../../web/index.ts';
import type { EvidenceFile } from '../../../evidence/index.ts';
import type { DraftRequest, FreeText, GroundDefinition, ReplyContent } from '../../schema/index.ts';

/** What a form of an act needs to know beside what is typed. */
export interface ActSetting {
  view: View;
  /** Text it is about: the working copy at the requested State, the own text at the requesting one. */
  request: DraftRequest;
  /** Name of the other State. */
  state: string;
  files: readonly EvidenceFile[];
  /** People of this node who may be let into the matter. */
  people: readonly { id: string; name: string }[];
  /** Paragraphs of the text that a question may be bound to. */
  places: readonly Option[];
  grounds: readonly GroundDefinition[];
  consultations: readonly { id: string; with: string; on: PlainDate; how: string }[];
  /** Questions about other use that wait: the act that asked, what for, which items. */
  useQuestions: readonly { act: string; scope: FreeText; evidence: readonly string[] }[];
  /** Items the other State changed and nobody here looked at yet. */
  changes: readonly { id: string }[];
  /** Replies the node drafted. */
  proposals: readonly ReplyContent[];
  newId(): string;
}

export interface Shown extends ActSetting {
  typed: Typed;
  problems: readonly Problem[];
}

/** The form of one act: how it is asked and how it is read into what the service takes. */
export interface ActForm {
  /** Acts that end something and cannot be taken back: a red button. */
  grave?: boolean;
  /** Long texts are kept while they are written. */
  long?: boolean;
  /** Rows that may be added and removed. */
  rows?: readonly string[];
  /** What stands in the form before anything is typed. */
  start?(setting: ActSetting): Typed;
  fields?(shown: Shown): Content;
  read(setting: ActSetting, posted: PostedForm): Result<unknown, Problem[]>;
}

/** A form of plain fields: shown by the kit, and read into the service's input. */
export function plainForm<S extends z.ZodObject>(
  form: FormSpec<S>,
  toInput: (value: z.output<S>, setting: ActSetting, language: string) => unknown,
  more: Pick<ActForm, 'grave' | 'long' | 'start'> & {
    options?: (setting: ActSetting) => Readonly<Record<string, readonly Option[]>>;
    /** Words go to the other State, so their language is asked. */
    worded?: boolean;
  } = {},
): ActForm {
  const { options, worded, ...rest } = more;
  return {
    ...rest,
    fields: (shown) => (
      <>
        <FormFields
          view={shown.view}
          form={form}
          typed={shown.typed}
          problems={shown.problems}
          options={options?.(shown)}
        />
        {worded ? <WrittenIn {...shown} /> : null}
      </>
    ),
    read(setting, posted) {
      const choices = Object.fromEntries(
        Object.entries(options?.(setting) ?? {}).map(([name, list]) => [name, list.map((one) => one.value)]),
      );
      const read = readForm(setting.view, form, posted, { choices });
      if (!read.ok) return fail(read.error);
      return ok(toInput(read.value as z.output<S>, setting, languageIn(posted)));
    },
  };
}

/** Languages a text for the other State may be written in. */
const written = ['ar', 'en', 'es', 'fr', 'ru', 'zh'] as const;

/** Language chosen in the form for its texts; English when the form has none. */
export function languageIn(posted: PostedForm): string {
  const given = posted.values.language?.[0];
  return written.find((one) => one === given) ?? 'en';
}

/** Asked once, after the texts it holds for. */
export function WrittenIn({ view, typed, problems }: Pick<Shown, 'view' | 'typed' | 'problems'>) {
  return (
    <Select
      view={view}
      name="language"
      label={view.t('reply.written-in')}
      hint={view.t('reply.written-in-hint')}
      value={typed.language?.[0] ?? view.locale}
      options={written.map((value) => ({ value, label: view.formats.language(value) }))}
      error={errorFor(view, problems, 'language')}
      width={12}
    />
  );
}

/** Words in a language; null when nothing was typed. */
export function wordsIn(text: string | undefined, language: string): FreeText | null {
  return text === undefined || text.trim() === '' ? null : { [language]: text.trim() };
}

/** A text in the reader's language, else in the first there is. */
export function textOf(view: View, text: FreeText | null | undefined): string {
  if (!text) return '';
  return text[view.locale] ?? Object.values(text)[0] ?? '';
}
