import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';

const compress = promisify(gzip);
const worthwhile = 1400;
const sessionCookies = /(?:^|;\s*)__Host-comity(?:-step)?=/;

/** Whether an encoding is among those the reader takes. */
export function takes(acceptEncoding: string | undefined, encoding: string): boolean {
  return (acceptEncoding ?? '').split(',').some((one) => {
    const [name = '', ...parameters] = one
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/**
 * Compresses pages and answers that hold no secret. The length of a compressed page tells whether a guess that is
 * reflected in it equals a secret that stands in it (BREACH); so nothing that a signed-in person or a token reads is
 * compressed, nor any page with a form proof. What remains is the same for everybody: law, directory, start page.
 */
export function withCompression(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const type = c.res.headers.get('content-type') ?? '';
    if (!/^(text\/html|application\/json)\b/.test(type)) return;
    c.res.headers.append('Vary', 'Accept-Encoding');
    if (c.req.method === 'HEAD' || !takes(c.req.header('accept-encoding'), 'gzip')) return;
    if (c.req.header('authorization') !== undefined || sessionCookies.test(c.req.header('cookie') ?? '')) return;
    // An entity tag names these very bytes.
    if (c.res.headers.has('etag') || c.res.headers.has('content-encoding') || c.res.status >= 400) return;
    // Taken apart and put together again: a clone of the server's own response type forgets headers set after it was made.
    const { status } = c.res;
    const headers = new Headers(c.res.headers);
    const bytes = Buffer.from(await c.res.arrayBuffer());
    const asIs = bytes.length < worthwhile || bytes.includes('name="_csrf"');
    headers.delete('Content-Length');
    if (!asIs) headers.set('Content-Encoding', 'gzip');
    const body = asIs ? bytes : await compress(bytes, { level: 6 });
    c.res = undefined;
    c.res = new Response(new Uint8Array(body), { status, headers });
  };
}
