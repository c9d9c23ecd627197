import { constants, createHash, type KeyObject, privateEncrypt, publicDecrypt, randomBytes } from 'node:crypto';
import { hashSizes } from './message.js';

/**
 * Signatures over a hash that somebody else made. node:crypto signs whole messages only, so the padding is put on here
 * (RFC 8017) and OpenSSL does the arithmetic. RAW messages do not come this way.
 */
type Hash = keyof typeof hashSizes;

/** DigestInfo up to the digest itself (RFC 8017, section 9.2, note 1). */
const digestInfo: Readonly<Record<Hash, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

const withInfo = (hash: Hash, digest: Uint8Array) => Buffer.concat([Buffer.from(digestInfo[hash], 'hex'), digest]);

/** MGF1 (RFC 8017, appendix B.2.1). */
function mask(hash: Hash, seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0; counter * hashSizes[hash] < length; counter++) {
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(counter);
    blocks.push(createHash(hash).update(seed).update(tail).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const xor = (one: Buffer, other: Buffer) => Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));

/** The hash of M' (section 9.1.1, steps 5 and 6). */
const saltedHash = (hash: Hash, digest: Uint8Array, salt: Uint8Array) =>
  createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();

/** EMSA-PSS-ENCODE (section 9.1.1) into as many bytes as the modulus has, all of whose bits it uses. */
function encode(hash: Hash, digest: Uint8Array, size: number): Buffer {
  const salt = randomBytes(hashSizes[hash]);
  const salted = saltedHash(hash, digest, salt);
  const block = Buffer.concat([Buffer.alloc(size - 2 * hashSizes[hash] - 2), Buffer.from([1]), salt]);
  const masked = xor(block, mask(hash, salted, block.length));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return Buffer.concat([masked, salted, Buffer.from([0xbc])]);
}

/** EMSA-PSS-VERIFY (section 9.1.2). */
function isEncoded(hash: Hash, digest: Uint8Array, encoded: Buffer): boolean {
  const size = hashSizes[hash];
  const masked = encoded.subarray(0, -size - 1);
  const salted = encoded.subarray(-size - 1, -1);
  if (encoded.at(-1) !== 0xbc || ((masked[0] ?? 0) & 0x80) !== 0) return false;
  const block = xor(masked, mask(hash, salted, masked.length));
  block[0] = (block[0] ?? 0) & 0x7f;
  const salt = block.subarray(-size);
  const before = block.subarray(0, -size);
  if (before.at(-1) !== 1 || before.subarray(0, -1).some((byte) => byte !== 0)) return false;
  return saltedHash(hash, digest, salt).equals(salted);
}

const sizeOf = (key: KeyObject) => (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;

/** Sign a digest: PSS with a salt as long as the hash, or PKCS #1 v1.5. */
export function signDigest(pss: boolean, key: KeyObject, hash: Hash, digest: Uint8Array): Uint8Array {
  if (!pss) return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, withInfo(hash, digest));
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encode(hash, digest, sizeOf(key)));
}

export function verifyDigest(
  pss: boolean,
  key: KeyObject,
  hash: Hash,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== sizeOf(key)) return false;
  try {
    if (!pss)
      return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).equals(withInfo(hash, digest));
    return isEncoded(hash, digest, publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature));
  } catch {
    return false; // not smaller than the modulus, or no padding at all
  }
}
