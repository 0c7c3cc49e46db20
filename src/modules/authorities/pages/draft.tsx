import { isUnknown, type Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Bdi,
  DataTable,
  ErrorSummary,
  Heading,
  Ref,
  Section,
  type Content,
  type View,
} from '../../../web/index.ts';
import { itemCodes } from '../schema/index.ts';
import type { Draft } from '../store/index.ts';
import { DirectoryPage } from './shell.tsx';
import { ProfileValue, textIn, unknownWords } from './words.tsx';

interface Change {
  part: string;
  was: unknown;
  becomes: unknown;
}

type Parts = Readonly<Record<string, unknown>>;

/** Parts of a body that a reader knows by name: items of a profile, fields of an entry or a calendar. */
function partsOfBody(kind: Draft['kind'], body: unknown): Parts {
  const whole = (body ?? {}) as Parts;
  return kind === 'requirement-profile' ? ((whole['items'] ?? {}) as Parts) : whole;
}

/** What differs between the published body and the draft, part by part. */
export function changesOf(draft: Draft, published: unknown): Change[] {
  const [was, becomes] = [partsOfBody(draft.kind, published), partsOfBody(draft.kind, draft.body)];
  const names =
    draft.kind === 'requirement-profile' ? itemCodes : [...new Set([...Object.keys(was), ...Object.keys(becomes)])];
  return names.flatMap((part) => {
    const [a, b] = [was[part], becomes[part]];
    // Contact data of an entry known here only to its drafts would else look new at every change.
    if (part === 'notes' && (a ?? '') === (b ?? '')) return [];
    return sameValue(a, b) ? [] : [{ part, was: a, becomes: b }];
  });
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

const entryLabels: Readonly<Record<string, string>> = {
  names: 'names',
  department: 'department',
  kind: 'kind',
  role: 'role',
  designations: 'designations',
  postal: 'line.postal',
  street: 'line.street',
  postcode: 'line.postcode',
  city: 'line.city',
  website: 'website',
  emails: 'emails',
  phones: 'phones',
  fax: 'fax',
  urgentPhone: 'urgent-phone',
  contactPersons: 'contact-persons',
  nodeId: 'secure-address',
  timeZone: 'time-zone',
  officeHours: 'office-hours',
  weeklyRest: 'weekly-rest',
  dutyService: 'duty',
  languages: 'languages',
  translationRule: 'translation',
  channels: 'channels',
  networks: 'networks',
  validFrom: 'valid',
  confirmedOn: 'trust',
  notes: 'notes',
  calendar: 'state-calendar',
  holidays: 'holidays',
  halfDays: 'half-days',
  years: 'years-complete',
  territory: 'unit',
};

function partLabel(view: View, part: string): string {
  for (const key of [`authorities.item.${part}`, `authorities.${entryLabels[part] ?? part}`])
    if (view.t.has(key)) return view.t.code(key);
  return part;
}

/** A value of a record as a reader follows it: lists line by line, days by their names. */
function Shown({ view, part, value }: { view: View; part: string; value: unknown }): Content {
  const { t, formats } = view;
  if (value === undefined || value === null) return <span class="muted">{t('authorities.unknown.not-coded')}</span>;
  if (isUnknown(value)) return <span class="muted">{unknownWords(view, value)}</span>;
  if (part === 'holidays' || part === 'halfDays')
    return (
      <ul>
        {(value as { on: never; names: never }[]).map((one) => (
          <li>
            {formats.dayWithWeekday(one.on)} <Bdi>{textIn(view, one.names)}</Bdi>
          </li>
        ))}
      </ul>
    );
  if (part === 'weeklyRest') return formats.list((value as number[]).map((day) => t('authorities.weekday', { day })));
  if (part === 'years') return <bdi dir="ltr">{(value as number[]).join(', ')}</bdi>;
  if (part === 'names')
    return (
      <ul>
        {(value as { text: string }[]).map((one) => (
          <li>
            <Bdi>{one.text}</Bdi>
          </li>
        ))}
      </ul>
    );
  if (part === 'officeHours')
    return (
      <ul>
        {(value as { weekday: number; from: string; to: string }[]).map((one) => (
          <li>
            {t('authorities.weekday', { day: one.weekday })} <bdi dir="ltr">{`${one.from}–${one.to}`}</bdi>
          </li>
        ))}
      </ul>
    );
  const item = value as { value?: unknown; source?: unknown };
  if (typeof value === 'object' && 'value' in value && 'source' in value)
    return (
      <>
        <ProfileValue view={view} value={item.value} />
        <span class="source line">
          <Bdi>{String(item.source)}</Bdi>
        </span>
      </>
    );
  return <ProfileValue view={view} value={value} />;
}

/** Days of a calendar that only one side has, so that a long list shows its change alone. */
function narrowed(change: Change): Change {
  if (change.part !== 'holidays' && change.part !== 'halfDays') return change;
  const [was, becomes] = [change.was ?? [], change.becomes ?? []] as [unknown[], unknown[]];
  const missing = (from: unknown[], other: unknown[]) =>
    from.filter((one) => !other.some((two) => sameValue(one, two)));
  return { part: change.part, was: missing(was, becomes), becomes: missing(becomes, was) };
}

/** `/authorities/drafts/…`: what a second official is asked to publish, beside what stands now. */
export function DraftPage({
  view,
  draft,
  published,
  own,
  may,
  problems,
}: {
  view: View;
  draft: Draft;
  published: unknown;
  own: boolean;
  may: { edit: boolean; publish: boolean };
  problems: readonly Problem[];
}) {
  const { t, formats } = view;
  const changes = changesOf(draft, published).map(narrowed);
  const title = draft.op === 'withdraw' ? t('authorities.draft-withdraw') : t(`authorities.draft.${draft.kind}`);
  return (
    <DirectoryPage
      view={view}
      title={t('authorities.draft-title')}
      error={problems.length > 0}
      head={
        <>
          {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
          <BackLink href="/authorities/mine">{t('authorities.mine-title')}</BackLink>
          <Heading
            title={t('authorities.draft-title')}
            eyebrow={
              <>
                <span>
                  {title} <Ref value={draft.recordId} />
                </span>{' '}
                <span>{formats.moment(draft.writtenAt, view.node.zone)}</span>
              </>
            }
            lede={own ? t('authorities.draft-by-you') : t('authorities.draft-lead')}
          />
        </>
      }
    >
      <Section title={t('authorities.see-change')} id="changes">
        <DataTable
          view={view}
          caption={t('authorities.see-change')}
          captionHidden
          stack
          rows={changes}
          empty={t('authorities.nothing-changes')}
          columns={[
            {
              id: 'part',
              label: t('authorities.part-changed'),
              header: true,
              cell: (one) => partLabel(view, one.part),
            },
            {
              id: 'was',
              label: t('authorities.was'),
              cell: (one) => <Shown view={view} part={one.part} value={one.was} />,
            },
            {
              id: 'becomes',
              label: t('authorities.becomes'),
              cell: (one) => <Shown view={view} part={one.part} value={one.becomes} />,
            },
          ]}
        />
      </Section>
      {draft.reason ? (
        <p class="measure">
          <Bdi>{draft.reason}</Bdi>
        </p>
      ) : null}
      <Actions>
        {may.publish && !own ? (
          <ActButton view={view} action="/authorities/mine/publish" values={{ draft: draft.id }} kind="main">
            {t('authorities.publish')}
          </ActButton>
        ) : null}
        {may.edit ? (
          <ActButton view={view} action="/authorities/mine/discard" values={{ draft: draft.id }} kind="link">
            {t('authorities.discard')}
          </ActButton>
        ) : null}
      </Actions>
    </DirectoryPage>
  );
}
