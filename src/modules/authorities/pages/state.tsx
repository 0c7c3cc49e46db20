import { addDays, isUnknown, type PlainDate, type StateCode } from '../../../platform/values/index.ts';
import {
  BackLink,
  Bdi,
  Callout,
  DataTable,
  Heading,
  Ref,
  Section,
  SideSection,
  SummaryList,
  type View,
} from '../../../web/index.ts';
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
import {
  nameFor,
  ProfileValue,
  purposeWords,
  sentence,
  ShareConfirmed,
  textIn,
  TrustMark,
  unknownWords,
} from './words.tsx';

interface Props {
  view: View;
  state: StateCode;
  entries: readonly ListedEntry[];
  profile: ProfileOn;
  calendar: Calendar | undefined;
  frozen: boolean;
  today: PlainDate;
  /** Own State and allowed to write: links to the editors. */
  editor: boolean;
}

/** `/authorities/states/XB`: all desks, what the State requires, its calendar, and what is unknown. */
export function StatePage(props: Props) {
  const { view, state, profile, calendar, frozen, today, editor } = props;
  const { t } = view;
  const name = view.stateName(state);
  const missing = itemCodes.filter((code) => isUnknown(profile.items[code]));
  return (
    <DirectoryPage
      view={view}
      title={t('authorities.state-title', { state: name })}
      head={
        <>
          <BackLink href="/authorities">{t('authorities.find-title')}</BackLink>
          <Heading
            title={t('authorities.state-title', { state: name })}
            lede={t('authorities.state-lead', {
              desks: props.entries.length,
              items: itemCodes.length - missing.length,
            })}
          />
          {frozen ? <Callout tone="seal">{t('authorities.frozen-note')}</Callout> : null}
        </>
      }
      side={<Side {...props} missing={missing} />}
      sideLabel={t('authorities.state-side')}
    >
      <Desks {...props} />
      <Section
        title={t('authorities.state-profile', { state: name })}
        id="profile"
        end={
          editor ? (
            <a href={`/authorities/profiles/${state}/edit`}>{t('authorities.edit-profile')}</a>
          ) : missing.length < itemCodes.length ? (
            <a href={`/authorities/states/${state}/profile`}>{t('authorities.profile-test')}</a>
          ) : undefined
        }
      >
        {missing.length === itemCodes.length ? (
          <p class="measure">{t('authorities.state-profile-none', { state: name })}</p>
        ) : (
          <ProfileGroups view={view} profile={profile} />
        )}
      </Section>
      <Section
        title={t('authorities.state-calendar')}
        id="calendar"
        end={
          editor ? (
            <a href={`/authorities/calendars/${calendar?.id ?? `${state}:national`}/edit`}>
              {t('authorities.edit-calendar')}
            </a>
          ) : undefined
        }
      >
        {calendar ? (
          <CalendarView view={view} calendar={calendar} today={today} />
        ) : (
          <p class="measure">{t('authorities.state-calendar-none')}</p>
        )}
      </Section>
    </DirectoryPage>
  );
}

function Side({ view, state, entries, calendar, missing }: Props & { missing: readonly ItemCode[] }) {
  const { t } = view;
  const confirmed = entries.filter((one) => one.trust.mark === 'confirmed').length;
  return (
    <>
      <SideSection title={t('authorities.confirmed-lately')}>
        <p>
          <ShareConfirmed view={view} confirmed={confirmed} all={entries.length} />
        </p>
      </SideSection>
      <SideSection title={t('authorities.state-unknown')}>
        <p>{t('authorities.state-unknown-lead', { count: missing.length })}</p>
        {missing.length > 0 && missing.length < itemCodes.length ? (
          <ul class="dotted muted">
            {missing.map((code) => (
              <li>{t(`authorities.item.${code}`)}</li>
            ))}
          </ul>
        ) : null}
      </SideSection>
      <SideSection title={t('authorities.take-along')}>
        <ul class="links">
          <li>
            <a href={`/api/authorities/export?format=pdf&state=${state}&lang=${view.locale}`}>
              {t('authorities.booklet')}
            </a>
          </li>
          <li>
            <a href={`/api/authorities/export?format=csv&state=${state}`}>{t('authorities.table-file')}</a>
          </li>
          {calendar ? (
            <li>
              <a href={`/api/authorities/calendars/${state}/holidays.ics`}>{t('authorities.calendar-file')}</a>
            </li>
          ) : null}
        </ul>
      </SideSection>
    </>
  );
}

function Desks({ view, entries }: Props) {
  const { t } = view;
  const hasUnits = entries.some((one) => one.version.entry.territory !== null);
  return (
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
            cell: (one) => (
              <>
                <a href={`/authorities/${one.version.entry.id}`}>
                  <Bdi>{nameFor(view, one.version.entry)}</Bdi>
                </a>
                <span class="source line">{t(`authorities.role.${one.version.entry.role}`)}</span>
              </>
            ),
          },
          {
            id: 'holds',
            label: t('authorities.holds'),
            cell: (one) =>
              sentence(
                view,
                view.formats.list([
                  ...new Set(one.version.entry.designations.map((held) => purposeWords(view, held.function))),
                ]),
              ),
          },
          ...(hasUnits
            ? [
                {
                  id: 'unit',
                  label: t('authorities.unit'),
                  nowrap: true,
                  cell: (one: ListedEntry) =>
                    one.version.entry.territory ? (
                      <Ref value={one.version.entry.territory} />
                    ) : (
                      <span class="muted">{t('authorities.whole-state')}</span>
                    ),
                },
              ]
            : []),
          { id: 'trust', label: t('authorities.trust'), cell: (one) => <TrustMark view={view} trust={one.trust} /> },
        ]}
      />
    </Section>
  );
}

/** What the State requires, group by group, each answer with its source. */
export function ProfileGroups({
  view,
  profile,
  changeHref,
}: {
  view: View;
  profile: ProfileOn;
  /** With it, unknown items are listed too, and each has its Change link. */
  changeHref?: (code: ItemCode) => string;
}) {
  const { t, formats } = view;
  return (
    <>
      {(Object.keys(itemGroups) as ItemGroup[]).map((group) => {
        const all: readonly ItemCode[] = itemGroups[group];
        const codes = changeHref ? all : all.filter((code) => !isUnknown(profile.items[code]));
        if (codes.length === 0) return null;
        return (
          <section class="profile-group">
            {changeHref ? <h2>{t(`authorities.group.${group}`)}</h2> : <h3>{t(`authorities.group.${group}`)}</h3>}
            <SummaryList
              view={view}
              rows={codes.map((code) => {
                const item = profile.items[code];
                const words = t(`authorities.item.${code}`);
                return {
                  label: words,
                  ...(changeHref && { changeHref: changeHref(code), changeWhat: words }),
                  value: isUnknown(item) ? (
                    <span class="muted">{unknownWords(view, item)}</span>
                  ) : (
                    <>
                      <ProfileValue view={view} value={item.value} />
                      {item.note ? <span class="line">{textIn(view, item.note)}</span> : null}
                      <span class="source line">
                        <Bdi>{`${item.source}${item.locator ? `, ${item.locator}` : ''}`}</Bdi> ·{' '}
                        {formats.day(item.asOf)}
                      </span>
                    </>
                  ),
                };
              })}
            />
          </section>
        );
      })}
    </>
  );
}

/** Weekly rest and the holidays of the next twelve months. */
export function CalendarView({ view, calendar, today }: { view: View; calendar: Calendar; today: PlainDate }) {
  const { t, formats } = view;
  const until = addDays(today, 366);
  const days = [
    ...calendar.holidays.map((one) => ({
      on: one.on,
      names: one.names,
      more: one.status === 'expected' ? t('authorities.expected') : '',
    })),
    ...calendar.halfDays.map((one) => ({
      on: one.on,
      names: one.names,
      more: t('authorities.half-day', { until: one.until }),
    })),
  ]
    .filter((one) => one.on >= today && one.on < until)
    .sort((a, b) => (a.on < b.on ? -1 : 1));
  return (
    <>
      <p>
        {t('authorities.weekly-rest')}:{' '}
        <b>{formats.list(calendar.weeklyRest.map((day) => t('authorities.weekday', { day })))}</b>
      </p>
      <DataTable
        view={view}
        caption={t('authorities.holidays-next')}
        rows={days}
        empty={t('authorities.holidays-none')}
        columns={[
          { id: 'on', label: t('authorities.day'), nowrap: true, cell: (one) => formats.dayWithWeekday(one.on) },
          {
            id: 'name',
            label: t('authorities.holiday-name'),
            cell: (one) => (
              <>
                <Bdi>{textIn(view, one.names)}</Bdi>
                {one.more ? <span class="source line">{one.more}</span> : null}
              </>
            ),
          },
        ]}
      />
    </>
  );
}
