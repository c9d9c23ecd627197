import { createHash, randomBytes } from 'node:crypto';
import type { KeySpec, MessageType, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bitsOf, flipped } from '../../support/flip.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKeys } from '../../support/new-keys.js';

const specs = [
  'RSA_2048',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
  'ML_DSA_44',
  'ML_DSA_65',
  'ML_DSA_87',
] as const;
type Spec = (typeof specs)[number];

let on: KmsUnderTest;
let keys: Record<Spec, string>;
let symmetric: string;
beforeAll(async () => {
  on = await kmsUnderTest();
  keys = await newKeys(on.kms, specs, 'SIGN_VERIFY');
  symmetric = await on.key();
});
afterAll(() => on.close());

/** Each algorithm with the size of its signature in bytes; DER has no fixed one. */
const algorithms: [Spec, SigningAlgorithmSpec, number | undefined][] = [
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 256],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384', 256],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512', 256],
  ['RSA_2048', 'RSASSA_PSS_SHA_256', 256],
  ['RSA_2048', 'RSASSA_PSS_SHA_384', 256],
  ['RSA_2048', 'RSASSA_PSS_SHA_512', 256],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', undefined],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', undefined],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', undefined],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256', undefined],
  ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 64],
  ['ECC_NIST_EDWARDS25519', 'ED25519_PH_SHA_512', 64],
  ['ML_DSA_44', 'ML_DSA_SHAKE_256', 2420],
  ['ML_DSA_65', 'ML_DSA_SHAKE_256', 3309],
  ['ML_DSA_87', 'ML_DSA_SHAKE_256', 4627],
];
const hashed = algorithms.filter(([, name]) => /^RSASSA|^ECDSA/.test(name)) as [Spec, SigningAlgorithmSpec, number?][];

const message = Buffer.from('Pay the bearer 100 francs');
const digestOf = (algorithm: string, bytes: Uint8Array) =>
  createHash(`sha${algorithm.slice(-3)}`)
    .update(bytes)
    .digest();

interface Asked {
  type?: MessageType;
  bytes?: Uint8Array;
}

const asked = (spec: Spec, SigningAlgorithm: SigningAlgorithmSpec, { type, bytes }: Asked) => ({
  KeyId: keys[spec],
  SigningAlgorithm,
  Message: bytes ?? message,
  ...(type ? { MessageType: type } : {}),
});

/** What the algorithm is given here: Ed25519ph takes nothing but digests. */
const given = (algorithm: SigningAlgorithmSpec): Asked =>
  algorithm === 'ED25519_PH_SHA_512' ? { type: 'DIGEST', bytes: digestOf('512', message) } : {};

async function signed(spec: Spec, algorithm: SigningAlgorithmSpec, what: Asked = given(algorithm)) {
  return (await on.kms.sign(asked(spec, algorithm, what))).Signature as Uint8Array;
}

const verified = (spec: Spec, algorithm: SigningAlgorithmSpec, Signature: Uint8Array, what = given(algorithm)) =>
  on.kms.verify({ ...asked(spec, algorithm, what), Signature });

/** A message whose signature begins with a zero, as one in 256 does. */
async function withLeadingZero(name: SigningAlgorithmSpec, n = 0): Promise<[Uint8Array, Uint8Array]> {
  const bytes = Buffer.from(`message ${n}`);
  const signature = await signed('RSA_2048', name, { bytes });
  return signature[0] === 0 ? [bytes, signature] : withLeadingZero(name, n + 1);
}

/** FIPS 204, algorithm 7, line 6, for an empty context. */
async function muOf(spec: Spec, bytes: Uint8Array): Promise<Uint8Array> {
  const { PublicKey } = await on.kms.getPublicKey({ KeyId: keys[spec] });
  const raw = (PublicKey as Uint8Array).subarray(
    -{ ML_DSA_44: 1312, ML_DSA_65: 1952, ML_DSA_87: 2592 }[spec as 'ML_DSA_44'],
  );
  const shake = (...parts: Uint8Array[]) =>
    createHash('shake256', { outputLength: 64 }).update(Buffer.concat(parts)).digest();
  return shake(shake(raw), Buffer.alloc(2), bytes);
}

describe('Sign and Verify', () => {
  it.each(algorithms)('%s signs with %s', async (spec, SigningAlgorithm, size) => {
    const KeyId = `arn:aws:kms:us-east-1:111122223333:key/${keys[spec]}`;
    const reply = await on.kms.sign(asked(spec, SigningAlgorithm, given(SigningAlgorithm)));
    expect(reply).toMatchObject({ KeyId, SigningAlgorithm });
    const signature = reply.Signature as Uint8Array;
    if (size === undefined) expect(signature[0]).toBe(0x30);
    else expect(signature).toHaveLength(size);
    const answer = await verified(spec, SigningAlgorithm, signature);
    expect(answer).toMatchObject({ KeyId, SignatureValid: true, SigningAlgorithm });
  });

  it.each(hashed)('%s, %s: whether the hash is made here or there, it is the same signature', async (spec, name) => {
    const digest: Asked = { type: 'DIGEST', bytes: digestOf(name, message) };
    const ofMessage = await signed(spec, name, { type: 'RAW' });
    const ofDigest = await signed(spec, name, digest);
    expect((await verified(spec, name, ofMessage, digest)).SignatureValid).toBe(true);
    expect((await verified(spec, name, ofDigest, { type: 'RAW' })).SignatureValid).toBe(true);
    expect((await verified(spec, name, ofDigest, digest)).SignatureValid).toBe(true);
    if (name.includes('PKCS1')) expect(Buffer.compare(ofMessage, ofDigest)).toBe(0);
    else expect(Buffer.compare(ofMessage, ofDigest)).not.toBe(0);
  });

  it.each(['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'] as const)('%s signs a μ like its message', async (spec) => {
    const mu: Asked = { type: 'EXTERNAL_MU', bytes: await muOf(spec, message) };
    const name = 'ML_DSA_SHAKE_256';
    expect((await verified(spec, name, await signed(spec, name), mu)).SignatureValid).toBe(true);
    expect((await verified(spec, name, await signed(spec, name, mu), {})).SignatureValid).toBe(true);
  });

  it.each(algorithms)('%s, %s: no bit of signature or message may be another', async (spec, name) => {
    const signature = await signed(spec, name);
    const refused = { name: 'KMSInvalidSignatureException' };
    for (const bit of bitsOf(signature, Math.max(13, Math.floor(signature.length / 3)))) {
      await expect(verified(spec, name, flipped(signature, bit))).rejects.toMatchObject(refused);
    }
    const { type, bytes = message } = given(name);
    for (const bit of [0, bytes.length * 8 - 1]) {
      const other = { ...(type ? { type } : {}), bytes: flipped(bytes, bit) };
      await expect(verified(spec, name, signature, other)).rejects.toMatchObject(refused);
    }
    for (const other of [signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])]) {
      await expect(verified(spec, name, other)).rejects.toMatchObject(refused);
    }
  });

  it('RSA: a leading zero belongs to the signature (RFC 8017, section 8.1.2)', async () => {
    for (const name of ['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256'] as const) {
      const [bytes, signature] = await withLeadingZero(name);
      const shorter = verified('RSA_2048', name, signature.subarray(1), { bytes });
      await expect(shorter).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
    }
  });

  it.each(hashed)('%s, %s: no bit of a signature may be another where a digest is verified', async (spec, name) => {
    const digest: Asked = { type: 'DIGEST', bytes: digestOf(name, message) };
    const signature = await signed(spec, name, digest);
    for (const bit of bitsOf(signature, 67)) {
      const verifying = verified(spec, name, flipped(signature, bit), digest);
      await expect(verifying).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
    }
    const garbage = verified(spec, name, randomBytes(9), digest);
    await expect(garbage).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
  });

  it.each(hashed)('%s, %s: a digest has the length of its hash', async (spec, name) => {
    const size = digestOf(name, message).length;
    for (const length of [size - 1, size + 1]) {
      const what = { type: 'DIGEST', bytes: randomBytes(length) } as const;
      const refused = {
        name: 'ValidationException',
        message: `Digest is invalid length for algorithm ${name}.`,
      };
      await expect(signed(spec, name, what)).rejects.toMatchObject(refused);
      await expect(verified(spec, name, randomBytes(64), what)).rejects.toMatchObject(refused);
    }
  });

  it.each<[Spec, SigningAlgorithmSpec, MessageType]>([
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 'DIGEST'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_PH_SHA_512', 'RAW'],
    ['ML_DSA_44', 'ML_DSA_SHAKE_256', 'DIGEST'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256', 'EXTERNAL_MU'],
    ['RSA_2048', 'RSASSA_PSS_SHA_512', 'EXTERNAL_MU'],
  ])('%s, %s takes no MessageType %s', async (spec, name, type) => {
    const what = { type, bytes: randomBytes(64) };
    const refused = {
      name: 'ValidationException',
      message: `MessageType ${type} is not compatible with SigningAlgorithm ${name}.`,
    };
    await expect(signed(spec, name, what)).rejects.toMatchObject(refused);
    await expect(verified(spec, name, randomBytes(64), what)).rejects.toMatchObject(refused);
  });

  it('wants a μ of 64 bytes', async () => {
    const what = { type: 'EXTERNAL_MU', bytes: randomBytes(63) } as const;
    const signing = signed('ML_DSA_44', 'ML_DSA_SHAKE_256', what);
    await expect(signing).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it.each<[Spec, SigningAlgorithmSpec]>([
    ['RSA_2048', 'ECDSA_SHA_256'],
    ['ECC_NIST_P256', 'ECDSA_SHA_384'],
    ['ECC_NIST_EDWARDS25519', 'ECDSA_SHA_512'],
    ['ML_DSA_65', 'RSASSA_PSS_SHA_256'],
  ])('%s has no %s', async (spec, name) => {
    const refused = {
      name: 'InvalidKeyUsageException',
      message: `Algorithm ${name} is incompatible with key spec ${spec}.`,
    };
    await expect(signed(spec, name)).rejects.toMatchObject(refused);
    await expect(verified(spec, name, randomBytes(64))).rejects.toMatchObject(refused);
  });

  it('refuses keys of another usage', async () => {
    const request = { KeyId: symmetric, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const words = (operation: string) => ({
      name: 'InvalidKeyUsageException',
      message: expect.stringMatching(`key usage is ENCRYPT_DECRYPT which is not valid for ${operation}.$`),
    });
    await expect(on.kms.sign(request)).rejects.toMatchObject(words('Sign'));
    await expect(on.kms.verify({ ...request, Signature: message })).rejects.toMatchObject(words('Verify'));
  });

  it('takes messages up to 4,096 bytes', async () => {
    const signature = await signed('ECC_NIST_P256', 'ECDSA_SHA_256', { bytes: Buffer.alloc(4096) });
    const verifying = verified('ECC_NIST_P256', 'ECDSA_SHA_256', signature, { bytes: Buffer.alloc(4096) });
    expect((await verifying).SignatureValid).toBe(true);
    const tooLong = signed('ECC_NIST_P256', 'ECDSA_SHA_256', { bytes: Buffer.alloc(4097) });
    await expect(tooLong).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('with DryRun says that it would have worked, or what is wrong', async () => {
    const request = { ...asked('ECC_NIST_P256', 'ECDSA_SHA_256', {}), DryRun: true };
    await expect(on.kms.sign(request)).rejects.toMatchObject({ name: 'DryRunOperationException' });
    const Signature = await signed('ECC_NIST_P256', 'ECDSA_SHA_256');
    await expect(on.kms.verify({ ...request, Signature })).rejects.toMatchObject({ name: 'DryRunOperationException' });
    const wrong = on.kms.verify({ ...request, Signature: flipped(Signature, 90) });
    await expect(wrong).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
  });

  it('leaves neither message nor signature in the audit trail', async () => {
    await signed('ECC_NIST_P256', 'ECDSA_SHA_256');
    const event = [...on.emulator.trail.events()].find(({ eventName }) => eventName === 'Sign');
    expect(event).toMatchObject({
      requestParameters: { signingAlgorithm: 'ECDSA_SHA_256', keyId: keys.ECC_NIST_P256 },
      responseElements: null,
      readOnly: true,
    });
    expect(event?.requestParameters).not.toHaveProperty('message');
  });
});

describe('GetPublicKey', () => {
  it.each(specs)('gives the public half of a %s key and what it is for', async (spec: KeySpec) => {
    const KeyId = keys[spec as Spec];
    const { KeyMetadata } = await on.kms.describeKey({ KeyId });
    const reply = await on.kms.getPublicKey({ KeyId });
    expect(reply).toMatchObject({
      KeyId: KeyMetadata?.Arn,
      KeySpec: spec,
      CustomerMasterKeySpec: spec,
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: KeyMetadata?.SigningAlgorithms,
    });
    expect((reply.PublicKey as Uint8Array)[0]).toBe(0x30);
    expect((await on.kms.getPublicKey({ KeyId })).PublicKey).toEqual(reply.PublicKey);
  });

  it('works by alias and for a disabled key', async () => {
    const { KeyMetadata } = await on.kms.createKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const KeyId = KeyMetadata?.KeyId as string;
    await on.kms.createAlias({ AliasName: 'alias/signer', TargetKeyId: KeyId });
    await on.kms.disableKey({ KeyId });
    expect((await on.kms.getPublicKey({ KeyId: 'alias/signer' })).KeyId).toBe(KeyMetadata?.Arn);
  });

  it('has nothing to give of a symmetric or HMAC key', async () => {
    const { KeyMetadata } = await on.kms.createKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    for (const KeyId of [symmetric, KeyMetadata?.KeyId as string]) {
      const asking = on.kms.getPublicKey({ KeyId });
      await expect(asking).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    }
  });
});
