import { isUnknown, type Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Bdi,
  Button,
  DateInput,
  ErrorSummary,
  fieldId,
  Form,
  Heading,
  TextArea,
  TextInput,
  type View,
} from '../../../web/index.ts';
import type { Entry } from '../schema/index.ts';
import { DirectoryPage } from './shell.tsx';

/** What the form of an entry shows and takes: one text per field, lists one on each line. */
export type Filled = Record<string, string>;

const lineFields = [
  'department',
  'postal',
  'street',
  'postcode',
  'city',
  'website',
  'fax',
  'urgentPhone',
  'timeZone',
  'nodeId',
] as const;
const labels = {
  department: 'authorities.department',
  postal: 'authorities.address',
  street: 'authorities.address',
  postcode: 'authorities.address',
  city: 'authorities.address',
  website: 'authorities.website',
  fax: 'authorities.fax',
  urgentPhone: 'authorities.urgent-phone',
  timeZone: 'authorities.time-zone',
  nodeId: 'authorities.secure-address',
} as const;

function labelOf(view: View, field: (typeof lineFields)[number]): string {
  const label = view.t(labels[field]);
  const part = `authorities.line.${field}`;
  return view.t.has(part) ? `${label}: ${view.t.code(part)}` : label;
}

export function toFilled(entry: Entry): Filled {
  const filled: Filled = {};
  for (const field of lineFields) {
    const value = entry[field];
    filled[field] = isUnknown(value) ? '' : value;
  }
  const lines = (list: readonly string[]) => list.join('\n');
  filled['names'] = lines(
    entry.names.map((name) => `${name.lang ?? ''} ${name.script} ${name.original ? '*' : '-'} ${name.text}`),
  );
  filled['emails'] = isUnknown(entry.emails) ? '' : lines(entry.emails);
  filled['phones'] = isUnknown(entry.phones) ? '' : lines(entry.phones);
  filled['officeHours'] = isUnknown(entry.officeHours)
    ? ''
    : lines(entry.officeHours.map((block) => `${block.weekday} ${block.from}-${block.to}`));
  filled['languages'] = isUnknown(entry.languages)
    ? ''
    : lines(entry.languages.map((one) => `${one.code} ${one.for.join(',')}`));
  filled['validFrom'] = isUnknown(entry.validFrom) ? '' : entry.validFrom;
  filled['notes'] = entry.notes;
  return filled;
}

const notKnown = { unknown: 'not-known' } as const;

/** The body that the form means; the check of entries says what is wrong with it. */
export function fromFilled(entry: Entry, filled: Filled): unknown {
  const get = (field: string) => (filled[field] ?? '').replaceAll('\r\n', '\n').trim();
  const lines = (field: string) =>
    get(field)
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  const orUnknown = (field: keyof Entry) => get(field) || (isUnknown(entry[field]) ? entry[field] : notKnown);
  const listOr = (field: keyof Entry, made: unknown[]) =>
    made.length > 0 ? made : isUnknown(entry[field]) ? entry[field] : notKnown;
  return {
    ...entry,
    ...Object.fromEntries(lineFields.map((field) => [field, orUnknown(field)])),
    names: lines('names').map((line) => {
      const [, lang, script, original, text] = /^(\S*) ([A-Z][a-z]{3}) ([*-]) (.+)$/.exec(line) ?? [];
      const before = entry.names.find((name) => name.text === text);
      return text
        ? { ...before, text, script, original: original === '*', ...(lang && { lang }) }
        : { text: line, script: 'Latn', original: true };
    }),
    emails: listOr('emails', lines('emails')),
    phones: listOr('phones', lines('phones')),
    officeHours: listOr(
      'officeHours',
      lines('officeHours').map((line) => {
        const [, day, from, to] = /^(\S+)\s+([^\s-]+)\s*-\s*(\S+)$/.exec(line) ?? [];
        return { weekday: Number(day), from: from ?? line, to: to ?? '' };
      }),
    ),
    languages: listOr(
      'languages',
      lines('languages').map((line) => {
        const [code, uses] = line.split(/\s+/);
        return { code, for: uses ? uses.split(',') : ['request', 'urgent'] };
      }),
    ),
    validFrom: orUnknown('validFrom'),
    notes: get('notes'),
  };
}

/** `/authorities/mine/XB:central-authority/edit`: the fields of an own entry on one page. */
export function EditPage({
  view,
  entry,
  filled,
  reason,
  problems,
}: {
  view: View;
  entry: Entry;
  filled: Filled;
  reason: string;
  problems: readonly Problem[];
}) {
  const { t } = view;
  const errorAt = (field: string) => {
    const found = problems.find((one) => one.path[0] === field);
    return found && view.problemText(found);
  };
  const area = (field: string, label: string, rows = 3) => (
    <TextArea
      view={view}
      name={field}
      label={label}
      hint={t('authorities.edit-list-hint')}
      value={filled[field] ?? ''}
      rows={rows}
      dir="auto"
      optional
      error={errorAt(field)}
    />
  );
  return (
    <DirectoryPage view={view} title={t('authorities.edit-title')} error={problems.length > 0}>
      {problems.length > 0 ? (
        <ErrorSummary
          view={view}
          problems={problems}
          hrefOf={(one) => (one.path[0] === undefined ? undefined : `#${fieldId([one.path[0]])}`)}
        />
      ) : null}
      <BackLink href="/authorities/mine">{t('authorities.mine-title')}</BackLink>
      <Heading title={t('authorities.edit-title')} eyebrow={<Bdi>{entry.id}</Bdi>} lede={t('authorities.edit-lead')} />
      <Form view={view} action={`/authorities/mine/${entry.id}/edit`}>
        {area('names', t('authorities.names'))}
        {lineFields.map((field) => (
          <TextInput
            view={view}
            name={field}
            label={labelOf(view, field)}
            value={filled[field] ?? ''}
            optional
            error={errorAt(field)}
          />
        ))}
        {area('emails', t('authorities.emails'))}
        {area('phones', t('authorities.phones'))}
        {area('officeHours', t('authorities.office-hours'), 6)}
        {area('languages', t('authorities.languages'))}
        <DateInput
          view={view}
          name="validFrom"
          label={t('authorities.valid')}
          value={filled['validFrom'] ?? ''}
          width={12}
          error={errorAt('validFrom')}
        />
        {area('notes', t('authorities.notes'))}
        <TextInput
          view={view}
          name="reason"
          label={t('authorities.edit-reason')}
          value={reason}
          optional
          error={errorAt('reason')}
        />
        <Actions>
          <Button kind="main">{t('authorities.save')}</Button>
        </Actions>
      </Form>
    </DirectoryPage>
  );
}
