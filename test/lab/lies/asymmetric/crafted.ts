import { createECDH, createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';

/** The order of the curve P-256 (FIPS 186-5 and SP 800-186, section 3.2.1.3). */
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const mod = (a: bigint) => ((a % n) + n) % n;

/** a to the power of b modulo m. */
function power(a: bigint, b: bigint, m: bigint): bigint {
  if (b === 0n) return 1n;
  const half = power((a * a) % m, b >> 1n, m);
  return b & 1n ? (half * a) % m : half;
}

const bytesOf = (a: bigint) => Buffer.from(a.toString(16).padStart(64, '0'), 'hex');
const numberOf = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const hash = (message: Uint8Array) => numberOf(createHash('sha256').update(message).digest());

/** The coordinates of the base point times k. */
function point(k: bigint): { x: Buffer; y: Buffer } {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(bytesOf(k));
  const key = curve.getPublicKey();
  return { x: key.subarray(1, 33), y: key.subarray(33) };
}

/** A DER INTEGER that is not negative. */
function integer(a: bigint): Buffer {
  const hex = a.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  const body = (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
  return Buffer.concat([Buffer.from([2, body.length]), body]);
}

/**
 * A public key of P-256 and an ECDSA signature that is right for either message, and that stays so when its last bit is flipped.
 * Points that differ in their sign have one x, so (r, s) and (r, -s) sign the same, and one key can be found for two hashes
 * (Stern, Pointcheval, Malone-Lee, Smart: Flaws in Applying Proof Methodologies to Signature Schemes, 2002, on duplicate signatures).
 */
export function signatureOfBoth(one: Uint8Array, other: Uint8Array): { PublicKey: Uint8Array; Signature: Uint8Array } {
  const [e1, e2] = [hash(one), hash(other)];
  // Half of n: n - s is s but for the last bit. Then e1 + rd = sk and e2 + rd = -sk give k and d.
  const s = (n - 1n) / 2n;
  const r = mod(numberOf(point(mod(e2 - e1)).x));
  const d = mod(-(e1 + e2) * power(2n * r, n - 2n, n));
  const { x, y } = point(d);
  const jwk = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') };
  const numbers = Buffer.concat([integer(r), integer(s)]);
  return {
    PublicKey: createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' }),
    Signature: Buffer.concat([Buffer.from([0x30, numbers.length]), numbers]),
  };
}

/**
 * An RSA public key of 2,048 bits under which every message is encrypted to 1: its exponent is a multiple of p - 1 and of
 * q - 1 (Fermat's little theorem).
 */
export function keyOfOneCiphertext(): Uint8Array {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n: modulus = '', p = '', q = '' } = privateKey.export({ format: 'jwk' });
  const less = (prime: string) => numberOf(Buffer.from(prime, 'base64url')) - 1n;
  // Both are even, so half of the product will do, and is less than the modulus, as OpenSSL wants it.
  const exponent = (less(p) * less(q)) / 2n;
  const e = Buffer.from(exponent.toString(16).padStart(512, '0'), 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n: modulus, e }, format: 'jwk' }).export({ type: 'spki', format: 'der' });
}
