import { defineConfig } from 'vitest/config';

/** Lanes that need Debian packages or root. A missing tool fails with its package's name. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    include: ['tests/lanes/**/*.test.ts'],
    passWithNoTests: true,
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
