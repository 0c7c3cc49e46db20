import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { specimens } from '../../src/web/gallery/index.tsx';
import { launchBrowser } from './browser.ts';
import { galleryServer } from './gallery-server.ts';

/** Pictures of every specimen: `node scripts/gallery.mjs FOLDER [specimen…]`. */
const [folder = 'var/gallery', ...names] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const server = await galleryServer();
const browser = await launchBrowser();
for (const [width, height] of [
  [1440, 900],
  [768, 1024],
  [360, 780],
] as const) {
  for (const theme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    page.on('console', (message) => console.error(`${message.type()}: ${message.text()}`));
    for (const locale of ['en', 'ar'] as const) {
      for (const name of names.length > 0 ? names : Object.keys(specimens)) {
        await page.goto(server.address(name, { locale, theme }));
        await page.evaluate(() => document.fonts.ready);
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (wide > 0) console.error(`${name} ${locale} ${width}: ${wide}px too wide`);
        await page.screenshot({ path: join(folder, `${name}.${width}.${locale}.${theme}.png`), fullPage: true });
      }
    }
    await context.close();
  }
}
const paper = await browser.newPage({ viewport: { width: 794, height: 1123 } });
await paper.emulateMedia({ media: 'print' });
for (const name of names.length > 0 ? names : Object.keys(specimens)) {
  await paper.goto(server.address(name, { locale: 'en', theme: 'dark' }));
  await paper.screenshot({ path: join(folder, `${name}.print.png`), fullPage: true });
}
await browser.close();
await server.close();
