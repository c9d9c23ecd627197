import type { CreateKeyCommandInput, DecryptCommandInput, KMS } from '@aws-sdk/client-kms';
import type { WireResponse } from '../../../src/emulator/wire/message.js';
import type { Lie } from '../liar.js';
import { type Case, otherBytes } from './case.js';

/** Ways to lie about any operation; `liar` takes them as they come. */
type Answer = (kms: KMS, input: never, pass: () => Promise<WireResponse>) => Promise<object>;
type AnyLie = Readonly<Record<string, Answer>>;
const lie = (answers: AnyLie) => answers as Lie;

const denied = () => Object.assign(new Error('No.'), { name: 'AccessDeniedException' });
/** The steps that use the key and the ciphertext of 6.1. */
const afterDefault = ['6.2', '6.3', '6.4', '6.5', '6.6'];

interface Shape {
  KeyId: string;
  Policy?: string;
  EncryptionContext?: object;
  Plaintext?: Uint8Array;
  PendingWindowInDays?: number;
}

/** A policy is stored, and the key goes on under the one it was made with. */
const stores = (): Lie => {
  const stored = new Map<string, string | undefined>();
  return lie({
    PutKeyPolicy: async (_kms, { KeyId, Policy }: Shape) => {
      stored.set(KeyId, Policy);
      return {};
    },
    GetKeyPolicy: async (kms, { KeyId }: Shape) =>
      stored.has(KeyId) ? { Policy: stored.get(KeyId) } : await kms.getKeyPolicy({ KeyId }),
  });
};

/** Whoever asks gets plaintext, once a blob was made of it. */
const opensToAll = (): Lie => {
  let known: Uint8Array | undefined;
  return lie({
    Encrypt: (kms, input: Shape) => {
      known = input.Plaintext;
      return kms.encrypt(input as never);
    },
    Decrypt: async (_kms, { KeyId }: Shape) => ({ KeyId, Plaintext: known }),
  });
};

/** What the default policy says, changed; and more statements. */
const saying = (change: object, ...more: object[]) =>
  lie({
    GetKeyPolicy: async (kms, input: Shape) => {
      const { Policy = '' } = await kms.getKeyPolicy(input);
      const { Statement, ...document } = JSON.parse(Policy);
      return { Policy: JSON.stringify({ ...document, Statement: [{ ...Statement[0], ...change }, ...more] }) };
    },
  });

/** The actions that the matrix asks for. */
const actions = [
  ...['DescribeKey', 'GetKeyPolicy', 'PutKeyPolicy', 'UpdateKeyDescription'],
  ...['Encrypt', 'Decrypt', 'GenerateDataKeyWithoutPlaintext'],
];

/** Once it shows the least-privilege policy, it does for everybody what it should not, and nothing of what it should. */
const turnsRound = (): Lie => {
  let subject: string | undefined;
  const turned = actions.map((name): [string, Answer] => [
    name,
    async (_kms, { KeyId }: Shape, pass) => {
      const answer = await pass();
      const shown = name === 'GetKeyPolicy' && answer.body.includes('AllowKeyAdministration');
      if (KeyId !== subject) {
        if (shown) subject = KeyId;
        return answer;
      }
      if (answer.status === 200) throw denied();
      return {};
    },
  ]);
  return lie({ ...Object.fromEntries(turned), CreateGrant: async () => ({ GrantId: 'a', GrantToken: 'b' }) });
};

export const aboutKeyPolicies: Case[] = [
  {
    lie: 'stores a policy and does not obey it',
    of: stores,
    fails: [
      'admin may DescribeKey',
      'app may DescribeKey',
      'admin may UpdateKeyDescription',
      'you may not UpdateKeyDescription',
      'app may Encrypt',
      'you may not Encrypt',
      'app may Decrypt',
      'you may not Decrypt',
      'app may GenerateDataKeyWithoutPlaintext',
      'you may not GenerateDataKeyWithoutPlaintext',
      'with the default policy nobody asks for a context',
    ],
    skips: [],
  },
  {
    lie: 'obeys it in all but decrypting',
    of: opensToAll,
    fails: [
      'app may Encrypt',
      'admin may not Decrypt',
      'you may not Decrypt',
      'decrypting without it is denied before the key is used',
      'and so is decrypting with another',
    ],
    skips: ['6.6'],
  },
  {
    lie: 'ignores the conditions of a denial, and so the denial',
    of: () =>
      lie({
        CreateKey: (kms, { Policy: _, ...input }: CreateKeyCommandInput) => kms.createKey(input),
      }),
    fails: [
      'encrypting without a context is denied',
      'encrypting for another department is denied',
      'decrypting without it is denied before the key is used',
      'and so is decrypting with another',
    ],
    skips: ['6.6'],
  },
  {
    lie: 'has another list of policies',
    of: () => lie({ ListKeyPolicies: async () => ({ PolicyNames: ['default', 'other'] }) }),
    fails: ['it has one policy, named default'],
    skips: afterDefault,
  },
  {
    lie: 'has another default policy',
    of: () => {
      const AWS = 'arn:aws:iam::444455556666:root';
      const Resource = 'arn:aws:kms:us-east-1:111122223333:key/other';
      return saying({ Effect: 'Deny', Principal: { AWS }, Action: 'kms:Decrypt', Resource }, { Effect: 'Allow' });
    },
    fails: [
      'with one statement',
      'which allows',
      'the account, so that IAM policies decide,',
      'every KMS action',
      'on this key',
    ],
    skips: afterDefault,
  },
  {
    lie: 'has everybody in the default policy',
    of: () => saying({ Principal: '*' }),
    fails: ['the account, so that IAM policies decide,'],
    skips: afterDefault,
  },
  {
    lie: 'gives back other bytes',
    of: () => lie({ Decrypt: otherBytes }),
    fails: ['you may use the key, for IAM allows it'],
    skips: afterDefault,
  },
  {
    lie: 'gives back other bytes when there is a context',
    of: () =>
      lie({
        Decrypt: (kms, input: DecryptCommandInput, pass) => (input.EncryptionContext ? otherBytes(kms, input) : pass()),
      }),
    fails: ['department=finance encrypts and decrypts'],
    skips: ['6.6'],
  },
  {
    lie: 'takes a policy and forgets it',
    of: () => lie({ PutKeyPolicy: async () => ({}) }),
    fails: ['it is stored, all statements in order', 'with the default policy nobody asks for a context'],
    skips: ['6.4'],
  },
  {
    lie: 'does for everybody what the policy denies, and refuses the rest',
    of: turnsRound,
    fails: [
      'admin may DescribeKey',
      'app may DescribeKey',
      'DescribeKey by you is left to IAM, as before: allowed by IAM',
      'admin may GetKeyPolicy',
      'GetKeyPolicy by app is left to IAM, as before: refused',
      'GetKeyPolicy by you is left to IAM, as before: allowed by IAM',
      'admin may PutKeyPolicy',
      'PutKeyPolicy by app is left to IAM, as before: refused',
      'PutKeyPolicy by you is left to IAM, as before: allowed by IAM',
      'admin may UpdateKeyDescription',
      'app may not UpdateKeyDescription',
      'you may not UpdateKeyDescription',
      'admin may not Encrypt',
      'app may Encrypt',
      'you may not Encrypt',
      'admin may not Decrypt',
      'app may Decrypt',
      'you may not Decrypt',
      'admin may not GenerateDataKeyWithoutPlaintext',
      'app may GenerateDataKeyWithoutPlaintext',
      'you may not GenerateDataKeyWithoutPlaintext',
      'admin can’t open the key to itself by a grant',
    ],
    skips: [],
  },
  {
    lie: 'encrypts for nobody without a context',
    of: () => {
      let times = 0;
      return lie({
        Encrypt: async (kms, input: Shape) => {
          if (!input.EncryptionContext && times++ > 0) throw denied();
          return await kms.encrypt(input as never);
        },
      });
    },
    fails: ['app may Encrypt', 'with the default policy nobody asks for a context'],
    skips: [],
  },
  {
    lie: 'ignores how long the waiting period is',
    of: () =>
      lie({
        ScheduleKeyDeletion: (kms, { KeyId }: Shape) => kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 30 }),
      }),
    fails: ['7 days are denied', '29 days are denied', '30 days are accepted'],
    skips: [],
  },
  {
    lie: 'denies every waiting period',
    of: () =>
      lie({
        ScheduleKeyDeletion: async () => {
          throw denied();
        },
      }),
    fails: ['30 days are accepted', 'and can be taken back'],
    skips: [],
  },
  {
    lie: 'leaves the key disabled',
    of: () => lie({ EnableKey: async () => ({}) }),
    fails: ['then the key is Enabled again', 'with the default policy nobody asks for a context'],
    skips: [],
  },
];
