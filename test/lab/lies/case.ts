import type { DecryptCommandInput, KMS } from '@aws-sdk/client-kms';
import type { WireResponse } from '../../../src/emulator/wire/message.js';
import type { Lie } from '../liar.js';
import type { KmsIn } from '../room.js';

/** A way in which a KMS can lie, and how a lab notices. */
export interface Case {
  lie: string;
  /** @param kmsIn the honest KMS behind the liar, for lies that look into another Region than they are asked in. */
  of: (kmsIn: KmsIn) => Lie;
  /** It is told in simulated worlds alone; outside them it is, unless given. */
  simulated?: true;
  /** Exactly these claims fail. */
  fails: string[];
  skips: string[];
}

/** A lie that simulated worlds alone are told; no step needs what such a step learned. */
export const inSimulation = (lie: string, of: Case['of'], fails: string[]): Case => ({
  ...{ lie, of, fails },
  skips: [],
  simulated: true,
});

/** Steps that use the plaintext or the blob of 1.2, or what such steps return. */
export const afterEncrypt = ['1.3', '1.4', '1.5', '1.6', '1.8'];

/** The same bytes but for the last bit. */
export const flipped = (bytes: Uint8Array = new Uint8Array(1)) => {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
};

/**
 * Honest until `operation` has been done, and a liar from then on.
 * @param operation what the lie waits for: "RotateKeyOnDemand"; a refusal does not count.
 */
export function since(operation: keyof Lie, lie: Lie): Lie {
  const answers = lie as Readonly<Record<string, Untyped>>;
  let done = false;
  const answer =
    (name: string): Untyped =>
    async (kms, input, pass) => {
      if (done) return (await answers[name]?.(kms, input, pass)) ?? (await pass());
      const told = await pass();
      done = name === operation && told.status === 200;
      return told;
    };
  return Object.fromEntries([operation, ...Object.keys(lie)].map((name) => [name, answer(name)])) as Lie;
}

/** An answer to any operation. */
type Untyped = (kms: KMS, input: never, pass: () => Promise<WireResponse>) => Promise<object>;

/** Decrypt, and give back other bytes than were encrypted. */
export const otherBytes = async (kms: KMS, input: DecryptCommandInput) => {
  const { Plaintext, ...answer } = await kms.decrypt(input);
  return { ...answer, Plaintext: flipped(Plaintext) };
};

/** The ARN of a key that the lab knows nothing of. */
export const otherKey = async (kms: KMS) => (await kms.createKey({})).KeyMetadata?.Arn ?? '';

/** Refuse with one of KMS's exceptions. */
export const refuse = (name: string): never => {
  throw Object.assign(new Error('a lie'), { name });
};

/** Facts of a lab of one step, which is all that a lie is about. */
export const alone = { number: 1, title: 'A step alone', minutes: 1, keys: 1, teaches: [] };
