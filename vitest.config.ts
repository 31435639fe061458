import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: process.env.CI === undefined ? ['default'] : ['default', 'json'],
    outputFile: { json: process.env.VITEST_REPORT ?? 'reports/vitest-embedded.json' },
  },
});
