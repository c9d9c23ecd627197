import { defineConfig } from 'vitest/config';

// The fuzz run at length: a seed of its own each time, which a failure names.
export default defineConfig({
  test: {
    include: ['test/emulator/fuzz/*.test.ts'],
    setupFiles: ['test/support/no-aws.ts'],
    env: {
      FUZZ_REQUESTS: process.env.FUZZ_REQUESTS ?? '100000',
      FUZZ_SEED: process.env.FUZZ_SEED ?? String(Date.now() % 1_000_000_000),
    },
    testTimeout: 600_000,
  },
});
