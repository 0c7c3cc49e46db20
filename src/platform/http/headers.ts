import type { Context as HonoContext, MiddlewareHandler } from 'hono';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Of files that are handed out: whatever they hold, no browser runs it. */
export const fileContentSecurityPolicy = "sandbox; default-src 'none'";

export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'X-Frame-Options': 'DENY',
};

/** Sets the headers of every answer, errors included. Answers not marked otherwise are never stored. */
export function withSecurityHeaders(): MiddlewareHandler {
  return async (c: HonoContext, next) => {
    await next();
    const headers = new Headers(c.res.headers);
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (name === 'Content-Security-Policy' && headers.get(name) === fileContentSecurityPolicy) continue;
      headers.set(name, value);
    }
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
    if (c.req.method !== 'HEAD') {
      for (const [name, value] of headers) if (name !== 'set-cookie') c.res.headers.set(name, value);
      return;
    }
    // An answer to HEAD is copied without its body, and the server's own Response forgets headers set after it was made.
    const { status } = c.res;
    c.res = undefined;
    c.res = new Response(null, { status, headers });
  };
}
