import type { From } from '../authz/access.js';
import type { Caller } from '../authz/caller.js';
import type { Sessions } from '../authz/sessions.js';
import type { Shape } from '../wire/constraints.js';
import type { Instant } from '../world/records.js';

/** What an operation of STS is given. */
export interface StsCall {
  caller: Caller;
  region: string;
  /** Checked against the model. */
  request: Readonly<Record<string, unknown>>;
  sessions: Sessions;
  /** Milliseconds since 1970 on the wall clock, on which sessions live. */
  now: number;
  /** What conditions of policies ask about: the world's time, and where the request came from. */
  time: Instant;
  from: From;
}

/** An operation of STS. */
export interface StsOperation {
  /** Its request as STS's API model has it; integers arrive as digits. */
  input: Record<string, Shape>;
  /** Hands out credentials: `do` runs inside one write transaction. */
  issues: boolean;
  do(call: StsCall): object;
}
