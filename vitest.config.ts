import { defineConfig } from 'vitest/config';

const report = process.env['TEST_REPORT'];

/** What npm packages alone suffice for. Lanes that need Debian packages or root: vitest.lanes.config.ts. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    // Shared machines stall now and then; a test that fails twice in a row has failed.
    retry: process.env['CI'] ? 1 : 0,
    // A run that others add up also writes its counts as JSON.
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/lanes/**', 'node_modules/**', 'dist/**'],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
