import { defineConfig } from 'vitest/config';

// Every fault at every call of every lab, and the cleanup behind it; every permission taken away from every lab.
export default defineConfig({
  test: {
    include: ['test/faults/*.faults.ts'],
    setupFiles: ['test/support/no-aws.ts'],
    testTimeout: 600_000,
  },
});
