import { createHash } from 'node:crypto';
import { stateName, formatsFor } from '../platform/i18n/formats.ts';
import { canonical, Sha256, type PlainDate, type StateCode } from '../platform/values/index.ts';
import { findEntry } from '../modules/authorities/index.ts';
import { optionKey, type FieldDefinition, type PrintSetting } from '../modules/requests/index.ts';
import { InstrumentId, statusOn, toAlpha2, type TreatyFacts } from '../modules/treaties/index.ts';
import type { TreatyStatusRow } from '../modules/requests/index.ts';
import type { Modules } from './modules.ts';
import type { LiveModules } from './live-modules.ts';

type Language = 'en' | 'ar';

function day(value: unknown): PlainDate | null {
  return typeof value === 'string' && value.length === 10 ? (value as PlainDate) : null;
}

/** What both States did about an instrument, as the paper's last annex shows it. */
function statusRows(
  facts: TreatyFacts,
  instruments: readonly string[],
  states: readonly StateCode[],
  on: PlainDate,
): TreatyStatusRow[] {
  return instruments.flatMap((text) => {
    const id = InstrumentId.safeParse(text);
    if (!id.success) return [];
    return states.flatMap((state): TreatyStatusRow[] => {
      const found = statusOn(facts, id.data, state, on);
      const act = found.acts[0];
      if (!act) return [];
      const deposited = day(act.deposited);
      return [
        {
          instrument: id.data,
          state,
          acts: deposited ? [{ kind: act.kind, on: deposited }] : [],
          boundFrom: day(act.effect),
          source: act.source,
          asOf: day(act.asOf) ?? on,
        },
      ];
    });
  });
}

/** Gives papers their names, letterhead and treaty status from the other modules. */
export function printSettingFor(modules: Modules, live: Pick<LiveModules, 'keys'>, origin: string): PrintSetting {
  const { config, words, treaties, definitions } = modules;
  return async (ctx, request, languages, createdAt) => {
    const facts = treaties.facts();
    const own = config.COMITY_AUTHORITY;
    const asked = request.requested?.authority?.authority;
    const on = ctx.today();
    const names = new Map<string, Record<string, string>>();
    const address: Record<string, string[]> = {};
    await ctx.transaction(async (tx) => {
      for (const id of [own, asked]) {
        if (!id) continue;
        const entry = (await findEntry(tx, id, on))?.entry;
        if (!entry) continue;
        names.set(id, Object.fromEntries(entry.names.map((name) => [name.lang ?? 'en', name.text])));
        if (id === own && typeof entry.city === 'string')
          for (const language of languages) address[language] = [entry.city];
      }
    });
    const name = (id: string, language: Language) => names.get(id)?.[language] ?? names.get(id)?.en ?? id;
    const state = (code: StateCode, language: Language) =>
      stateName(formatsFor(language), code, toAlpha2(facts.states, code), facts.states.byCode.get(code)?.name ?? code);
    const label = (key: string | undefined, language: Language) =>
      key && words[language].has(key) ? words[language].code(key) : undefined;
    const instruments = [request.basis?.primary, ...(request.basis?.alternatives ?? [])].flatMap((one) =>
      one?.instrument ? [one.instrument] : [],
    );
    const states = [request.requesting?.state, request.requested?.state].filter(
      (one): one is StateCode => one !== undefined,
    );
    const rows = statusRows(facts, instruments, states, request.basis?.snapshot?.onRequest ?? on);
    const key = await live.keys.ensure('authority/sign', 'ES256');
    return {
      languages,
      words,
      stateName: state,
      authorityName: name,
      instrumentName: (id, language) =>
        label(`law.instrument.${id}`, language) ?? facts.instruments.get(InstrumentId.parse(id))?.title ?? id,
      typeTitle: (type, language) => label(`requests.type.${type}`, language) ?? type,
      fieldLabel: (type, path, language) => label(fieldAt(definitions, type, path)?.label, language),
      optionLabel: (type, path, value, language) => {
        const field = fieldAt(definitions, type, path);
        return field?.optionKey ? label(optionKey(field, value), language) : undefined;
      },
      letterhead: {
        lines: Object.fromEntries(
          languages.map((language) => [
            language,
            [state(config.COMITY_STATE, language), name(own, language), ...(address[language] ?? [])],
          ]),
        ),
        sealText: `${name(own, 'en')} ${state(config.COMITY_STATE, 'en')}`.toUpperCase(),
        sealSha256: Sha256.parse(
          createHash('sha256')
            .update(canonical(key.publicKey ?? key.kid))
            .digest('hex'),
        ),
      },
      treatyStatus: rows.length > 0 ? { rows, dataset: { on, sha256: facts.sha256 } } : null,
      verifyUrl: `${origin}/verify`,
      training: config.COMITY_PROFILE === 'training',
      createdAt,
    };
  };
}

/** The definition of a value at a dotted path, `property.kind`: through lists into their items. */
function fieldAt(definitions: Modules['definitions'], type: string, path: string): FieldDefinition | undefined {
  const among = (fields: readonly FieldDefinition[], steps: readonly string[]): FieldDefinition | undefined => {
    for (const field of fields) {
      const own = field.path.split(/[/.]/);
      if (!own.every((step, index) => steps[index] === step)) continue;
      const rest = steps.slice(own.length);
      const found = rest.length === 0 ? field : among(field.item ?? [], rest);
      if (found) return found;
    }
    // `order/annex` is asked in one question and printed as one line beside `order`.
    return steps.length === 1 ? fields.find((field) => field.path.split('/')[0] === steps[0]) : undefined;
  };
  return among(definitions.types.find((one) => one.id === type)?.fields ?? [], path.split('.'));
}
