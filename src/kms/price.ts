/**
 * What AWS KMS costs, in US dollars (https://aws.amazon.com/kms/pricing/, read 2026-11-23; the prices of requests from
 * transcriptions of that page's table). Prices for ML-DSA, ML-KEM and Ed25519 are not known and not guessed.
 */
export const prices = {
  read: '2026-11-23',
  source: 'https://aws.amazon.com/kms/pricing/',
  /** A key of any kind, each replica counted, while it exists and its deletion is not scheduled; prorated by the hour. */
  keyPerMonth: 1,
  /** Added to a key's month by each of its first two rotations. */
  rotationPerMonth: 1,
  hoursPerMonth: 720,
  per10000Requests: {
    symmetric: 0.03,
    rsa2048: 0.03,
    otherAsymmetric: 0.15,
    dataKeyPairEcc: 0.1,
    dataKeyPairRsa: 12,
  },
  /** A month, over all Regions; without GenerateDataKeyPair* and requests to asymmetric keys. */
  freeRequestsPerMonth: 20_000,
} as const;

/** What `keys` KMS keys cost in a month, in US dollars. */
export function monthlyUsd(keys: number): number {
  return keys * prices.keyPerMonth;
}

/** What `keys` KMS keys cost in an hour, in US dollars. */
export function hourlyUsd(keys: number): number {
  return monthlyUsd(keys) / prices.hoursPerMonth;
}

/** What one key costs in a month after so many rotations, in US dollars. */
export function keyMonthlyUsd(rotations: number): number {
  return prices.keyPerMonth + Math.min(rotations, 2) * prices.rotationPerMonth;
}

/**
 * What one key has cost until now, in US dollars, if its deletion was never scheduled. Hours begun are not rounded up.
 * @param times of its creation and of its rotations, the eldest first, in milliseconds since 1970
 */
export function soFarUsd([created, ...rotations]: readonly [number, ...number[]], now: number): number {
  const months = (since: number) => Math.max(0, now - since) / 3_600_000 / prices.hoursPerMonth;
  const rotated = rotations.slice(0, 2).reduce((sum, at) => sum + months(at) * prices.rotationPerMonth, 0);
  return months(created) * prices.keyPerMonth + rotated;
}
