import type { DraftRequest } from '../../schema/index.ts';
import type { PrintableClause } from './schema.ts';
import { labelled, labelledFree, type Sheet } from './sheet.ts';
import { fieldLines, type FieldWords } from './values.ts';
import { isolated, leftToRight, mono, type DraftLine, type SideWriter } from './writer.ts';

type Measure = NonNullable<DraftRequest['measures']>[number];
type Contact = NonNullable<NonNullable<DraftRequest['requesting']>['contact']>;

/** @source UNTOC art. 18(15)(d), 18(17) */
export function assistance(sheet: Sheet): PrintableClause[] {
  return (sheet.request.measures ?? []).map((measure, index) =>
    sheet.clause((w) => {
      const { procedure } = measure;
      return [
        { label: isolated(sheet.options.typeTitle(measure.type ?? '', w.lang)), text: '' },
        ...w.free(measure.text, `measures/${index}/text`),
        measure.coercive ? { text: w.t('coercive') } : null,
        labelled(w.t('due'), measure.due ? w.day(measure.due) : ''),
        ...labelledFree(w.t('procedure'), w.free(procedure?.text, `measures/${index}/procedure/text`)),
        ...labelledFree(w.t('procedure-reason'), w.free(procedure?.reason, `measures/${index}/procedure/reason`), 1),
      ];
    }, measure.id),
  );
}

function particularsOf(measure: Measure, sheet: Sheet): PrintableClause {
  const type = measure.type ?? '';
  return sheet.clause((w) => {
    const words: FieldWords = {
      label: (path) => sheet.options.fieldLabel?.(type, path, w.lang),
      option: (path, value) => sheet.options.optionLabel?.(type, path, value, w.lang),
      person: (id) => sheet.personName(id, w),
    };
    const title = isolated(sheet.options.typeTitle(type, w.lang));
    const head: DraftLine = {
      label: w.t('particulars-of', { n: leftToRight(String(sheet.clauseOf.get(measure.id) ?? '')), title }),
      text: '',
    };
    return [
      head,
      ...Object.entries(measure.fields ?? {}).flatMap(([path, value]) => fieldLines(w, words, path, value)),
    ];
  });
}

export function particulars(sheet: Sheet): PrintableClause[] {
  const asked = (sheet.request.measures ?? []).filter((one) => Object.keys(one.fields ?? {}).length > 0);
  if (asked.length === 0) {
    const said = (sheet.request.measures ?? []).length === 0 ? 'not-provided' : 'no-particulars';
    return [sheet.clause((w) => [{ text: w.t(said) }])];
  }
  return asked.map((measure) => particularsOf(measure, sheet));
}

export function assurances(sheet: Sheet): PrintableClause[] {
  const given = sheet.request.assurances ?? [];
  if (given.length === 0) {
    const said = sheet.request.assurances === undefined ? 'not-provided' : 'no-assurances';
    return [sheet.clause((w) => [{ text: w.t(said) }])];
  }
  return given.map((one, index) =>
    sheet.clause((w) =>
      labelledFree(w.t('assurance', { code: one.kind }), w.free(one.text, `assurances/${index}/text`)),
    ),
  );
}

function contactLine(contact: Contact, w: SideWriter): string {
  const languages = w.comma((contact.languages ?? []).map((tag) => w.language(tag)));
  const parts = [
    contact.name ? isolated(contact.name) : '',
    w.inline(contact.post),
    contact.line ? leftToRight(contact.line) : '',
    contact.email ? leftToRight(contact.email) : '',
    languages,
    contact.roundTheClock ? w.t('round-the-clock') : '',
  ];
  return w.list(parts);
}

/** @source UNTOC art. 18(15)(f), 18(19), 18(28) */
export function use(sheet: Sheet): PrintableClause[] {
  const { purpose, costs, dataProtection, requesting, related = [], handling, languages } = sheet.request;
  return [
    sheet.clause((w) => [
      ...labelledFree(w.t('purpose'), w.free(purpose?.text, 'purpose/text')),
      purpose?.useLimitation ? { text: w.t('use', { code: purpose.useLimitation }) } : null,
      purpose?.onwardUse ? { text: w.t('onward', { code: purpose.onwardUse }) } : null,
      labelled(w.t('redress'), dataProtection?.redress ? isolated(dataProtection.redress) : ''),
      handling?.retainUntil ? { text: w.t('retention', { day: w.day(handling.retainUntil) }) } : null,
    ]),
    sheet.clause((w) => {
      const estimate = costs?.estimate;
      return [
        costs?.extraordinary === undefined
          ? labelled(w.t('assurance', { code: 'costs' }), w.t('not-provided'))
          : { text: w.t('extraordinary', { code: costs.extraordinary ? 'yes' : 'no' }) },
        labelled(
          w.t('estimate'),
          estimate?.amount && estimate.currency
            ? w.money({ amount: estimate.amount, currency: estimate.currency })
            : '',
        ),
        ...w.free(costs?.note, 'costs/note'),
      ];
    }),
    sheet.clause((w) => [
      labelled(w.t('contact'), requesting?.contact ? contactLine(requesting.contact, w) : ''),
      labelled(w.t('deputy'), requesting?.deputy ? contactLine(requesting.deputy, w) : ''),
    ]),
    ...(related.length > 0
      ? [
          sheet.clause((w) =>
            related.map((one) => ({
              label: w.t('related'),
              text: w.list([
                w.t('related-kind', { code: one.kind }),
                one.reference ? mono(one.reference) : '',
                w.state(one.state),
                w.inline(one.note),
              ]),
            })),
          ),
        ]
      : []),
    sheet.clause((w) => [
      languages?.original ? { text: w.t('languages', { language: w.language(languages.original) }) } : null,
      ...(languages?.translations ?? []).map((one) => {
        const how = one.certified ? 'certified' : one.machine ? (one.checkedBy ? 'checked' : 'machine') : 'plain';
        const by = how === 'checked' ? isolated(one.checkedBy ?? '') : w.inline(one.by);
        return { text: w.t('translation', { how, language: w.language(one.lang ?? ''), by }) };
      }),
    ]),
  ];
}

/** @source UNTOC art. 18(14) */
export function signature(sheet: Sheet, contentHash: string): PrintableClause[] {
  return [
    sheet.clause((w) => [
      ...signatureWords(sheet, w),
      { label: w.t('content-is'), text: '' },
      { text: mono(`SHA-256 ${contentHash.replace(/(.{4})(?=.)/g, '$1 ')}`) },
    ]),
  ];
}

export function signatureWords(sheet: Sheet, w: SideWriter): DraftLine[] {
  const { signature: signed } = sheet.request;
  if (!signed?.on) return [{ text: w.t('unsigned') }];
  return [
    {
      text: w.t('signed', {
        day: w.day(signed.on),
        name: isolated(signed.signatory ?? ''),
        post: w.inline(signed.post),
        power: isolated(signed.power ?? ''),
      }),
    },
    { text: w.t('signature-form', { code: signed.form ?? 'electronic' }) },
  ];
}
