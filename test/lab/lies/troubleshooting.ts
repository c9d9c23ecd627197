import type { KMS } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';
import { type Case, otherBytes, refuse, since } from './case.js';

/** What KMS answers when it takes a call and does nothing. */
const nothing = async () => ({});

/** An answer that refuses nothing: what was encrypted last, to whoever asks, and only where the honest KMS refuses. */
function opensAll(where: (error: Error) => boolean): Lie {
  let last: Uint8Array | undefined;
  const keep = (bytes: Uint8Array | undefined) => {
    last = bytes;
  };
  return {
    Encrypt: async (kms, input) => {
      const answer = await kms.encrypt(input);
      keep(input.Plaintext);
      return answer;
    },
    Decrypt: (kms, input) =>
      kms.decrypt(input).catch((error: Error) => {
        if (where(error)) return { Plaintext: last, KeyId: input.KeyId };
        throw error;
      }),
  };
}

const named =
  (...names: string[]) =>
  ({ name }: Error) =>
    names.includes(name);

/** Refuse for another reason. */
const renamed = (from: string, to: string) => (error: Error) => {
  throw error.name === from ? Object.assign(error, { name: to }) : error;
};

/** Whatever was wrong once stays wrong; all is well until the first step has read the policy. */
function repairsNothing(): Lie {
  let refused = false;
  return {
    ...since('GetKeyPolicy', {
      Decrypt: otherBytes,
      Verify: async (kms, input) => ({ ...(await kms.verify(input)), SignatureValid: undefined }),
      VerifyMac: async (kms, input) => ({ ...(await kms.verifyMac(input)), MacValid: undefined }),
      Encrypt: (kms, { Plaintext, ...input }) => kms.encrypt({ ...input, Plaintext: Plaintext?.subarray(0, 4096) }),
      EnableKey: (kms, input) => kms.enableKey(input).catch(nothing),
      CancelKeyDeletion: (kms, input) => kms.cancelKeyDeletion(input).catch(nothing),
      PutKeyPolicy: (kms, input) => {
        if (refused) return refuse('MalformedPolicyDocumentException');
        return kms.putKeyPolicy(input).catch((refusal) => {
          refused = true;
          throw refusal;
        });
      },
    }),
    CreateKey: async (kms, input) => {
      const { KeyMetadata: key } = await kms.createKey(input);
      return { KeyMetadata: { ...key, KeyId: key?.KeyId, Arn: key?.Arn?.replace('us-east-1', 'eu-west-1') } };
    },
  };
}

const valid = { SignatureValid: true, MacValid: true };

export const aboutTroubles: Case[] = [
  {
    lie: 'gives back other bytes',
    of: () => ({ Decrypt: otherBytes }),
    fails: ['the key opens what it encrypted', 'its alias does'],
    skips: Array.from({ length: 10 }, (_, at) => `9.${2 + at}`),
  },
  {
    lie: 'has nothing repaired',
    of: repairsNothing,
    fails: [
      'repaired by the caller: with the context it is allowed',
      'repaired in the policy: what was denied opens again',
      'repaired: an undamaged copy opens',
      'repaired: decoded, it opens',
      'repaired: the context it was encrypted with',
      'repaired: without a key id KMS takes the right one',
      'repaired: the alias leads back, and opens it',
      'repaired: used to sign and verify, it does',
      'repaired: with the message it was made of, it is valid',
      'repaired: enabled, it opens what it encrypted before',
      'enabling it is not the way back',
      'nor is there a deletion left to cancel',
      'repaired: cancelled and enabled, it opens',
      'repaired: by that name it is found',
      'the ARN tells the Region',
      'repaired: us-east-1 opens it',
      'repaired: one pattern in place of a list',
      'and the policy of before again',
      'more than one call may encrypt: an error of another kind',
      'repaired: one byte less',
      'meanwhile the old policy held',
      'repaired: the policy, well-formed, is taken',
    ],
    skips: [],
  },
  {
    lie: 'stores a policy and does not obey it',
    of: () => ({ PutKeyPolicy: async (kms, input) => await obeyNot(kms, input.Policy, () => kms.putKeyPolicy(input)) }),
    fails: [
      'what worked before is denied',
      'a call that names no key is denied in other words',
      'the policy says why: it asks for an encryption context',
    ],
    skips: [],
  },
  {
    lie: 'lets everybody in who is denied',
    of: () => opensAll(named('AccessDeniedException')),
    fails: [
      'what worked before is denied',
      'a call that names no key is denied in other words',
      'asked to find the key by itself, it denies',
    ],
    skips: [],
  },
  {
    lie: 'opens what is damaged or bound to another context',
    of: () => opensAll(named('InvalidCiphertextException')),
    fails: [
      'damaged on its way: one bit is enough',
      'base64 text in place of the bytes it stands for',
      'an encryption context in other letters',
      'no encryption context at all',
    ],
    skips: [],
  },
  {
    lie: 'opens with the wrong key',
    of: () => opensAll(named('IncorrectKeyException')),
    fails: ['which is the wrong one for what was encrypted before'],
    skips: [],
  },
  {
    lie: 'calls a wrong key a bad ciphertext',
    of: () => ({
      Decrypt: (kms, input) => kms.decrypt(input).catch(renamed('IncorrectKeyException', 'InvalidCiphertextException')),
    }),
    fails: ['which is the wrong one for what was encrypted before'],
    skips: [],
  },
  {
    lie: 'leads no alias elsewhere',
    of: () => ({ UpdateAlias: nothing }),
    fails: ['repaired: UpdateAlias leads it to the other key', 'which is the wrong one for what was encrypted before'],
    skips: [],
  },
  {
    lie: 'opens with a disabled key',
    of: () => opensAll(named('DisabledException')),
    fails: ['a disabled key opens nothing', 'so it still opens nothing'],
    skips: [],
  },
  {
    lie: 'disables nothing',
    of: () => ({ DisableKey: nothing }),
    fails: ['a disabled key opens nothing', 'nor does it encrypt', 'DescribeKey says why'],
    skips: [],
  },
  {
    lie: 'opens with a key that is pending deletion',
    of: () => opensAll(named('KMSInvalidStateException')),
    fails: ['a key that is pending deletion opens nothing'],
    skips: [],
  },
  {
    lie: 'enables a key whose deletion is cancelled',
    of: () => ({
      CancelKeyDeletion: async (kms, input) => {
        const answer = await kms.cancelKeyDeletion(input);
        await kms.enableKey(input);
        return answer;
      },
    }),
    fails: ['cancelled in time, the key is back, but disabled', 'so it still opens nothing'],
    skips: [],
  },
  {
    lie: 'finds every key',
    of: () => ({
      DescribeKey: (kms, input) =>
        kms.describeKey(input).catch(async (error) => {
          if (!/misspelt$|^arn|^[0-9a-f-]+$/.test(input.KeyId ?? '')) throw error;
          return { KeyMetadata: { KeyId: input.KeyId } };
        }),
    }),
    fails: ['an alias that nobody made', 'us-west-2 has no key of that id', 'nor does it look where an ARN points'],
    skips: [],
  },
  {
    lie: 'takes what it should refuse, and forgets what a key is called',
    of: () => ({
      Decrypt: (kms, { DryRun: _asked, ...input }) => kms.decrypt(input),
      CreateAlias: (kms, input) => kms.createAlias(input).catch(nothing),
      Encrypt: (kms, input) =>
        kms.encrypt(input).catch((error) => {
          if (error.name !== 'InvalidKeyUsageException') throw error;
          return { CiphertextBlob: Buffer.from('sealed'), KeyId: input.KeyId };
        }),
      EnableKeyRotation: nothing,
      Verify: (kms, input) => kms.verify(input).catch(async () => valid),
      VerifyMac: (kms, input) => kms.verifyMac(input).catch(async () => valid),
      ListAliases: async () => ({ Aliases: [] }),
      PutKeyPolicy: (kms, input) => kms.putKeyPolicy(input).catch(nothing),
    }),
    fails: [
      'asked with DryRun, KMS says only that it would work',
      'an alias that exists is not made again',
      'a key that signs does not encrypt',
      'nor is it rotated',
      'a signature is not that of a changed message',
      'nor is a MAC',
      'ListAliases says what the key is called',
      'more than a key policy may hold: 32 KB',
      'a policy that ends too early',
      'a statement without a principal',
      'an effect that is none',
    ],
    skips: [],
  },
  {
    lie: 'says that a policy which is too long is malformed',
    of: () => ({
      PutKeyPolicy: (kms, input) =>
        kms.putKeyPolicy(input).catch(renamed('LimitExceededException', 'MalformedPolicyDocumentException')),
    }),
    fails: ['more than a key policy may hold: 32 KB'],
    skips: [],
  },
];

/** Put a policy unless it denies. */
async function obeyNot(_kms: KMS, policy: string | undefined, put: () => Promise<object>): Promise<object> {
  return policy?.includes('"Deny"') && policy.includes('StringNotEquals') && isComplete(policy) ? {} : await put();
}

function isComplete(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as { Statement: { Effect?: string; Principal?: unknown }[] };
  return Statement.every(({ Effect, Principal }) => Principal !== undefined && /^(Allow|Deny)$/.test(Effect ?? ''));
}
