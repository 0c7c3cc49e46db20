import { build } from 'esbuild';
import { join } from 'node:path';
import { packageRoot } from '../../src/platform/paths.ts';

/** Bundles a TypeScript program so that plain Node runs it, for tests that need a process of its own. Answers its path. */
export async function bundleProgram(source: string): Promise<string> {
  const name = source.replace(/\W+/g, '-');
  const outfile = join(packageRoot, 'node_modules', '.cache', 'comity-tests', `${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(packageRoot, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
  });
  return outfile;
}
