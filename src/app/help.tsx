import { NotFound } from '../platform/errors.ts';
import { page, type PageRoute } from '../platform/http/routes.ts';
import type { MessageKey } from '../platform/i18n/index.ts';
import { isUnknown } from '../platform/values/index.ts';
import { getAuthority, type EntryView } from '../modules/authorities/index.ts';
import { admits, type Context, type Permission } from '../modules/identity/index.ts';
import { Actions, Bdi, Button, Empty, Facts, Heading, Num, Section, type View } from '../web/index.ts';
import { Shell } from './pages.tsx';

interface Task {
  href: string;
  label: MessageKey;
  hint: MessageKey;
  permission: Permission;
}

/** The main tasks in the order of the work; a reader sees those their roles allow. */
const tasks: readonly Task[] = [
  { href: '/law/basis', label: 'app.help-law', hint: 'app.help-law-hint', permission: 'treaties.read' },
  { href: '/authorities', label: 'app.help-ask-whom', hint: 'app.help-ask-whom-hint', permission: 'authorities.read-public' },
  { href: '/case-files/new', label: 'app.help-case-file', hint: 'app.help-case-file-hint', permission: 'evidence.open-case-file' },
  { href: '/requests/new', label: 'app.help-write', hint: 'app.help-write-hint', permission: 'requests.create' },
  { href: '/approvals', label: 'app.help-approve', hint: 'app.help-approve-hint', permission: 'requests.sign' },
  { href: '/authorities/mine', label: 'app.help-directory', hint: 'app.help-directory-hint', permission: 'authorities.edit' },
  { href: '/system/people', label: 'app.help-people', hint: 'app.help-people-hint', permission: 'identity.manage-people' },
  { href: '/oversight', label: 'app.help-oversight', hint: 'app.help-oversight-hint', permission: 'audit.read' },
  { href: '/verify', label: 'app.help-verify', hint: 'app.help-verify-hint', permission: 'requests.verify' },
]; // prettier-ignore

const stuck = ['app.help-stuck-reference', 'app.help-stuck-typed', 'app.help-stuck-access'] as const;

function HelpPage({ view, shown }: { view: View; shown: readonly Task[] }) {
  const { t } = view;
  return (
    <Shell view={view} title={t('app.help-title')}>
      <Heading title={t('app.help-title')} lede={t('app.help-lede')} />
      <ul class="doors">
        {shown.map((task) => (
          <li>
            <a href={task.href}>{t(task.label)}</a>
            <p class="hint">{t(task.hint)}</p>
          </li>
        ))}
      </ul>
      <Section title={t('app.help-stuck')} id="stuck">
        <ul>
          {stuck.map((key) => (
            <li>{t(key)}</li>
          ))}
        </ul>
      </Section>
      <p>
        <a href="/help/ask">{t('app.ask-title')}</a> · <a href="/help/duty">{t('app.duty-title')}</a>
      </p>
    </Shell>
  );
}

const askSteps = ['app.ask-address', 'app.ask-member', 'app.ask-content'] as const;

function AskPage({ view, colleagues }: { view: View; colleagues: readonly string[] }) {
  const { t } = view;
  return (
    <Shell view={view} title={t('app.ask-title')}>
      <Heading title={t('app.ask-title')} lede={t('app.ask-lede')} />
      <ol>
        {askSteps.map((key) => (
          <li>{t(key)}</li>
        ))}
      </ol>
      {view.person ? (
        <Section title={t('app.ask-who')} id="colleagues">
          {colleagues.length === 0 ? (
            <p class="muted">{t('app.ask-nobody')}</p>
          ) : (
            <ul>
              {colleagues.map((name) => (
                <li>
                  <Bdi>{name}</Bdi>
                </li>
              ))}
            </ul>
          )}
        </Section>
      ) : null}
    </Shell>
  );
}

function DutyPage({ view, entry }: { view: View; entry: EntryView | undefined }) {
  const { t } = view;
  const urgent = entry && !isUnknown(entry.version.entry.urgentPhone) ? entry.version.entry.urgentPhone : undefined;
  const phones = entry && !isUnknown(entry.version.entry.phones) ? entry.version.entry.phones : [];
  const line = (number: string) => (
    <a href={`tel:${number}`}>
      <Num>{number}</Num>
    </a>
  );
  return (
    <Shell view={view} title={t('app.duty-title')}>
      <Heading title={t('app.duty-title')} lede={t('app.duty-lede')} />
      {entry && (urgent || phones.length > 0) ? (
        <Facts
          items={[
            { label: t('app.duty-office'), value: <Bdi>{entry.name}</Bdi> },
            ...(urgent ? [{ label: t('app.duty-urgent'), value: line(urgent) }] : []),
            ...(phones.length > 0
              ? [{ label: t('app.duty-phone'), value: phones.map((one) => <p>{line(one)}</p>) }]
              : []),
            ...(entry.hours.localTime
              ? [
                  {
                    label: t('app.duty-time'),
                    value: <Num>{entry.hours.localTime.slice(-5)}</Num>,
                    source: entry.hours.timeZone,
                  },
                ]
              : []),
          ]}
        />
      ) : (
        <Empty title={t('app.duty-none')}>{t(view.person ? 'app.duty-none-why' : 'app.duty-sign-in')}</Empty>
      )}
      {entry ? (
        <Actions>
          <Button href={`/authorities/${encodeURIComponent(entry.version.entry.id)}`}>{t('app.duty-entry')}</Button>
        </Actions>
      ) : null}
    </Shell>
  );
}

export interface HelpParts {
  /** Directory entry of the authority that runs the node; empty when none is set. */
  ownAuthority: string;
  colleagues(ctx: Context): Promise<{ id: string; name: string }[]>;
}

async function ownEntry(ctx: Context, id: string): Promise<EntryView | undefined> {
  if (id === '') return undefined;
  try {
    return await getAuthority(ctx, id);
  } catch (error) {
    // No entry is published yet: the page says so.
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** The three pages behind the help links of every page. */
export function helpPages(parts: HelpParts): PageRoute<Context, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/help',
      permission: 'treaties.read',
      handler: async ({ ctx, view }) =>
        page(<HelpPage view={view} shown={tasks.filter((task) => admits(ctx.actor, task.permission))} />),
    },
    {
      kind: 'page',
      method: 'get',
      path: '/help/ask',
      permission: 'treaties.read',
      async handler({ ctx, view }) {
        const { actor } = ctx;
        const all = actor.kind === 'person' ? await parts.colleagues(ctx) : [];
        const others = all.filter((one) => actor.kind === 'person' && one.id !== actor.id).map((one) => one.name);
        return page(
          <AskPage view={view} colleagues={others.sort(new Intl.Collator(view.locale).compare).slice(0, 200)} />,
        );
      },
    },
    {
      kind: 'page',
      method: 'get',
      path: '/help/duty',
      permission: 'authorities.read-public',
      audit: 'authorities.read-restricted',
      handler: async ({ ctx, view }) => page(<DutyPage view={view} entry={await ownEntry(ctx, parts.ownAuthority)} />),
    },
  ];
}
