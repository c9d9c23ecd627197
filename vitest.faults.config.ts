import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * `npm run test:faults`: every fault at every call of every lab, and the cleanup behind it; every permission taken away from every
 * lab.
 */
export default defineConfig({
  test: {
    include: ['test/faults/*.faults.ts'],
    // The program that is interrupted and killed.
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/no-aws.ts', 'test/support/quick-rsa.ts'],
    maxWorkers: availableParallelism(),
    testTimeout: 600_000,
  },
});
