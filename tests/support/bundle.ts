import { build } from 'esbuild';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../../src/platform/paths.ts';

let newest: number | undefined;

/** When a source was last written. */
function newestSource(): number {
  newest ??= Math.max(
    ...readdirSync(join(packageRoot, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name) && !entry.name.includes('.test.'))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
  return newest;
}

/**
 * Bundles a TypeScript program so that plain Node runs it, for tests that need a process of its own. Answers its path: what
 * was built into `dist/` when that is of these sources.
 */
export async function bundleProgram(source: string): Promise<string> {
  const built = join(packageRoot, 'dist', `${basename(source, '.ts')}.js`);
  if (/^src\/\w+\.ts$/.test(source) && existsSync(built) && statSync(built).mtimeMs > newestSource()) return built;
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
