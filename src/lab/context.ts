import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { KMS } from '@aws-sdk/client-kms';
import type { Assumed } from '../kms/clients.js';
import type { Connection } from '../kms/connection.js';
import type { Place } from './events.js';
import type { LabFiles } from './files.js';
import type { Own } from './own.js';
import type { Simulator } from './simulate.js';
import type { Tools } from './tools.js';
import type { Until } from './until.js';
import type { Verify } from './verify.js';

/** What every step is given, beside the lab's `options` and what earlier steps returned. */
export interface StepContext {
  /** The SDK's own client for the run's Region; its middleware tags, records and settles. */
  kms: KMS;
  /** The same for another Region: "us-west-2". */
  kmsIn(region: string): KMS;
  /** Claims: each is checked and reported. */
  verify: Verify;
  /** Keys and aliases of this lab. */
  own: Own;
  /** The lab's sample data and the learner's files. */
  files: LabFiles;
  /** What is done on the learner's machine without a call, by their own programs or as they would do it by hand. */
  tools: Tools;
  /** Wait for what KMS takes its time to do; shown while it lasts. */
  until: Until;
  /** Where the run goes, and as whom: kind of target, Region, account, the caller's ARN. */
  place: Place;
  /** The SDK's CloudTrail client for the run's Region, or another; its calls are recorded like those of `kms`. */
  cloudtrail(region?: string): Promise<CloudTrail>;
  /**
   * Become a role for a while: `const app = await assume(options.appRole)`, then `app.kms`. Its lines for the AWS CLI carry the
   * role's credentials. STS's refusal is thrown as it comes.
   */
  assume(roleArn: string): Promise<Assumed>;
  /** How to reach other services there: `connection.config('sts', region)` configures an SDK client. */
  connection: Connection;
  /** What only a simulation can do. A step that asks for it is not offered elsewhere: take it in the parameter list. */
  simulate: Simulator;
  /** Aborted by Ctrl-C; calls to KMS heed it by themselves, long local work should. */
  signal: AbortSignal;
  /** The time now. */
  clock(): Date;
  /** A `kms-lab` line that reaches the same place as this run: `again('audit', '--resume')`. */
  again(...words: string[]): string;
  /** Say something worth knowing that is not a claim; with a picture of it in characters, line by line. */
  note(text: string, picture?: readonly string[]): void;
  /** Show how far long local work has come: "encrypting, 1.2 of 64 GiB". Say it as often as you like. */
  working(what: string, elapsedMs: number): void;
}
