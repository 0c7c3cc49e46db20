import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../../src/platform/paths.ts';
import { securityHeaders } from '../../src/platform/http/headers.ts';
import { galleryPage } from '../../src/web/index.ts';
import { testView } from './view.ts';

const types: Record<string, string> = {
  css: 'text/css',
  js: 'text/javascript',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
};

export interface GalleryServer {
  /** Address of a specimen. */
  address(name: string, options: { locale: string; theme: string }): string;
  close(): Promise<void>;
}

/** Serves the gallery and the built assets on loopback, under the headers of the product. */
export async function galleryServer(): Promise<GalleryServer> {
  const server = createServer((incoming, answer) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    for (const [name, value] of Object.entries(securityHeaders))
      if (name !== 'Strict-Transport-Security') answer.setHeader(name, value);
    if (url.pathname.startsWith('/assets/')) {
      const file = join(packageRoot, 'dist/assets', basename(url.pathname));
      if (!existsSync(file)) return void answer.writeHead(404).end();
      answer.setHeader('Content-Type', types[file.split('.').pop() ?? ''] ?? 'application/octet-stream');
      return void answer.end(readFileSync(file));
    }
    const locale = url.searchParams.get('lang') === 'ar' ? 'ar' : 'en';
    const theme = url.searchParams.get('theme') === 'dark' ? 'dark' : 'light';
    const page = galleryPage(testView({ locale, theme, path: url.pathname }), url.pathname.slice(1));
    void Promise.resolve(page.toString()).then((html) => {
      answer.setHeader('Content-Type', 'text/html; charset=utf-8');
      answer.end(`<!doctype html>${html}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: (name, { locale, theme }) => `http://127.0.0.1:${port}/${name}?lang=${locale}&theme=${theme}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
