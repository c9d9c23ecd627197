import { defineConfig } from 'vitest/config';

/** `npm run test:scale`: cleanup of 10,000 keys. */
export default defineConfig({
  test: {
    include: ['test/cleanup/scale.test.ts'],
    setupFiles: ['test/support/no-aws.ts'],
    env: { SCALE_KEYS: '10000' },
    testTimeout: 120_000,
  },
});
