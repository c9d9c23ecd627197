import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The program that whole-program specs start.
    globalSetup: ['test/support/build.ts'],
    // Nothing the suite starts can reach AWS; there is no switch.
    setupFiles: ['test/support/no-aws.ts'],
    // Whole-program specs wait for their children: one worker more than there are cores.
    maxWorkers: availableParallelism() + 1,
    // No spec mocks a module or leaves a global changed, and what all of them import is loaded once per worker.
    isolate: false,
    // Whole-program specs start the program several times.
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
