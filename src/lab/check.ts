/**
 * How `kms-lab check` grades what a learner did by hand. `labs/<lab>/check.ts` says it for each step, by the step's title, and
 * the lab ends with `.checkedBy(checks)`; a step that is left out, or one that does not exist, does not compile.
 *
 *     export const checks = {
 *       'Create a symmetric key': ({ grade }) => grade.key('symmetric-key', { KeySpec: 'SYMMETRIC_DEFAULT' }),
 *       'Encrypt a file': async ({ key, files, grade }) => {
 *         const { KeyId, name } = await key('symmetric-key');          // when there is none, this step waits for it
 *         await grade.opens('encrypted-data.bin', { KeyId, under: name }, await files.sample('plaintext-data.txt'));
 *       },
 *       'Look at it': leavesNoTrace('DescribeKey changes nothing'),
 *     };
 *
 * The clients here only read: any other operation is refused before it is sent.
 */
import type { KeyMetadata, KMS } from '@aws-sdk/client-kms';
import type { Place } from './events.js';
import type { Grading } from './grading.js';
import type { HandFiles } from './hand-files.js';

/** Grade one step; what it looks for is told through `grade`. */
export type StepCheck = (context: CheckContext) => Promise<unknown>;

/** A key of the lab's, and the alias that leads to it. */
export type FoundKey = KeyMetadata & { Arn: string; KeyId: string; name: string };

/** What a check is given. */
export interface CheckContext {
  /** The SDK's own client for the Region of the lab, able to read only. */
  kms: KMS;
  /** The same for another Region. */
  kmsIn(region: string): KMS;
  place: Place;
  /** The alias name that `name` stands for in the learner's namespace. */
  alias(name: string): string;
  /** The key behind that alias. Where there is none, the step waits: an earlier one was to make it. */
  key(name: string, region?: string): Promise<FoundKey>;
  /** Whether there is one: for what a learner may leave out. */
  has(name: string): Promise<boolean>;
  /** The lab's sample data, and the files in the learner's folder, whoever wrote them. */
  files: HandFiles;
  grade: Grading;
  /** Aborted when the time is up. */
  signal: AbortSignal;
}

/** A step can't be graded, or can't any more: nothing tells whether it was done. */
export class NotGraded extends Error {
  override readonly name = 'NotGraded';
}

/** A step needs what another one was to make. */
export class Waiting extends Error {
  override readonly name = 'Waiting';
}

/** The check of a step that changes nothing anywhere, in few words why. */
export const leavesNoTrace =
  (why: string): StepCheck =>
  async () => {
    throw new NotGraded(why);
  };
