import type { CreateGrantCommandInput, CreateKeyCommandInput, KMS, ListGrantsCommandInput } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';
import { type Case, otherBytes, since } from './case.js';

/** Ways to lie about any operation; `liar` takes them as they come. */
type AnyLie = Readonly<Record<string, (kms: KMS, input: never) => Promise<object>>>;
const lie = (answers: AnyLie) => answers as Lie;
const from = (first: number) => Array.from({ length: 7 - first }, (_, at) => `7.${first + at}`);

/** A KMS that makes every grant otherwise than it was asked to. */
const grants = (change: (input: CreateGrantCommandInput) => Partial<CreateGrantCommandInput>): Lie =>
  lie({
    CreateGrant: (kms, input: CreateGrantCommandInput) => kms.createGrant({ ...input, ...change(input) }),
  });

/** What ListGrants says of a grant, changed. */
const listing = (change: object): Lie =>
  lie({
    ListGrants: async (kms, input: ListGrantsCommandInput) => {
      const { Grants = [] } = await kms.listGrants(input);
      return { Grants: Grants.map(({ CreationDate: _, ...grant }) => ({ ...grant, ...change })) };
    },
  });

export const aboutGrants: Case[] = [
  {
    lie: 'stores a key’s policy and does not obey it',
    of: () => lie({ CreateKey: (kms, { Policy: _, ...input }: CreateKeyCommandInput) => kms.createKey(input) }),
    fails: ['you may not encrypt with it', 'nor make a data key'],
    skips: from(2),
  },
  {
    lie: 'says that the key is disabled',
    of: () =>
      lie({
        DescribeKey: async (kms, input: { KeyId: string }) => {
          const { KeyMetadata: { KeyId, Arn } = {} } = await kms.describeKey(input);
          return { KeyMetadata: { KeyId, Arn, KeyState: 'Disabled' } };
        },
      }),
    fails: ['you may see it'],
    skips: from(2),
  },
  {
    lie: 'does not know a grant by its token',
    of: () => lie({ CreateGrant: async () => ({ GrantId: 'a'.repeat(64), GrantToken: 'none' }) }),
    fails: ['with its token you may encrypt at once', 'and decrypt', 'a context that says more will do'],
    skips: from(3),
  },
  {
    lie: 'ignores the constraint',
    of: () => grants(() => ({ Constraints: undefined })),
    fails: [
      'another department is denied',
      'no context is denied',
      'decrypting without the context is denied, too',
      'for one department',
    ],
    skips: from(5),
  },
  {
    lie: 'wants the context of a constraint exactly when a part of it should do',
    of: () => grants(() => ({ Constraints: { EncryptionContextEquals: { department: 'finance' } } })),
    fails: ['a context that says more will do'],
    skips: from(3),
  },
  {
    lie: 'takes a part of the context when it should want it exactly',
    of: () => grants(() => ({ Constraints: { EncryptionContextSubset: { department: 'finance' } } })),
    fails: ['a context that says more is denied'],
    skips: [],
  },
  {
    lie: 'grants more operations than it was asked for',
    of: () => grants(() => ({ Operations: ['Encrypt', 'Decrypt', 'GenerateDataKeyWithoutPlaintext'] })),
    fails: ['an operation that it does not list is denied', 'it lists two operations'],
    skips: from(5),
  },
  {
    lie: 'grants nothing but decrypting',
    of: () => grants(() => ({ Operations: ['Decrypt'] })),
    fails: ['with its token you may encrypt at once', 'and decrypt', 'a context that says more will do'],
    skips: from(3),
  },
  {
    lie: 'lists no grant',
    of: () => lie({ ListGrants: async () => ({ Grants: [] }) }),
    fails: [
      'the key has one grant',
      'it is this one',
      'its grantee is you',
      'it lists two operations',
      'for one department',
    ],
    skips: from(5),
  },
  {
    lie: 'lists another grant',
    of: () => listing({ GrantId: 'b'.repeat(64) }),
    fails: ['it is this one', 'its grantee is you', 'it lists two operations', 'for one department'],
    skips: from(5),
  },
  {
    lie: 'lists another grantee',
    of: () => listing({ GranteePrincipal: 'arn:aws:iam::111122223333:user/bob' }),
    fails: ['its grantee is you'],
    skips: from(5),
  },
  {
    lie: 'goes on with a retired grant',
    of: () => lie({ RetireGrant: async () => ({}) }),
    fails: [
      'retired, it opens nothing',
      'and the key has no grant',
      'a context that says more is denied',
      'revoked, it opens nothing',
      'not even with its token',
      'and the key has no grant',
    ],
    skips: [],
  },
  {
    lie: 'goes on with a revoked grant',
    of: () => lie({ RevokeGrant: async () => ({}) }),
    fails: ['revoked, it opens nothing', 'not even with its token', 'and the key has no grant'],
    skips: [],
  },
  {
    lie: 'gives other bytes to whoever shows no token',
    of: () => ({ Decrypt: (kms, input) => (input.GrantTokens ? kms.decrypt(input) : otherBytes(kms, input)) }),
    fails: ['by now it works without its token'],
    skips: from(5),
  },
  {
    lie: 'opens nothing rightly once a grant was retired',
    of: () => since('RetireGrant', { Decrypt: otherBytes }),
    fails: ['the new grant opens what the old one sealed', 'by now it works without its token'],
    skips: [],
  },
];
