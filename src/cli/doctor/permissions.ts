import type { KeyMetadata, KMS } from '@aws-sdk/client-kms';
import { clients } from '../../cleanup/clients.js';
import type { Sweep } from '../../cleanup/found.js';
import { classify } from '../../errors.js';
import { troubleOf } from '../../kms/middleware.js';
import { type Finding, failed, type Patient, passed, warning } from './check.js';

const bytes = new Uint8Array([1]);

type Trial = (kms: KMS, key: KeyMetadata & { KeyId: string }, identity: string) => Promise<unknown>;

/**
 * What can be tried on a key of each usage with DryRun, which changes nothing and answers DryRunOperationException when it
 * would have been done (Developer Guide, "Testing your permissions").
 */
const trials: Readonly<Record<string, Readonly<Record<string, Trial>>>> = {
  ENCRYPT_DECRYPT: {
    Encrypt: (kms, { KeyId, EncryptionAlgorithms: [EncryptionAlgorithm] = [] }) =>
      kms.encrypt({ KeyId, Plaintext: bytes, DryRun: true, ...(EncryptionAlgorithm && { EncryptionAlgorithm }) }),
    Decrypt: (kms, { KeyId, EncryptionAlgorithms: [EncryptionAlgorithm] = [] }) =>
      kms.decrypt({
        KeyId,
        DryRun: true,
        DryRunModifiers: ['IGNORE_CIPHERTEXT'],
        ...(EncryptionAlgorithm && { EncryptionAlgorithm }),
      }),
  },
  SYMMETRIC_DEFAULT: {
    GenerateDataKey: (kms, { KeyId }) => kms.generateDataKey({ KeyId, KeySpec: 'AES_256', DryRun: true }),
  },
  SIGN_VERIFY: {
    Sign: (kms, { KeyId, SigningAlgorithms: [SigningAlgorithm] = [] }) =>
      kms.sign({ KeyId, Message: bytes, SigningAlgorithm, DryRun: true }),
  },
  GENERATE_VERIFY_MAC: {
    GenerateMac: (kms, { KeyId, MacAlgorithms: [MacAlgorithm] = [] }) =>
      kms.generateMac({ KeyId, Message: bytes, MacAlgorithm, DryRun: true }),
  },
  any: {
    CreateGrant: (kms, { KeyId }, identity) =>
      kms.createGrant({ KeyId, GranteePrincipal: identity, Operations: ['DescribeKey'], DryRun: true }),
  },
};

/** KMS has no dry run for these, which labs need too. */
const untested = 'CreateKey, ReplicateKey, ScheduleKeyDeletion and the like';

/** What the caller may do, tried on keys that labs made. Where there is none, nothing is known and nothing is guessed. */
export async function permissionsFinding(patient: Patient, survey: Sweep, identity: string): Promise<Finding> {
  const { target, signal } = patient;
  const keys = survey.keys.filter(({ state }) => state === 'Enabled');
  if (keys.length === 0) {
    const where = `no enabled kms-lab key of yours in ${target.region} to try them on`;
    return warning('permissions', `not tested: ${where}`, 'run `kms-lab symmetric`, then this again');
  }
  const { kms, close } = clients(target.connection, { signal });
  try {
    const client = kms(target.region);
    const results = new Map<string, string>();
    for (const { keyId } of keys.slice(0, 20)) await tryOn(client, keyId, identity, results);
    return told(results);
  } catch (error) {
    const { kind, message, hint } = classify(error);
    return failed('permissions', kind, message, hint);
  } finally {
    close();
  }
}

/** Try what was not tried on a key before. */
async function tryOn(client: KMS, keyId: string, identity: string, results: Map<string, string>): Promise<void> {
  const { KeyMetadata: metadata } = await client.describeKey({ KeyId: keyId });
  const key = { ...metadata, KeyId: keyId };
  const fitting = {
    ...trials[key.KeyUsage ?? ''],
    ...trials[key.KeySpec ?? ''],
    ...(identity !== 'unknown' && trials.any),
  };
  for (const [operation, trial] of Object.entries(fitting)) {
    if (!results.has(operation)) results.set(operation, await outcomeOf(trial(client, key, identity)));
  }
}

/** `allowed`, `denied`, or `not tested` for any answer that says neither. */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'not tested'; // DryRun was not understood
  } catch (error) {
    const { name } = troubleOf(error);
    if (name === 'DryRunOperationException') return 'allowed';
    if (name === 'AccessDeniedException') return 'denied';
    if (classify(error).kind === 'credentials' || classify(error).kind === 'unreachable') throw error;
    return 'not tested';
  }
}

function told(results: ReadonlyMap<string, string>): Finding {
  const those = (outcome: string) => [...results].flatMap(([operation, each]) => (each === outcome ? [operation] : []));
  const [allowed, denied, unknown] = [those('allowed'), those('denied'), those('not tested')];
  const text = [
    ...(allowed.length > 0 ? [`${allowed.join(', ')} allowed`] : []),
    ...(denied.length > 0 ? [`${denied.join(', ')} denied`] : []),
    ...(unknown.length > 0 ? [`${unknown.join(', ')} not tested (no clear answer)`] : []),
    `${untested} not tested (KMS has no dry run for them)`,
  ].join('; ');
  if (denied.length === 0) return passed('permissions', text);
  return warning('permissions', text, `allow ${denied.map((each) => `kms:${each}`).join(', ')} for the caller`);
}
