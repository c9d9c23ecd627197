import { defineConfig } from 'vitest/config';

// The package as a user installs it, on every Node.js that it supports. npm asks the registry, so the suite's guard against the
// network is not loaded here; what the specs then start works on the embedded KMS, in memory or in a folder of its own.
export default defineConfig({
  test: {
    include: ['test/package/*.package.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
