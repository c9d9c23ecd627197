import type { MessageType, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';

/** What Sign and Verify are given: a message, or what its sender made of it. */
export interface Message {
  bytes: Uint8Array;
  /** RAW: the message; DIGEST: its hash; EXTERNAL_MU: ML-DSA's 64-byte representative of FIPS 204, section 6.2. */
  type: MessageType;
}

type Hash = 'sha256' | 'sha384' | 'sha512';

/** Bytes of a hash's output. */
export const hashSizes: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48, sha512: 64 };

const muSize = 64;

/** The hash that a signing algorithm ends in. */
export function hashOf(algorithm: SigningAlgorithmSpec): Hash {
  if (algorithm.endsWith('SHA_256')) return 'sha256';
  return algorithm.endsWith('SHA_384') ? 'sha384' : 'sha512';
}

/** The message types that an algorithm takes; Sign's documentation of MessageType. */
function typesOf(algorithm: SigningAlgorithmSpec): readonly MessageType[] {
  if (algorithm === 'ML_DSA_SHAKE_256') return ['RAW', 'EXTERNAL_MU'];
  if (algorithm === 'ED25519_SHA_512') return ['RAW'];
  return algorithm === 'ED25519_PH_SHA_512' ? ['DIGEST'] : ['RAW', 'DIGEST'];
}

/**
 * Refuse a message type that the algorithm does not take, and a digest or μ that is none because of its length.
 * @throws Fault ValidationException
 */
export function checkMessage(algorithm: SigningAlgorithmSpec, { bytes, type }: Message): void {
  const refuse = (message: string) => new Fault('ValidationException', message);
  if (!typesOf(algorithm).includes(type)) {
    throw refuse(`MessageType ${type} is not compatible with SigningAlgorithm ${algorithm}.`);
  }
  if (type === 'DIGEST' && bytes.length !== hashSizes[hashOf(algorithm)]) {
    throw refuse(`Digest is invalid length for algorithm ${algorithm}.`);
  }
  if (type === 'EXTERNAL_MU' && bytes.length !== muSize) {
    throw refuse(`External mu is invalid length for algorithm ${algorithm}.`);
  }
}
