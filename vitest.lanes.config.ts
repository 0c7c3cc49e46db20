import { defineConfig } from 'vitest/config';

const report = process.env['TEST_REPORT'];

/** Lanes that need Debian packages or root. A missing tool fails with its package's name. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    // Shared machines stall now and then; a test that fails twice in a row has failed.
    retry: process.env['CI'] ? 1 : 0,
    // A run that others add up also writes its counts as JSON.
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    include: ['tests/lanes/**/*.test.ts'],
    passWithNoTests: true,
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
