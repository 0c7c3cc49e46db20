import { addDays, isUnknown, type PlainDate, type StateCode } from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Button,
  Callout,
  DataTable,
  Heading,
  Num,
  Ref,
  Section,
  StatusMark,
  type View,
} from '../../../web/index.ts';
import { profileSwitches } from '../rules/index.ts';
import {
  itemCodes,
  itemGroups,
  type Calendar,
  type ItemCode,
  type ItemGroup,
  type ProfileOn,
} from '../schema/index.ts';
import type { ListedEntry } from '../service/index.ts';
import { DirectoryPage } from './shell.tsx';
import { nameFor, ProfileValue, purposeWords, textIn, TrustMark, unknownWords } from './words.tsx';

interface Props {
  view: View;
  state: StateCode;
  entries: readonly ListedEntry[];
  profile: ProfileOn;
  calendar: Calendar | undefined;
  frozen: boolean;
  today: PlainDate;
}

/** `/authorities/states/XB`: all desks, what the State requires, its calendar, and what is unknown. */
export function StatePage({ view, state, entries, profile, calendar, frozen, today }: Props) {
  const { t } = view;
  const name = view.stateName(state);
  const confirmed = entries.filter((one) => one.trust.mark === 'confirmed').length;
  const missing = itemCodes.filter((code) => isUnknown(profile.items[code]));
  return (
    <DirectoryPage view={view} title={t('authorities.state-title', { state: name })}>
      <BackLink href="/authorities">{t('authorities.find-title')}</BackLink>
      <Heading
        title={t('authorities.state-title', { state: name })}
        lede={t('authorities.share-confirmed', { confirmed, all: entries.length })}
      />
      {frozen ? <Callout tone="seal">{t('authorities.frozen-note')}</Callout> : null}
      <Section title={t('authorities.state-desks')} id="desks">
        <DataTable
          view={view}
          caption={t('authorities.state-desks')}
          captionHidden
          stack
          rows={entries}
          empty={t('authorities.not-found-list')}
          columns={[
            {
              id: 'name',
              label: t('authorities.name'),
              header: true,
              cell: (one) => <a href={`/authorities/${one.version.entry.id}`}>{nameFor(view, one.version.entry)}</a>,
            },
            {
              id: 'role',
              label: t('authorities.role'),
              cell: (one) => t(`authorities.role.${one.version.entry.role}`),
            },
            {
              id: 'holds',
              label: t('authorities.holds'),
              cell: (one) =>
                view.formats.list([
                  ...new Set(one.version.entry.designations.map((held) => purposeWords(view, held.function))),
                ]),
            },
            {
              id: 'unit',
              label: t('authorities.unit'),
              cell: (one) =>
                one.version.entry.territory ? (
                  <Ref value={one.version.entry.territory} />
                ) : (
                  t('authorities.whole-state')
                ),
            },
            { id: 'trust', label: t('authorities.trust'), cell: (one) => <TrustMark view={view} trust={one.trust} /> },
          ]}
        />
      </Section>
      <Section title={t('authorities.state-profile', { state: name })} id="profile">
        {missing.length === itemCodes.length ? (
          <p>{t('authorities.state-profile-none', { state: name })}</p>
        ) : (
          <ProfileTables view={view} profile={profile} />
        )}
        <p>
          <a href={`/authorities/states/${state}/profile`}>{t('authorities.profile-test')}</a>
        </p>
      </Section>
      <Section title={t('authorities.state-unknown')} id="unknown">
        <p>{t('authorities.state-unknown-lead', { count: missing.length })}</p>
        {missing.length > 0 && missing.length < itemCodes.length ? (
          <ul>
            {missing.map((code) => (
              <li>{t(`authorities.item.${code}`)}</li>
            ))}
          </ul>
        ) : null}
      </Section>
      <Section title={t('authorities.state-calendar')} id="calendar">
        {calendar ? (
          <CalendarView view={view} calendar={calendar} today={today} />
        ) : (
          <p>{t('authorities.state-calendar-none')}</p>
        )}
      </Section>
    </DirectoryPage>
  );
}

function ProfileTables({ view, profile }: { view: View; profile: ProfileOn }) {
  return (
    <>
      {(Object.keys(itemGroups) as ItemGroup[]).map((group) => (
        <GroupTable view={view} profile={profile} group={group} />
      ))}
    </>
  );
}

function GroupTable({ view, profile, group }: { view: View; profile: ProfileOn; group: ItemGroup }) {
  const { t, formats } = view;
  const codes: readonly ItemCode[] = itemGroups[group];
  return (
    <DataTable
      view={view}
      caption={t(`authorities.group.${group}`)}
      stack
      rows={codes.filter((code) => !isUnknown(profile.items[code]))}
      empty={t('authorities.unknown.not-coded')}
      columns={[
        { id: 'item', label: t('authorities.item'), header: true, cell: (code) => t(`authorities.item.${code}`) },
        {
          id: 'value',
          label: t('authorities.value'),
          cell: (code) => {
            const item = profile.items[code];
            if (isUnknown(item)) return unknownWords(view, item);
            return (
              <>
                <ProfileValue view={view} value={item.value} />
                {item.note ? <span class="source">{textIn(view, item.note)}</span> : null}
              </>
            );
          },
        },
        {
          id: 'source',
          label: t('authorities.source'),
          cell: (code) => {
            const item = profile.items[code];
            if (isUnknown(item)) return null;
            return `${item.source}${item.locator ? `, ${item.locator}` : ''} · ${formats.day(item.asOf)}`;
          },
        },
      ]}
    />
  );
}

function CalendarView({ view, calendar, today }: { view: View; calendar: Calendar; today: PlainDate }) {
  const { t, formats } = view;
  const until = addDays(today, 366);
  const next = calendar.holidays.filter((one) => one.on >= today && one.on < until);
  const halves = calendar.halfDays.filter((one) => one.on >= today && one.on < until);
  return (
    <>
      <p>
        {t('authorities.weekly-rest')}:{' '}
        {formats.list(calendar.weeklyRest.map((day) => t('authorities.weekday', { day })))}
      </p>
      <h3>{t('authorities.holidays-next')}</h3>
      <ul class="plain-list">
        {next.map((one) => (
          <li>
            {formats.dayWithWeekday(one.on)}: {textIn(view, one.names)}
            {one.status === 'expected' ? <span class="source">{t('authorities.expected')}</span> : null}
          </li>
        ))}
        {halves.map((one) => (
          <li>
            {formats.dayWithWeekday(one.on)}: {textIn(view, one.names)}{' '}
            <span class="source">{t('authorities.half-day', { until: one.until })}</span>
          </li>
        ))}
      </ul>
      <Actions>
        <Button href={`/api/authorities/calendars/${calendar.state}/holidays.ics`}>
          {t('authorities.calendar-file')}
        </Button>
        <Button href={`/api/authorities/export?format=csv&state=${calendar.state}`}>
          {t('authorities.table-file')}
        </Button>
      </Actions>
    </>
  );
}

/** `/authorities/states/XB/profile`: every item with the rules that it switches on. */
export function ProfilePage({ view, profile }: { view: View; profile: ProfileOn }) {
  const { t } = view;
  const name = view.stateName(profile.state);
  return (
    <DirectoryPage view={view} title={t('authorities.profile-title', { state: name })}>
      <BackLink href={`/authorities/states/${profile.state}`}>{t('authorities.state-title', { state: name })}</BackLink>
      <Heading
        title={t('authorities.profile-title', { state: name })}
        lede={t('authorities.state-unknown-lead', {
          count: itemCodes.filter((code) => isUnknown(profile.items[code])).length,
        })}
      />
      <ProfileTables view={view} profile={profile} />
      <Section title={t('authorities.profile-test')} id="switches">
        <DataTable
          view={view}
          caption={t('authorities.profile-test')}
          captionHidden
          rows={profileSwitches(profile)}
          columns={[
            {
              id: 'item',
              label: t('authorities.item'),
              header: true,
              cell: (one) => t(`authorities.item.${one.item}`),
            },
            { id: 'rules', label: t('authorities.drives'), cell: (one) => <Num>{one.rules.join(', ')}</Num> },
            {
              id: 'effect',
              label: t('authorities.value'),
              cell: (one) =>
                one.effect === 'applies' ? (
                  <StatusMark mark="done" tone="success">
                    {t('authorities.applies')}
                  </StatusMark>
                ) : (
                  <StatusMark mark="unknown" tone="warning">
                    {t('authorities.only-warns')}
                  </StatusMark>
                ),
            },
          ]}
        />
      </Section>
    </DirectoryPage>
  );
}
