import { Conflict } from '../platform/errors.ts';
import type { ErrorReport } from '../platform/http/mount.ts';
import { page, redirect, type ApiRoute, type PageRoute, type PostedForm, type Route } from '../platform/http/routes.ts';
import type { MessageKey } from '../platform/i18n/index.ts';
import { admits, type Context, type Permission } from '../modules/identity/index.ts';
import {
  Actions,
  Button,
  DataTable,
  Facts,
  Form,
  Heading,
  Page,
  ProblemList,
  PublicPage,
  Section,
  type View,
} from '../web/index.ts';

type Child = Parameters<typeof PublicPage>[0]['children'];

/** The shell that fits the reader: with the rail for people signed in, without it for the public. */
export function Shell(props: { view: View; title: string; error?: boolean; current?: string; children?: Child }) {
  return props.view.person ? <Page {...props} /> : <PublicPage {...props} />;
}

const doors = [
  { href: '/law/basis', label: 'app.home-law', hint: 'app.home-law-hint' },
  { href: '/law/XVIII-12?on=2013-03-29', label: 'app.home-parties', hint: 'app.home-parties-hint' },
  { href: '/knowledge', label: 'app.home-knowledge', hint: 'app.home-knowledge-hint' },
  { href: '/authorities', label: 'app.home-authorities', hint: 'app.home-authorities-hint' },
  { href: '/verify', label: 'app.home-verify', hint: 'app.home-verify-hint' },
] as const;

function HomePage({ view, tour }: { view: View; tour: boolean }) {
  const shown = tour ? [{ href: '/tour', label: 'tour.link', hint: 'tour.link-hint' } as const, ...doors] : doors;
  return (
    <Shell view={view} title={view.t('app.home')}>
      <Heading title={view.t('app.home-title')} lede={view.t('app.home-lede')} />
      <ul class="doors">
        {shown.map((door) => (
          <li>
            <a href={door.href}>{view.t(door.label)}</a>
            <p class="hint">{view.t(door.hint)}</p>
          </li>
        ))}
      </ul>
      {view.person ? null : (
        <Actions>
          <Button kind="main" href="/sign-in">
            {view.t('app.home-sign-in')}
          </Button>
        </Actions>
      )}
    </Shell>
  );
}

function ApiPage({ view, routes }: { view: View; routes: readonly ApiRoute<Context>[] }) {
  const tags = [...new Set(routes.map((route) => route.tag))];
  return (
    <Shell view={view} title={view.t('app.api-title')}>
      <Heading title={view.t('app.api-title')} lede={view.t('app.api-lede')} />
      <p>
        <a href="/api/openapi.json">{view.t('app.api-download')}</a>
      </p>
      {tags.map((tag) => (
        <Section title={tag} id={tag}>
          <DataTable
            view={view}
            caption={tag}
            captionHidden
            columns={[
              {
                id: 'call',
                label: view.t('app.api-column-call'),
                header: true,
                cell: (route: ApiRoute<Context>) => (
                  <code dir="ltr">{`${route.method.toUpperCase()} ${route.path}`}</code>
                ),
              },
              {
                id: 'what',
                label: view.t('app.api-column-what'),
                cell: (route) => <span lang="en">{route.summary}</span>,
              },
              {
                id: 'permission',
                label: view.t('app.api-permission'),
                cell: (route) => <code dir="ltr">{route.permission}</code>,
              },
            ]}
            rows={routes.filter((route) => route.tag === tag)}
          />
        </Section>
      ))}
    </Shell>
  );
}

function AccessibilityPage({ view }: { view: View }) {
  return (
    <Shell view={view} title={view.t('app.accessibility-title')}>
      <Heading title={view.t('app.accessibility-title')} lede={view.t('app.accessibility-body')} />
      <p>{view.t('app.accessibility-tested')}</p>
      <p>{view.t('app.accessibility-known')}</p>
    </Shell>
  );
}

const errorTitles: Record<number, MessageKey> = {
  403: 'app.error-title-403',
  404: 'app.error-title-404',
  409: 'app.error-title-409',
  422: 'app.error-title-422',
  503: 'app.error-title-503',
};

/** A page for people when something did not work: what happened, what became of their text, whom to name. */
export function ErrorPage({ view, report }: { view: View; report: ErrorReport }) {
  const title = view.t(errorTitles[report.status] ?? 'app.error-title-500');
  return (
    <Shell view={view} title={title}>
      <Heading title={title} lede={view.t.code(report.code, report.params)} />
      {report.problems.length > 0 ? (
        <Section title={view.t('app.error-problems')} id="problems">
          <ProblemList view={view} problems={report.problems} />
        </Section>
      ) : null}
      {report.typed && Object.keys(report.typed.values).length > 0 ? (
        <TypedText view={view} typed={report.typed} action={view.path} send={view.t('app.error-send-again')} />
      ) : null}
      <Facts items={[{ label: view.t('app.error-reference'), value: <code dir="ltr">{report.reference}</code> }]} />
      <p>
        <a href="/">{view.t('app.home')}</a>
      </p>
    </Shell>
  );
}

const secretFields = /password|secret|code|assertion|token/i;

/** What a person had typed, to copy or to send once more. Passwords and codes are never shown again. */
function TypedText({ view, typed, action, send }: { view: View; typed: PostedForm; action: string; send: string }) {
  const shown = Object.entries(typed.values).filter(([name]) => !secretFields.test(name));
  return (
    <Section title={view.t('app.error-kept')} id="typed">
      <p class="hint">{view.t('app.error-kept-hint')}</p>
      <Form view={view} action={action}>
        {shown.flatMap(([name, values]) =>
          values.map((value, index) => (
            <div class="field">
              <label for={`kept-${name}-${index}`} dir="ltr">
                {name}
              </label>
              <textarea
                class="input"
                id={`kept-${name}-${index}`}
                name={name}
                dir="auto"
                rows={value.length > 80 ? 6 : 1}
              >
                {value}
              </textarea>
            </div>
          )),
        )}
        <Actions>
          <Button kind="main">{send}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

export interface AppPageParts {
  /** Whether the tour of the demo is there to lead to. */
  tour: boolean;
  routes(): readonly Route<Context, View>[];
  openKeptForm(id: string): Promise<{ path: string; form: PostedForm } | undefined>;
}

/** What a person's work begins with, by the first of these that the roles allow. */
const firstPages: readonly (readonly [Permission, string])[] = [
  ['requests.list', '/desk'],
  ['audit.read', '/oversight'],
  ['exchange.operate', '/system/exchange'],
];

/** Pages that belong to no module. */
export function appPages(parts: AppPageParts): PageRoute<Context, View>[] {
  const apiRoutes = () => parts.routes().filter((route): route is ApiRoute<Context> => route.kind === 'api');
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/',
      permission: 'treaties.read',
      async handler({ view, ctx }) {
        const first = firstPages.find(([permission]) => admits(ctx.actor, permission));
        return ctx.actor.kind === 'person' && first
          ? redirect(first[1])
          : page(<HomePage view={view} tour={parts.tour} />);
      },
    },
    {
      kind: 'page',
      method: 'get',
      path: '/start',
      permission: 'treaties.read',
      handler: async ({ view }) => page(<HomePage view={view} tour={parts.tour} />),
    },
    {
      kind: 'page',
      method: 'get',
      path: '/api',
      permission: 'treaties.read',
      handler: async ({ view }) => page(<ApiPage view={view} routes={apiRoutes()} />),
    },
    {
      kind: 'page',
      method: 'get',
      path: '/accessibility',
      permission: 'treaties.read',
      handler: async ({ view }) => page(<AccessibilityPage view={view} />),
    },
    {
      kind: 'page',
      method: 'get',
      path: '/kept/:id',
      permission: 'identity.own-account',
      handler: async ({ view, params }) => {
        const kept = await parts.openKeptForm(params.id ?? '');
        if (!kept) throw new Conflict('http.form-expired');
        return page(
          <Shell view={view} title={view.t('app.kept-title')}>
            <Heading title={view.t('app.kept-title')} lede={view.t('app.kept-lede')} />
            <TypedText view={view} typed={kept.form} action={kept.path} send={view.t('app.kept-send')} />
          </Shell>,
        );
      },
    },
  ];
}
