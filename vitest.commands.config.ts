import { defineConfig } from 'vitest/config';

// Every line of COMMANDS.md with an AWS CLI of its own, as a learner pastes it.
export default defineConfig({
  test: {
    include: ['test/by-hand/pasted.long.ts'],
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/no-aws.ts'],
    env: { PASTE_EACH: 'true' },
  },
});
