import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

// These four of the packaged browser's arguments break a second context or hide faults of CSP and CORS.
const unwanted = new Set(['--single-process', '--no-zygote', '--in-process-gpu', '--disable-web-security']);

/** The system's Chromium when there is one, else the one of the npm package. Close it after use. */
export async function launchBrowser(): Promise<Browser> {
  const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (system) return chromium.launch({ executablePath: system, args: asRoot });
  const args = sparticuz.args.filter((arg) => !unwanted.has(arg) && !arg.startsWith('--headless'));
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [...args, ...asRoot],
    headless: true,
  });
}
