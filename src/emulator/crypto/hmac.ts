import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeySpec, MacAlgorithmSpec } from '@aws-sdk/client-kms';

export type HmacSpec = Extract<KeySpec, `HMAC_${string}`>;

/** As long as its hash's output: 28, 32, 48 or 64 bytes. */
export function newHmacKey(spec: HmacSpec): Uint8Array {
  return randomBytes(Number(spec.slice('HMAC_'.length)) / 8);
}

/** HMAC of RFC 2104: 28, 32, 48 or 64 bytes. */
export function mac(secret: Uint8Array, algorithm: MacAlgorithmSpec, message: Uint8Array): Uint8Array {
  const hash = algorithm.slice('HMAC_'.length).replace('_', '').toLowerCase();
  return createHmac(hash, secret).update(message).digest();
}

/** Compare in a time that tells nothing about where two MACs differ. */
export const isSameMac = (one: Uint8Array, other: Uint8Array) =>
  one.length === other.length && timingSafeEqual(one, other);
