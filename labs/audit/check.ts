import { leavesNoTrace, NotGraded, type StepCheck } from '../../src/lab/define.js';
import { readRecord } from './look-up.js';
import { ciphertextFile, EncryptionContext, keyName, plaintextFile } from './make-calls.js';

const looking = leavesNoTrace('looking into CloudTrail changes nothing');

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Make calls worth finding': async ({ grade, key, files }) => {
    await grade.key(keyName, { KeySpec: 'SYMMETRIC_DEFAULT' });
    const { KeyId, name: under } = await key(keyName);
    const how = { KeyId, under, context: EncryptionContext };
    await grade.opens(ciphertextFile, how, await files.sample(plaintextFile));
  },

  'Find them in CloudTrail': looking,

  'Read a record': async ({ grade, key, files }) => {
    const name = 'decrypt-event.json';
    const saved = files.read(name);
    if (!saved) throw new NotGraded(`no record was saved as ${files.typed(name)}`);
    const record = readRecord(Buffer.from(saved).toString());
    const { Arn, name: under } = await key(keyName);
    const used = record?.eventName === 'Decrypt' && record.resources?.some(({ ARN }) => ARN === Arn);
    grade.that(`${name} is the record of a Decrypt with ${under}`, used === true, 'save the CloudTrailEvent of one');
  },

  'See what stands in the clear': looking,

  'Search for what must not be there': looking,
} satisfies Record<string, StepCheck>;
