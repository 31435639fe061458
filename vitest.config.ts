import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite would take graphql's .mjs build for our files while Node takes its .js build for their dependencies: two realms.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: process.env.CI === undefined ? ['default'] : ['default', 'json'],
    outputFile: { json: process.env.VITEST_REPORT ?? 'reports/vitest-embedded.json' },
  },
});
