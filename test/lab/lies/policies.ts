import type { CreateKeyCommandInput, KMS } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';
import type { Case } from './case.js';

/** Ways to lie about any operation; `liar` takes them as they come. */
type AnyLie = Readonly<Record<string, (kms: KMS, input: never) => Promise<object>>>;
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

/** What the default policy says, changed. */
const saying = (change: object) =>
  lie({
    GetKeyPolicy: async (kms, input: Shape) => {
      const { Policy = '' } = await kms.getKeyPolicy(input);
      const { Statement, ...document } = JSON.parse(Policy);
      return { Policy: JSON.stringify({ ...document, Statement: [{ ...Statement[0], ...change }] }) };
    },
  });

/** An operation answers everybody, whatever the policy says, once the key has its least-privilege policy. */
const answersAll = (operation: string, answer: object): Lie => {
  let put = false;
  return lie({
    PutKeyPolicy: async (kms, input: Shape) => {
      put = true;
      return await kms.putKeyPolicy(input as never);
    },
    [operation]: async (kms, input: never) => {
      if (put) return answer;
      const method = `${operation[0]?.toLowerCase()}${operation.slice(1)}` as 'generateDataKeyWithoutPlaintext';
      return await kms[method](input);
    },
  });
};

/** The policy is shown to everybody since another one was put; before, to the administrator alone. */
const showsPolicy = (): Lie => {
  let times = 0;
  return lie({
    // The first look is the lab's own, those of the two roles follow.
    GetKeyPolicy: async (kms, input: Shape) => {
      times++;
      if (times === 2 || times === 3) throw denied();
      return await kms.getKeyPolicy(input);
    },
  });
};

/** What the least-privilege policy leaves to the account, and IAM allowed the caller before, is no longer allowed. */
const keepsFromIam = (): Lie => {
  let times = 0;
  return lie({
    // Each of three callers puts the default policy, the lab the other one, and then each of them that.
    PutKeyPolicy: async (kms, input: Shape) => {
      times++;
      if (times === 7) throw denied();
      return await kms.putKeyPolicy(input as never);
    },
  });
};

export const aboutKeyPolicies: Case[] = [
  {
    lie: 'lets IAM open nothing, also of what the policy leaves to it',
    of: keepsFromIam,
    fails: ['PutKeyPolicy by you is left to IAM, as before: refused'],
    skips: [],
  },
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
  ...(
    [
      [{ Effect: 'Deny' }, 'which allows'],
      [{ Principal: '*' }, 'the account, so that IAM policies decide,'],
      [{ Principal: { AWS: 'arn:aws:iam::444455556666:root' } }, 'the account, so that IAM policies decide,'],
      [{ Action: 'kms:Decrypt' }, 'every KMS action'],
      [{ Resource: 'arn:aws:kms:us-east-1:111122223333:key/other' }, 'on this key'],
    ] as const
  ).map(([change, claim]) => ({
    lie: `has ${JSON.stringify(change)} in the default policy`,
    of: () => saying(change),
    fails: [claim],
    skips: afterDefault,
  })),
  {
    lie: 'lets everybody describe the key otherwise',
    of: () => answersAll('UpdateKeyDescription', {}),
    fails: ['app may not UpdateKeyDescription', 'you may not UpdateKeyDescription'],
    skips: [],
  },
  {
    lie: 'makes data keys for everybody',
    of: () => answersAll('GenerateDataKeyWithoutPlaintext', { CiphertextBlob: Buffer.from('blob') }),
    fails: ['admin may not GenerateDataKeyWithoutPlaintext', 'you may not GenerateDataKeyWithoutPlaintext'],
    skips: [],
  },
  {
    lie: 'grants whatever is asked for',
    of: () => answersAll('CreateGrant', { GrantId: 'a', GrantToken: 'b' }),
    fails: ['admin can’t open the key to itself by a grant'],
    skips: [],
  },
  {
    lie: 'shows the policy to whoever could not see it before',
    of: showsPolicy,
    fails: ['GetKeyPolicy by app is left to IAM, as before: allowed by IAM'],
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
