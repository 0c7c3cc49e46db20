import type { Context as HonoContext } from 'hono';
import { secret } from '../platform/random.ts';
import { formatsFor, stateName } from '../platform/i18n/formats.ts';
import { directionOf, isOffered, type OfferedLocale, type Translate } from '../platform/i18n/index.ts';
import type { Visit } from '../platform/http/mount.ts';
import type { StateCode } from '../platform/values/index.ts';
import type { Actor, Context } from '../modules/identity/index.ts';
import type { RailEntry, View } from '../web/index.ts';
import { contextFor, type Node } from './node.ts';
import type { WebSecrets } from './secrets.ts';

/** Who a request comes from, as `identity` found it. */
export interface KnownVisitor {
  actor: Actor;
  /** Session id, or token id: scope of keys and proofs. */
  id: string;
  byToken: boolean;
  personName?: string;
  officeName?: string;
  locale?: OfferedLocale;
  theme?: View['theme'];
  density?: View['density'];
  /** Cookies to send again, for instance after rotation. */
  cookies?: string[];
}

export interface VisitParts {
  node: Node;
  secrets: WebSecrets;
  translators: Record<OfferedLocale, Translate>;
  findVisitor(c: HonoContext): Promise<KnownVisitor | null>;
  rail(ctx: Context, t: Translate): RailEntry[];
  toAlpha2(code: StateCode): string;
  recordedName(code: StateCode): string;
  asset(name: string): string;
  authorityName(locale: OfferedLocale): string;
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return undefined;
}

const visitCookie = '__Host-comity-visit';
const languageCookie = '__Host-comity-language';

/** Language of the first accepted tag that is offered. */
export function preferredLocale(acceptLanguage: string | undefined): OfferedLocale {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(';q=');
      return { base: tag.toLowerCase().split('-')[0] ?? '', weight: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter((one) => one.weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { base } of wanted) if (isOffered(base)) return base;
  return 'en';
}

export function createVisit(parts: VisitParts): (c: HonoContext) => Promise<Visit<Context, View>> {
  const { node, secrets } = parts;
  return async (c) => {
    const url = new URL(c.req.url);
    const cookieHeader = c.req.header('cookie');
    const cookies: string[] = [];
    const visitor = await parts.findVisitor(c);
    cookies.push(...(visitor?.cookies ?? []));
    const asked = url.searchParams.get('lang') ?? undefined;
    const remembered = readCookie(cookieHeader, languageCookie);
    const locale = isOffered(asked)
      ? asked
      : isOffered(remembered)
        ? remembered
        : (visitor?.locale ?? preferredLocale(c.req.header('accept-language')));
    if (isOffered(asked) && asked !== remembered) {
      cookies.push(`${languageCookie}=${asked}; Path=/; Secure; SameSite=Strict; Max-Age=31536000`);
    }
    let session = visitor?.id ?? readCookie(cookieHeader, visitCookie);
    if (session === undefined || session.length < 20) {
      session = secret(node.random, 32);
      if (!c.req.path.startsWith('/api/'))
        cookies.push(`${visitCookie}=${session}; Path=/; Secure; HttpOnly; SameSite=Strict`);
    }
    const scopeOfSession = session;
    const actor: Actor = visitor?.actor ?? { kind: 'public' };
    const ctx = contextFor(node, actor, locale, visitor && !visitor.byToken ? visitor.id : undefined);
    const view = toView(parts, ctx, locale, visitor, url.pathname + url.search, secrets.proofFor(session));
    return {
      ctx,
      view,
      signedIn: actor.kind === 'person',
      byToken: visitor?.byToken ?? false,
      scope: actor.kind === 'person' ? `person:${actor.id}` : `visit:${scopeOfSession.slice(0, 12)}`,
      isCsrfRight: (proof) => secrets.isProofRight(scopeOfSession, proof),
      cookies,
    };
  };
}

function toView(
  parts: VisitParts,
  ctx: Context,
  locale: OfferedLocale,
  visitor: KnownVisitor | null,
  path: string,
  csrf: string,
): View {
  const { node } = parts;
  const t = parts.translators[locale];
  const formats = formatsFor(locale);
  const named = (code: StateCode) => {
    const invented = `state.${code}`;
    return t.has(invented)
      ? t.code(invented)
      : stateName(formats, code, parts.toAlpha2(code), parts.recordedName(code));
  };
  return {
    locale,
    dir: directionOf(locale),
    t,
    formats,
    path,
    stateName: named,
    problemText: (problem) => problem.message ?? t.code(problem.code, problem.params),
    node: {
      state: node.config.COMITY_STATE,
      stateName: named(node.config.COMITY_STATE),
      authorityName: parts.authorityName(locale),
      profile: node.config.COMITY_PROFILE,
      zone: node.config.COMITY_TIME_ZONE,
    },
    person:
      visitor?.actor.kind === 'person'
        ? { name: visitor.personName ?? visitor.actor.name, officeName: visitor.officeName ?? '' }
        : null,
    rail: parts.rail(ctx, t),
    theme: visitor?.theme ?? 'system',
    density: visitor?.density ?? 'comfortable',
    csrf,
    formKey: () => secret(node.random, 18),
    asset: parts.asset,
  };
}
