import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SignCommandInput, VerifyCommandInput } from '@aws-sdk/client-kms';
import type { Lie } from '../../liar.js';
import type { Case } from '../case.js';
import { signatureOfBoth } from './crafted.js';

/** What Sign and Verify are both told. */
type Spoken = Pick<SignCommandInput, 'Message' | 'MessageType' | 'SigningAlgorithm'>;

const valid = ({ KeyId, SigningAlgorithm }: VerifyCommandInput) => ({ KeyId, SigningAlgorithm, SignatureValid: true });

/** A KMS that verifies what `forgives` says, and judges the rest honestly. */
const forgiving = (forgives: (input: VerifyCommandInput) => boolean): Lie => ({
  Verify: async (kms, input) => (forgives(input) ? valid(input) : kms.verify(input)),
});

const changedMessage = 'a changed message is refused by KMS';
const changedSignature = 'a changed signature is refused by KMS';
const offline = 'the public key alone verifies the signature, without KMS';
const answers = 'KMS answers every call of this step';
const three = (...claims: string[]) => [...claims, ...claims, ...claims];

export const aboutSignatures: Case[] = [
  {
    lie: 'verifies any signature',
    of: () => forgiving(() => true),
    fails: [
      changedMessage,
      changedSignature,
      'the digest of another file is refused',
      ...three(changedMessage, changedSignature).slice(2),
    ],
    skips: [],
  },
  {
    lie: 'does not look at the message',
    of: () =>
      forgiving(({ Message, MessageType }) => MessageType === 'RAW' && Buffer.from(Message ?? []).includes('Pay 900')),
    fails: three(changedMessage),
    skips: [],
  },
  {
    lie: 'looks at the first half of a signature only',
    of: () => {
      const known = new Set<string>();
      const half = ({ Signature = new Uint8Array(), Message = new Uint8Array() }: VerifyCommandInput) =>
        Buffer.concat([Message, Signature.subarray(0, Signature.length / 2)]).toString('base64');
      return {
        async Verify(kms, input) {
          if (known.has(half(input))) return valid(input);
          const answer = await kms.verify(input);
          known.add(half(input));
          return answer;
        },
      };
    },
    fails: three(changedSignature),
    skips: [],
  },
  {
    lie: 'says no by saying false',
    of: () => ({
      Verify: (kms, input) => kms.verify(input).catch(() => ({ ...valid(input), SignatureValid: false })),
    }),
    fails: [
      changedMessage,
      changedSignature,
      'the digest of another file is refused',
      ...three(changedMessage, changedSignature).slice(2),
    ],
    skips: [],
  },
  {
    lie: 'says neither yes nor no',
    of: () => ({
      Verify: async (kms, input) => {
        const { SignatureValid: _, ...answer } = await kms.verify(input);
        return answer;
      },
    }),
    fails: three('KMS verifies it too'),
    skips: ['2.8', '2.9'],
  },
  {
    lie: 'returns another public key than that it signs with',
    of: () => ({
      async GetPublicKey(kms, input) {
        const answer = await kms.getPublicKey(input);
        if (answer.KeySpec !== 'ECC_NIST_P256') return answer;
        const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        return { ...answer, PublicKey: publicKey.export({ type: 'spki', format: 'der' }) };
      },
    }),
    fails: ['the public key alone verifies the signature, without KMS'],
    skips: ['2.8', '2.9'],
  },
  {
    lie: 'returns a public key of another kind',
    of: () => ({
      async GetPublicKey(kms, input) {
        const answer = await kms.getPublicKey(input);
        if (answer.KeyUsage !== 'SIGN_VERIFY') return answer;
        const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
        return { ...answer, PublicKey: publicKey.export({ type: 'spki', format: 'der' }) };
      },
    }),
    fails: [
      'its public key is a point on the curve P-256',
      'the public key alone verifies the signature, without KMS',
      'its public key is an Ed25519 key (RFC 8410)',
      'the public key alone verifies the signature, without KMS',
      'its public key is an ML-DSA-65 key of 1,952 bytes (FIPS 204)',
      'the public key alone verifies the signature, without KMS',
    ],
    skips: ['2.8', '2.9'],
  },
  {
    lie: 'has a key and a signature that are good for another order, too, and for a changed signature',
    of: () => {
      const order = readFileSync(new URL('../../../../labs/asymmetric/order.txt', import.meta.url));
      const { PublicKey, Signature } = signatureOfBoth(order, Buffer.from(String(order).replace('100', '900')));
      const isSigned = ({ Message, SigningAlgorithm }: Spoken) =>
        SigningAlgorithm === 'ECDSA_SHA_256' && order.equals(Message ?? Buffer.alloc(0));
      return {
        async GetPublicKey(kms, input) {
          const answer = await kms.getPublicKey(input);
          return answer.KeySpec === 'ECC_NIST_P256' ? { ...answer, PublicKey } : answer;
        },
        Sign: async (kms, input) => (isSigned(input) ? { Signature } : kms.sign(input)),
        Verify: async (kms, input) =>
          isSigned(input) && Buffer.compare(Signature, input.Signature ?? order) === 0
            ? valid(input)
            : kms.verify(input),
      };
    },
    fails: [
      'a changed message is refused by the public key',
      'a changed signature is refused by the public key',
      '4,096 bytes are signed as they are',
      'the public key alone verifies it for all 65,536 bytes',
    ],
    skips: [],
  },
  {
    lie: 'signs another message than it was given, and stands by it',
    of: () => {
      const other = Buffer.from('Pay 100 doubloons to me.');
      const swapped = <Input extends Spoken>(input: Input): Input =>
        input.MessageType === 'RAW' && Buffer.from(input.Message ?? []).includes('Pay 100')
          ? { ...input, Message: other }
          : input;
      return {
        Sign: (kms, input) => kms.sign(swapped(input)),
        Verify: (kms, input) => kms.verify(swapped(input)),
      };
    },
    fails: three('the public key alone verifies the signature, without KMS'),
    skips: ['2.8', '2.9'],
  },
  {
    lie: 'hashes a digest once more, and says neither yes nor no of it',
    of: () => {
      const again = <Input extends Spoken>(input: Input): Input =>
        input.MessageType === 'DIGEST'
          ? {
              ...input,
              Message: createHash('sha256')
                .update(input.Message ?? new Uint8Array())
                .digest(),
            }
          : input;
      return {
        Sign: (kms, input) => kms.sign(again(input)),
        Verify: async (kms, input) => {
          const { SignatureValid, ...answer } = await kms.verify(again(input));
          return input.MessageType === 'DIGEST' ? answer : { ...answer, SignatureValid };
        },
      };
    },
    fails: ['the public key alone verifies it for all 65,536 bytes', 'KMS verifies it for the digest'],
    skips: [],
  },
  {
    lie: 'signs messages of any length',
    of: () => ({
      Sign: (kms, { Message, ...input }) => kms.sign({ ...input, Message: Message?.subarray(0, 4096) }),
    }),
    fails: ['4,097 bytes are refused'],
    skips: [],
  },
  {
    lie: 'signs the first 1,000 bytes of a message',
    of: () => ({
      Sign: (kms, { Message = new Uint8Array(), ...input }) =>
        kms.sign({ ...input, Message: Message.length > 4096 ? Message : Message.subarray(0, 1000) }),
    }),
    fails: ['4,096 bytes are signed as they are'],
    skips: [],
  },
  {
    lie: 'takes any algorithm, and any key for anything',
    of: () => ({
      Sign: (kms, input) =>
        kms.sign(input).catch((refusal) => {
          if (input.SigningAlgorithm !== 'ECDSA_SHA_384') throw refusal;
          return kms.sign({ ...input, SigningAlgorithm: 'ECDSA_SHA_256' });
        }),
      Encrypt: (kms, input) =>
        kms.encrypt(input).catch((refusal) => {
          if (refusal.name !== 'InvalidKeyUsageException') throw refusal;
          return { KeyId: input.KeyId, CiphertextBlob: new Uint8Array(256), EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' };
        }),
    }),
    fails: ['the algorithm of another curve is refused', 'a key that signs does not encrypt'],
    skips: [],
  },
  {
    lie: 'says that its keys are others, and for other uses',
    of: () => ({
      GetPublicKey: async (kms, input) => ({
        ...(await kms.getPublicKey(input)),
        KeyId: 'another',
        KeyUsage: 'KEY_AGREEMENT',
      }),
    }),
    fails: ['the answer names the key by its ARN', 'it is there to encrypt with', ...three('its usage is SIGN_VERIFY')],
    skips: ['2.3', '2.4', '2.5', '2.8', '2.9'],
  },
  {
    lie: 'says more in a signature than there is to say',
    of: () => ({
      async Sign(kms, input) {
        const { Signature, ...answer } = await kms.sign(input);
        return { ...answer, Signature: Buffer.concat([Signature ?? Buffer.alloc(0), Buffer.alloc(1)]) };
      },
    }),
    fails: [
      offline,
      answers,
      'the signature has 64 bytes',
      offline,
      answers,
      'the signature has 3,309 bytes',
      offline,
      answers,
    ],
    skips: ['2.8', '2.9'],
  },
];
