import type { Reporter } from './reporter.js';

/** Several reporters as one: each is told every event, in order. */
export const several = (reporters: readonly Reporter[]): Reporter => ({
  on(event) {
    for (const reporter of reporters) reporter.on(event);
  },
  end() {
    for (const reporter of reporters) reporter.end?.();
  },
});
