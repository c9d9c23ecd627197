import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * `npm run test:long`: what other people's programs make of ours, line by line (moto, the AWS CLI, GitHub's runner), a hundred
 * writers killed, and CONTRIBUTING's lab added to a clone.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.long.ts', 'test/emulator/crash.test.ts'],
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/no-aws.ts'],
    env: { LONG: 'true' },
    // These wait for their children.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
