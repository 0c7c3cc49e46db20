import { isUnknown, type Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Bdi,
  Button,
  DateInput,
  Empty,
  ErrorSummary,
  fieldId,
  Form,
  Heading,
  Notice,
  Section,
  TextArea,
  TextInput,
  type View,
} from '../../../web/index.ts';
import type { Entry } from '../schema/index.ts';
import type { Draft } from '../store.ts';
import type { Health, ListedEntry } from '../service/index.ts';
import { DirectoryPage } from './shell.tsx';
import { nameFor, TrustMark, trustWords } from './words.tsx';

interface Props {
  view: View;
  entries: readonly ListedEntry[];
  drafts: readonly Draft[];
  personId: string;
  may: { edit: boolean; publish: boolean; confirm: boolean };
  done: 'confirmed' | 'saved' | 'published' | undefined;
  problems: readonly Problem[];
}

const doneWords = {
  confirmed: 'authorities.confirmed-done',
  saved: 'authorities.draft-saved',
  published: 'authorities.published-done',
} as const;

/** `/authorities/mine`: confirm, change, publish. */
export function MinePage({ view, entries, drafts, personId, may, done, problems }: Props) {
  const { t } = view;
  return (
    <DirectoryPage view={view} title={t('authorities.mine-title')} error={problems.length > 0}>
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <BackLink href="/authorities">{t('authorities.find-title')}</BackLink>
      <Heading title={t('authorities.mine-title')} lede={t('authorities.mine-lead')} />
      {done ? <Notice view={view} kind="success" title={t(doneWords[done])} /> : null}
      {entries.length === 0 ? <Empty title={t('authorities.mine-empty')} motif="map" /> : null}
      {entries.map((one) => (
        <OneEntry view={view} one={one} may={may} />
      ))}
      <Section title={t('authorities.drafts')} id="drafts">
        {drafts.length === 0 ? <p class="muted">{t('authorities.drafts-empty')}</p> : null}
        {drafts.map((draft) => (
          <OneDraft view={view} draft={draft} own={draft.writtenBy === personId} may={may} />
        ))}
      </Section>
    </DirectoryPage>
  );
}

function OneEntry({ view, one, may }: { view: View; one: ListedEntry; may: Props['may'] }) {
  const { t } = view;
  const { entry } = one.version;
  const anchor = entry.id.split(':')[1] ?? 'entry';
  return (
    <Section
      title={<a href={`/authorities/${entry.id}`}>{nameFor(view, entry)}</a>}
      id={anchor}
      end={<TrustMark view={view} trust={one.trust} />}
    >
      <p>
        {t(`authorities.role.${entry.role}`)} · {trustWords(view, one.trust)}
      </p>
      {may.confirm ? (
        <Form view={view} action="/authorities/mine/confirm">
          <input type="hidden" name="id" value={entry.id} />
          <TextInput
            view={view}
            name={`post-${anchor}`}
            label={t('authorities.confirm-post')}
            value={isUnknown(entry.confirmedBy) ? '' : entry.confirmedBy}
          />
          <Actions>
            <Button>{t('authorities.confirm')}</Button>
            {may.edit ? <Button href={`/authorities/mine/${entry.id}/edit`}>{t('authorities.edit')}</Button> : null}
          </Actions>
        </Form>
      ) : null}
    </Section>
  );
}

function OneDraft({ view, draft, own, may }: { view: View; draft: Draft; own: boolean; may: Props['may'] }) {
  const { t, formats } = view;
  return (
    <Form view={view} action="/authorities/mine/publish">
      <input type="hidden" name="draft" value={draft.id} />
      <p>
        <Bdi>{draft.recordId}</Bdi> · {formats.moment(draft.writtenAt, view.node.zone)}
        {draft.reason ? <span class="source">{draft.reason}</span> : null}
      </p>
      {own ? <p class="muted">{t('authorities.draft-by-you')}</p> : null}
      <Actions>
        {may.publish && !own ? <Button kind="main">{t('authorities.publish')}</Button> : null}
        {may.edit ? <Button formaction="/authorities/mine/discard">{t('authorities.discard')}</Button> : null}
      </Actions>
    </Form>
  );
}

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

/** `/authorities/health`: how far the directory is confirmed, and what waits. */
export function HealthPage({ view, health, editor }: { view: View; health: Health; editor: boolean }) {
  const { t, formats } = view;
  const none = <p class="muted">{t('authorities.health-none')}</p>;
  return (
    <DirectoryPage view={view} title={t('authorities.health-title')}>
      <BackLink href="/authorities">{t('authorities.find-title')}</BackLink>
      <Heading title={t('authorities.health-title')} />
      <Section title={t('authorities.health-states')} id="states">
        <ul class="plain-list">
          {health.states.map((one) => (
            <li>
              <a href={`/authorities/states/${one.state}`}>{view.stateName(one.state)}</a>:{' '}
              {t('authorities.share-confirmed', { confirmed: one.confirmed, all: one.entries })}
              {one.frozen ? <span class="source">{t('authorities.frozen-note')}</span> : null}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('authorities.health-overlaps')} id="overlaps">
        {health.overlaps.length === 0 ? none : null}
        <ul class="plain-list">
          {health.overlaps.map((one) => (
            <li>
              <a href={`/authorities/${one.id}`}>{one.id}</a> · <a href={`/authorities/${one.other}`}>{one.other}</a>
            </li>
          ))}
        </ul>
      </Section>
      {editor ? (
        <>
          <Section title={t('authorities.health-urgent')} id="urgent">
            {health.urgentToCheck.length === 0 ? none : null}
            <ul class="plain-list">
              {health.urgentToCheck.map((one) => (
                <li>
                  <a href={`/authorities/${one.id}`}>{one.id}</a> · {formats.moment(one.recordedAt, view.node.zone)}{' '}
                  {one.late ? <b>{t('authorities.late')}</b> : null}
                </li>
              ))}
            </ul>
          </Section>
          <Section title={t('authorities.health-feedback')} id="feedback">
            {health.feedback.length === 0 ? none : null}
            <ul class="plain-list">
              {health.feedback.map((one) => (
                <li>
                  <a href={`/authorities/${one.recordId}`}>{one.recordId}</a>: <Bdi>{one.text}</Bdi> ·{' '}
                  {t('authorities.due-on', { day: formats.day(one.dueOn) })}{' '}
                  {one.late ? <b>{t('authorities.late')}</b> : null}
                </li>
              ))}
            </ul>
          </Section>
        </>
      ) : null}
    </DirectoryPage>
  );
}
