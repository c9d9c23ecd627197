import type { Reporter } from './reporter.js';

/** Several reporters as one: each is told every event, in order. */
export const several = (reporters: readonly Reporter[]): Reporter => ({
  on: (event) => reporters.forEach((reporter) => reporter.on(event)),
  end: () => reporters.forEach((reporter) => reporter.end?.()),
});
