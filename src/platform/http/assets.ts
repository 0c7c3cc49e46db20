import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Hono } from 'hono';
import { packageRoot } from '../paths.ts';
import { takes } from './compress.ts';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** Compressed forms the build has made beside a file, best first. */
const readyForms = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

const folder = join(packageRoot, 'dist', 'assets');

/** Finds the built file of an asset: `app.css` becomes `/assets/app-1A2B.css`. Throws when the build lacks it. */
export function assetFinder(): (name: string) => string {
  const file = join(folder, 'manifest.json');
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  return (name) => {
    const built = manifest[name];
    if (built === undefined) throw new Error(`The build holds no asset ${name}: run npm run build`);
    return built.startsWith('/') ? built : `/assets/${built}`;
  };
}

/** Serves built files under names that carry their hash, so that browsers may keep them for ever. */
export function serveAssets(app: Hono): void {
  app.get('/assets/:name{.+}', (c) => {
    const name = c.req.param('name');
    if (!/^[\w.-]+(\/[\w.-]+)*$/.test(name) || name.includes('..')) return c.notFound();
    const file = join(folder, name);
    const type = types[extname(name)];
    if (type === undefined || !existsSync(file)) return c.notFound();
    c.header('Content-Type', type);
    c.header('Vary', 'Accept-Encoding');
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    const [encoding, ending] =
      readyForms.find(([one, end]) => takes(c.req.header('accept-encoding'), one) && existsSync(file + end)) ?? [];
    if (encoding !== undefined) c.header('Content-Encoding', encoding);
    return c.body(new Uint8Array(readFileSync(file + (ending ?? ''))));
  });
}
