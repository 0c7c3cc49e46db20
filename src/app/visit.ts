import type { Context as HonoContext } from 'hono';
import { secret } from '../platform/random.ts';
import { formatsFor, stateName } from '../platform/i18n/formats.ts';
import {
  directionOf,
  isLocale,
  isOffered,
  offeredLocales,
  type Locale,
  type OfferedLocale,
  type Translate,
} from '../platform/i18n/index.ts';
import type { Visit } from '../platform/http/mount.ts';
import type { StateCode } from '../platform/values/index.ts';
import {
  admits,
  apiTokenActor,
  resolveVisitor,
  type Actor,
  type Context,
  type IdentityNode,
  type Visitor,
} from '../modules/identity/index.ts';
import type { RailEntry, View } from '../web/index.ts';
import { contextFor, type Node } from './node.ts';

export interface VisitParts {
  node: Node;
  identity: IdentityNode;
  translators: Record<Locale, Translate>;
  rail(ctx: Context, t: Translate): RailEntry[];
  toAlpha2(code: StateCode): string;
  recordedName(code: StateCode): string;
  asset(name: string): string;
  authorityName(locale: OfferedLocale): string;
  isReadOnly(): boolean;
  /** Whether the tour of the demo is there to go back to. */
  tour: boolean;
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return undefined;
}

const languageCookie = '__Host-comity-language';

/** The first accepted tag that is among the languages offered. */
export function preferredLocale(acceptLanguage: string | undefined, among: readonly Locale[] = offeredLocales): Locale {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(';q=');
      return { base: tag.toLowerCase().split('-')[0] ?? '', weight: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter((one) => one.weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { base } of wanted) if (isLocale(base) && among.includes(base)) return base;
  return 'en';
}

export function createVisit(
  parts: VisitParts,
): (c: HonoContext, locales?: readonly Locale[]) => Promise<Visit<Context, View>> {
  const { node, identity } = parts;
  return async (c, languages = offeredLocales) => {
    const isHere = (text: string | undefined): text is Locale => isLocale(text) && languages.includes(text);
    const url = new URL(c.req.url);
    const cookieHeader = c.req.header('cookie') ?? '';
    const tokenActor = await apiTokenActor(identity, c.req.header('authorization'));
    const visitor = await resolveVisitor(identity, tokenActor ? '' : cookieHeader);
    const cookies = tokenActor ? [] : [...visitor.cookies];
    const asked = url.searchParams.get('lang') ?? undefined;
    const remembered = readCookie(cookieHeader, languageCookie);
    const language = isHere(asked)
      ? asked
      : isHere(remembered)
        ? remembered
        : (visitor.preferences?.locale ?? preferredLocale(c.req.header('accept-language'), languages));
    const locale = isOffered(language) ? language : 'en';
    if (isHere(asked) && asked !== remembered) {
      cookies.push(`${languageCookie}=${asked}; Path=/; Secure; SameSite=Strict; Max-Age=31536000`);
    }
    const actor: Actor = tokenActor ?? visitor.actor;
    const ctx = contextFor(node, actor, locale, tokenActor ? undefined : visitor.session?.id);
    return {
      ctx,
      view: toView(parts, ctx, { locale, language, languages }, visitor, url.pathname + url.search),
      signedIn: actor.kind === 'person',
      byToken: tokenActor !== undefined,
      scope: actor.kind === 'person' ? `person:${actor.id}` : `visit:${visitor.csrf.slice(0, 16)}`,
      isCsrfRight: visitor.isCsrfRight,
      cookies,
    };
  };
}

/** A node with a name among nodes and no authority speaks for no State: it passes on what States publish. */
function ofNoState({ config }: Node): boolean {
  return config.COMITY_AUTHORITY === '' && config.COMITY_NODE !== '';
}

function toView(
  parts: VisitParts,
  ctx: Context,
  { locale, language, languages }: Pick<View, 'locale' | 'language' | 'languages'>,
  visitor: Visitor,
  path: string,
): View {
  const { node } = parts;
  const t = parts.translators[language];
  const formats = formatsFor(language);
  const named = (code: StateCode) => stateName(formats, code, parts.toAlpha2(code), parts.recordedName(code));
  const office = visitor.person?.officeName;
  return {
    locale,
    language,
    languages,
    dir: directionOf(language),
    t,
    formats,
    path,
    stateName: named,
    problemText: (problem) => problem.message ?? t.code(problem.code, problem.params),
    node: {
      state: node.config.COMITY_STATE,
      stateName: ofNoState(node) ? t('app.secretariat') : named(node.config.COMITY_STATE),
      authorityName: parts.authorityName(locale),
      profile: node.config.COMITY_PROFILE,
      zone: node.config.COMITY_TIME_ZONE,
      readOnly: parts.isReadOnly(),
    },
    person: visitor.person ? { name: visitor.person.name, officeName: office?.[locale] ?? office?.en ?? '' } : null,
    rail: parts.rail(ctx, t),
    theme: visitor.preferences?.theme ?? 'system',
    density: visitor.preferences?.density ?? 'comfortable',
    csrf: visitor.csrf,
    formKey: () => secret(node.random, 18),
    asset: parts.asset,
    links: {
      create: admits(ctx.actor, 'requests.create') ? '/requests/new' : null,
      ...(parts.tour ? { tour: '/tour' } : {}),
    },
  };
}
