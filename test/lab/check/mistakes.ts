import { randomBytes } from 'node:crypto';
import type { KMS } from '@aws-sdk/client-kms';
import type { Scene } from './scene.js';

/** One thing that a learner left out or did wrong, after all else was right. */
export interface Mistake {
  what: string;
  spoil(scene: Scene): Promise<unknown>;
  /** The steps that then have something missing, each with what its hints say. */
  fails: Record<string, RegExp>;
}

const removed = (name: string, step: string): Mistake => ({
  what: `${name} is not there`,
  spoil: ({ files }) => files.remove(name),
  fails: { [step]: new RegExp(`${name} is there`) },
});

/** Another ciphertext in a file's place. */
const resealed = (what: string, name: string, step: string, said: RegExp, seal: Seal): Mistake => ({
  what,
  async spoil(scene) {
    const { CiphertextBlob } = await seal(scene.kms, scene);
    await scene.files.write(name, CiphertextBlob);
  },
  fails: { [step]: said },
});
type Seal = (kms: KMS, scene: Scene) => Promise<{ CiphertextBlob?: Uint8Array | undefined }>;

const another = async (kms: KMS) => (await kms.createKey({})).KeyMetadata?.KeyId ?? '';
const message = Buffer.from('another message');

const aliasAway = (alias: string, step: string): Mistake => ({
  what: `alias/kms-lab-${alias} leads nowhere: the other steps wait`,
  spoil: ({ kms }) => kms.deleteAlias({ AliasName: `alias/kms-lab-${alias}` }),
  fails: { [step]: /create-alias --alias-name alias\/kms-lab-/ },
});

/** By lab. What is repaired at the end of a lab is broken here in the middle. */
export const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  symmetric: [
    aliasAway('symmetric-key', '1.1'),
    {
      what: 'the alias leads to another key',
      spoil: async ({ kms }) =>
        kms.updateAlias({ AliasName: 'alias/kms-lab-symmetric-key', TargetKeyId: await another(kms) }),
      fails: {
        '1.1': /tags of this lab.*tag-resource/,
        '1.2': /encrypted under another key: encrypt it again with --key-id alias\/kms-lab-symmetric-key/,
        '1.5': /another key/,
        '1.6': /flip one bit of its last byte \(now: IncorrectKeyException\)/,
        '1.7': /another key/,
        '1.8': /another key/,
      },
    },
    {
      what: 'the key is for signatures',
      async spoil({ kms }) {
        const { KeyMetadata } = await kms.createKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
        // KMS moves no alias to a key of another usage.
        await kms.deleteAlias({ AliasName: 'alias/kms-lab-symmetric-key' });
        await kms.createAlias({ AliasName: 'alias/kms-lab-symmetric-key', TargetKeyId: KeyMetadata?.KeyId });
      },
      fails: {
        '1.1': /it is ECC_NIST_P256, which nothing changes later/,
        '1.2': /InvalidKeyUsageException/,
        '1.5': /InvalidKeyUsageException/,
        '1.6': /InvalidKeyUsageException/,
        '1.7': /InvalidKeyUsageException/,
        '1.8': /InvalidKeyUsageException/,
      },
    },
    {
      what: 'the key is disabled',
      spoil: async ({ kms, key }) => kms.disableKey({ KeyId: await key('symmetric-key') }),
      fails: {
        '1.1': /KeyState is Enabled \(aws kms enable-key --key-id [-0-9a-f]{36}\)/,
        '1.2': /not enabled/,
        '1.5': /not enabled/,
        '1.6': /DisabledException/,
        '1.7': /not enabled/,
        '1.8': /not enabled/,
      },
    },
    removed('encrypted-data.bin', '1.2'),
    resealed(
      'the ciphertext is bound to a context that nobody asked for',
      'encrypted-data.bin',
      '1.2',
      /these are not the bytes that KMS gave, or they were bound to a context/,
      async (kms, { key }) =>
        kms.encrypt({ KeyId: await key('symmetric-key'), Plaintext: message, EncryptionContext: { purpose: 'lab' } }),
    ),
    resealed('a blob under another key', 'encrypted-data.bin', '1.2', /under another key/, async (kms) =>
      kms.encrypt({ KeyId: await another(kms), Plaintext: message }),
    ),
    resealed('a blob of another file', 'encrypted-data.bin', '1.2', /to other bytes/, async (kms, { key }) =>
      kms.encrypt({ KeyId: await key('symmetric-key'), Plaintext: message }),
    ),
    {
      what: 'base64 text in place of a blob',
      spoil: async ({ files }) =>
        files.write('encrypted-data.bin', Buffer.from((await files.read('encrypted-data.bin')).toString('base64'))),
      fails: { '1.2': /base64 text, not the bytes.*base64 --decode/ },
    },
    {
      what: 'an empty file',
      spoil: ({ files }) => files.write('encrypted-data.bin', Buffer.alloc(0)),
      fails: { '1.2': /encrypted-data.bin is there/ },
    },
    removed('decrypted-data.txt', '1.3'),
    {
      what: 'what came out was left as base64',
      spoil: ({ files }) => files.write('decrypted-data.txt', Buffer.from('aGVsbG8=')),
      fails: { '1.4': /byte for byte.*base64/ },
    },
    resealed(
      'no context',
      'encrypted-with-context.bin',
      '1.5',
      /--encryption-context department=finance,purpose=lab/,
      async (kms, { key }) => kms.encrypt({ KeyId: await key('symmetric-key'), Plaintext: message }),
    ),
    {
      what: 'nothing was tampered with',
      spoil: async ({ files }) => files.write('tampered-data.bin', await files.read('encrypted-data.bin')),
      fails: { '1.6': /flip one bit.*\(now: the call succeeded\)/ },
    },
    {
      what: 'a smaller file than the limit',
      spoil: ({ files }) => files.write('4096-bytes.bin', randomBytes(4000)),
      fails: { '1.7': /it has 4000/ },
    },
    {
      what: 'moved to no other context',
      spoil: async ({ files }) => files.write('reencrypted-data.bin', await files.read('encrypted-with-context.bin')),
      fails: { '1.8': /department=archive/ },
    },
  ],
  asymmetric: [
    aliasAway('asymmetric-key', '2.1'),
    {
      what: 'the public key of another pair',
      spoil: async ({ files }) => files.write('public-key.der', await files.read('signing-public-key.der')),
      fails: { '2.2': /public-key.der is the public key of alias\/kms-lab-asymmetric-key/ },
    },
    removed('encrypted-by-node.bin', '2.3'),
    removed('decrypted-by-kms.txt', '2.4'),
    {
      what: 'a ciphertext that nobody changed',
      spoil: async ({ files }) => files.write('tampered-by-one-bit.bin', await files.read('encrypted-by-node.bin')),
      fails: { '2.5': /flip one bit/ },
    },
    {
      what: 'the other hash',
      spoil: async ({ files }) => files.write('190-bytes-encrypted.bin', await files.read('214-bytes-encrypted.bin')),
      fails: { '2.6': /190-bytes-encrypted.bin opens/ },
    },
    {
      what: 'a signature of something else',
      spoil: async ({ files }) => files.write('signing-signature.bin', await files.read('4096-bytes-signature.bin')),
      fails: { '2.7': /--key-id alias\/kms-lab-asymmetric-signing-key --signing-algorithm ECDSA_SHA_256/ },
    },
    {
      what: 'a signature that was not changed',
      spoil: async ({ files }) =>
        files.write('signing-signature-changed.bin', await files.read('signing-signature.bin')),
      fails: { '2.8': /verifies nothing/ },
    },
    {
      what: 'the key that signs is to be deleted, and KMS gives its public key no more',
      spoil: async ({ kms, key }) =>
        kms.scheduleKeyDeletion({ KeyId: await key('asymmetric-signing-key'), PendingWindowInDays: 7 }),
      fails: {
        '2.7': /cancel-key-deletion --key-id [-0-9a-f]{36}, then aws kms enable-key/,
        '2.8': /KMS says KMSInvalidStateException/,
        '2.9': /KMS says KMSInvalidStateException/,
      },
    },
    {
      what: 'a digest in hexadecimal',
      spoil: async ({ files }) =>
        files.write('large-file.sha256', Buffer.from((await files.read('large-file.sha256')).toString('hex'))),
      fails: { '2.9': /with -binary/ },
    },
    {
      what: 'a signature of Ed25519 by nobody',
      spoil: ({ files }) => files.write('ed25519-signature.bin', randomBytes(64)),
      fails: { '2.10': /ED25519_SHA_512/ },
    },
    removed('ml-dsa-signature.bin', '2.11'),
  ],
  rotation: [
    aliasAway('rotation-key', '3.1'),
    {
      what: 'another period',
      spoil: async ({ kms, key }) =>
        kms.enableKeyRotation({ KeyId: await key('rotation-key'), RotationPeriodInDays: 365 }),
      fails: { '3.2': /every 365 days: .*--rotation-period-in-days 180/, '3.10': /disable-key-rotation/ },
    },
    {
      what: 'rotation was left on',
      spoil: async ({ kms, key }) =>
        kms.enableKeyRotation({ KeyId: await key('rotation-key'), RotationPeriodInDays: 180 }),
      fails: { '3.10': /aws kms disable-key-rotation --key-id [-0-9a-f]{36}/ },
    },
    {
      what: 'a key that was never rotated',
      async spoil({ kms }) {
        await kms.updateAlias({ AliasName: 'alias/kms-lab-rotation-key', TargetKeyId: await another(kms) });
      },
      fails: {
        '3.1': /tags/,
        '3.2': /aws kms enable-key-rotation --key-id [-0-9a-f]{36} --rotation-period-in-days 180/,
        '3.3': /another key/,
        '3.4': /aws kms rotate-key-on-demand/,
        '3.6': /another key/,
      },
    },
    {
      what: 'the witness was sealed after the rotation',
      spoil: async ({ files }) =>
        files.write('encrypted-before-rotation.bin', await files.read('encrypted-after-rotation.bin')),
      fails: { '3.3': /newest material/ },
    },
    {
      what: 'what is to be new was sealed before',
      spoil: async ({ files }) =>
        files.write('encrypted-after-rotation.bin', await files.read('encrypted-before-rotation.bin')),
      fails: { '3.6': /encrypt it after the rotation/ },
    },
    removed('decrypted-after-rotation.txt', '3.5'),
  ],
  'multi-region': [
    aliasAway('mrk', '4.1'),
    {
      what: 'a key of one Region',
      spoil: async ({ kms }) => kms.updateAlias({ AliasName: 'alias/kms-lab-mrk', TargetKeyId: await another(kms) }),
      fails: { '4.1': /MultiRegion is true \(it is false, which nothing changes later/, '4.2': /replicate-key/ },
    },
    {
      what: 'no alias leads to the replica',
      spoil: ({ kmsIn }) => kmsIn('us-west-2').deleteAlias({ AliasName: 'alias/kms-lab-mrk' }),
      fails: { '4.2': /alias\/kms-lab-mrk in us-west-2 leads to a key .*--region us-west-2/ },
    },
    {
      what: 'the replica is gone',
      spoil: async ({ kmsIn, key }) =>
        kmsIn('us-west-2').scheduleKeyDeletion({ KeyId: await key('mrk'), PendingWindowInDays: 7 }),
      fails: { '4.2': /cancel-key-deletion/, '4.3': /not enabled/, '4.6': /KMSInvalidStateException/ },
    },
    removed('encrypted-in-us-east-1.bin', '4.3'),
    removed('decrypted-in-us-west-2.txt', '4.3'),
    removed('encrypted-in-us-west-2.bin', '4.4'),
    {
      what: 'a ciphertext that the replica opens in place of one that it does not',
      spoil: async ({ files }) =>
        files.write('encrypted-in-us-east-1-only.bin', await files.read('encrypted-in-us-east-1.bin')),
      fails: { '4.6': /not multi-Region.*\(now: the call succeeded\)/ },
    },
    {
      what: 'encrypted before the rotation',
      spoil: async ({ files }) =>
        files.write('encrypted-after-rotation.bin', await files.read('encrypted-in-us-east-1.bin')),
      fails: { '4.9': /encrypt it after the rotation/ },
    },
    {
      what: 'the primary did not come home',
      async spoil({ emulator, kms, key }) {
        await kms.updatePrimaryRegion({ KeyId: await key('mrk'), PrimaryRegion: 'us-west-2' });
        (emulator as { advance?(ms: number): void }).advance?.(60_000);
      },
      fails: { '4.10': /update-primary-region --key-id mrk-\w+ --primary-region us-east-1 --region us-west-2/ },
    },
  ],
  envelope: [
    aliasAway('envelope-key', '5.1'),
    resealed(
      'a data key in another context',
      'wrapped-data-key.bin',
      '5.2',
      /project=masterclass/,
      async (kms, { key }) =>
        kms.generateDataKeyWithoutPlaintext({ KeyId: await key('envelope-key'), KeySpec: 'AES_256' }),
    ),
    resealed('a smaller data key', 'later.bin', '5.2', /AES_256/, async (kms, { key }) =>
      kms.generateDataKeyWithoutPlaintext({
        KeyId: await key('envelope-key'),
        KeySpec: 'AES_128',
        EncryptionContext: { project: 'masterclass', purpose: 'envelope' },
      }),
    ),
    removed('wrapped-key-of-file.bin', '5.3'),
    {
      what: 'an envelope that was changed',
      async spoil({ files }) {
        const sealed = await files.read('file.sealed');
        sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
        await files.write('file.sealed', sealed);
      },
      fails: { '5.4': /file.sealed is as it was sealed/ },
    },
    {
      what: 'another file than was sealed',
      spoil: ({ files }) => files.write('file.opened', message),
      fails: { '5.4': /byte for byte/ },
    },
    {
      what: 'a wrapped key that nobody changed',
      spoil: async ({ files }) =>
        files.write('tampered-wrapped-key.bin', await files.read('wrapped-key-of-excerpt.bin')),
      fails: { '5.5': /flip one bit/ },
    },
    {
      what: 'a message that is none',
      spoil: ({ files }) => files.write('excerpt.encrypted', message),
      fails: { '5.6': /encrypt it once more, under this key/ },
    },
  ],
  'key-policy': [
    aliasAway('key-policy', '6.1'),
    aliasAway('key-policy-conditions', '6.5'),
    {
      what: 'the default policy was saved too late',
      spoil: async ({ files }) => files.write('default-policy.json', await files.read('kms-key-policy.json')),
      fails: { '6.1': /before you put another/ },
    },
    {
      what: 'the default policy is still there',
      spoil: async ({ kms, key, files }) =>
        kms.putKeyPolicy({
          KeyId: await key('key-policy'),
          Policy: (await files.read('default-policy.json')).toString(),
        }),
      fails: { '6.3': /put-key-policy --key-id [-0-9a-f]{36} --policy file:\/\/… with kms-key-policy.json, filled/ },
    },
    {
      what: 'the conditions are still there',
      spoil: async ({ kms, key, files }) =>
        kms.putKeyPolicy({
          KeyId: await key('key-policy-conditions'),
          Policy: (await files.read('conditions-policy.json')).toString(),
        }),
      fails: { '6.6': /--policy file:\/\/kms-lab-files\/key-policy\/default-policy.json/ },
    },
    {
      what: 'the deletion was not taken back',
      spoil: async ({ kms, key }) =>
        kms.scheduleKeyDeletion({ KeyId: await key('key-policy-conditions'), PendingWindowInDays: 30 }),
      fails: { '6.5': /cancel-key-deletion --key-id [-0-9a-f]{36}, then aws kms enable-key/, '6.6': /not enabled/ },
    },
    removed('ledger-of-finance.bin', '6.5'),
  ],
  grants: [
    aliasAway('grants', '7.1'),
    {
      what: 'a key that you may use',
      spoil: async ({ kms, key }) =>
        kms.putKeyPolicy({
          KeyId: await key('grants'),
          Policy: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: 'kms:*',
                Resource: '*',
              },
            ],
          }),
        }),
      fails: { '7.1': /with grants-key-policy.json, filled/ },
    },
    removed('salaries.bin', '7.2'),
    {
      what: 'a grant that lists too much, and was not retired',
      spoil: async ({ kms, key }) =>
        kms.createGrant({
          KeyId: await key('grants'),
          Name: 'kms-lab-finance',
          GranteePrincipal: 'arn:aws:iam::111122223333:user/ann',
          Operations: ['Encrypt', 'Decrypt', 'GenerateDataKey'],
          Constraints: { EncryptionContextSubset: { department: 'finance' } },
        }),
      fails: {
        '7.2': /it lists Encrypt and Decrypt/,
        '7.5': /retire-grant --key-id [-0-9a-f]{36} --grant-id [0-9a-f]{64}/,
      },
    },
    {
      what: 'a grant that was not revoked',
      spoil: async ({ kms, key }) =>
        kms.createGrant({
          KeyId: await key('grants'),
          Name: 'kms-lab-exactly-finance',
          GranteePrincipal: 'arn:aws:iam::111122223333:user/ann',
          Operations: ['Encrypt', 'Decrypt'],
          Constraints: { EncryptionContextEquals: { department: 'finance' } },
        }),
      fails: { '7.6': /revoke-grant --key-id [-0-9a-f]{36} --grant-id [0-9a-f]{64}/ },
    },
  ],
  audit: [
    aliasAway('audit-key', '8.1'),
    resealed('no context', 'encrypted-record.bin', '8.1', /purpose=audit-lab/, async (kms, { key }) =>
      kms.encrypt({ KeyId: await key('audit-key'), Plaintext: message }),
    ),
    {
      what: 'the record of another call',
      spoil: ({ files }) => files.write('decrypt-event.json', Buffer.from('{"eventName":"Encrypt"}')),
      fails: { '8.3': /record of a Decrypt/ },
    },
  ],
  troubleshooting: [
    aliasAway('troubleshooting-key', '9.1'),
    {
      what: 'the policy that denies is still there',
      spoil: async ({ kms, key, files }) =>
        kms.putKeyPolicy({
          KeyId: await key('troubleshooting-key'),
          Policy: (await files.read('policy-that-denies.json')).toString(),
        }),
      fails: {
        '9.1': /AccessDeniedException/,
        '9.2': /--policy file:\/\/kms-lab-files\/troubleshooting\/policy.json/,
        '9.3': /AccessDeniedException/,
        '9.9': /policy.json/,
      },
    },
    removed('policy.json', '9.1'),
    {
      what: 'a ciphertext that is not damaged',
      spoil: async ({ files }) => files.write('damaged.bin', await files.read('encrypted-order.bin')),
      fails: { '9.3': /flip one bit/ },
    },
    {
      what: 'text that was decoded',
      spoil: async ({ files }) => files.write('base64-text.txt', await files.read('encrypted-order.bin')),
      fails: { '9.3': /decoded, it is/ },
    },
    {
      what: 'the alias leads to the wrong key',
      spoil: async ({ kms }) =>
        kms.updateAlias({ AliasName: 'alias/kms-lab-troubleshooting-key', TargetKeyId: await another(kms) }),
      fails: {
        '9.1': /tags/,
        '9.2': /another key/,
        '9.3': /IncorrectKeyException/,
        '9.4': /lead alias\/kms-lab-troubleshooting-key back .* with aws kms update-alias/,
        '9.9': /another key/,
      },
    },
    {
      what: 'the key is disabled',
      spoil: async ({ kms, key }) => kms.disableKey({ KeyId: await key('troubleshooting-key') }),
      fails: {
        '9.1': /enable-key/,
        '9.2': /not enabled/,
        '9.3': /DisabledException/,
        '9.6': /aws kms enable-key --key-id/,
        '9.7': /aws kms enable-key --key-id/,
        '9.9': /not enabled/,
      },
    },
    removed('4096-bytes-encrypted.bin', '9.9'),
  ],
};
