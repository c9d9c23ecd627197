import type { KMS } from '@aws-sdk/client-kms';
import type { LabFiles } from './files.js';
import type { Own } from './own.js';
import type { Verify } from './verify.js';

/** What every step is given, beside what earlier steps returned. */
export interface StepContext {
  /** The SDK's own client for the run's Region; its middleware tags, records and settles. */
  kms: KMS;
  /** Claims: each is checked and reported. */
  verify: Verify;
  /** Keys and aliases of this lab. */
  own: Own;
  /** The lab's sample data and the learner's files. */
  files: LabFiles;
  /** Say something worth knowing that is not a claim. */
  note(text: string): void;
}
