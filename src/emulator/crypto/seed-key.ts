/**
 * Post-quantum keys in DER, which node:crypto of Node 20 does not read: private keys as PKCS#8 with the seed alone
 * (RFC 9881 for ML-DSA, RFC 9935 for ML-KEM), public keys as SubjectPublicKeyInfo.
 */
const tags = { integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, sequence: 0x30, seed: 0x80 } as const;

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes = Buffer.from(size.toString(16).padStart(size > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

/** Members of `{ joint-iso-itu-t(2) country(16) us(840) organization(1) gov(101) csor(3) nistAlgorithm(4) }`. */
const nist = (...arcs: number[]) => der(tags.oid, Buffer.from('608648016503', 'hex'), Buffer.from([4, ...arcs]));

/** `sigAlgs(3)` and `kems(4)` of NIST's register of algorithms. */
export const algorithms = {
  ML_DSA_44: nist(3, 17),
  ML_DSA_65: nist(3, 18),
  ML_DSA_87: nist(3, 19),
  ML_KEM_512: nist(4, 1),
  ML_KEM_768: nist(4, 2),
  ML_KEM_1024: nist(4, 3),
} as const;

export type SeedSpec = keyof typeof algorithms;

/** ML-DSA's seed has 32 bytes, ML-KEM's 64. */
export const seedSize = (spec: SeedSpec): number => (spec.startsWith('ML_DSA') ? 32 : 64);

/** A seed as DER PKCS#8. */
export function seedToPkcs8(spec: SeedSpec, seed: Uint8Array): Uint8Array {
  const algorithm = der(tags.sequence, algorithms[spec]);
  const version = der(tags.integer, Buffer.from([0]));
  return der(tags.sequence, version, algorithm, der(tags.octets, der(tags.seed, seed)));
}

/** The seed in a DER PKCS#8; undefined when it is not a seed of this spec in exactly that form. */
export function seedIn(spec: SeedSpec, pkcs8: Uint8Array): Uint8Array | undefined {
  const seed = Buffer.from(pkcs8.subarray(-seedSize(spec)));
  return Buffer.compare(seedToPkcs8(spec, seed), pkcs8) === 0 ? seed : undefined;
}

/** A raw public key as DER SubjectPublicKeyInfo. */
export function rawToSpki(spec: SeedSpec, publicKey: Uint8Array): Uint8Array {
  const bits = der(tags.bits, Buffer.from([0]), publicKey);
  return der(tags.sequence, der(tags.sequence, algorithms[spec]), bits);
}
