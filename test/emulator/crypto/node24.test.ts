import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mlDsaPublicKey, mlDsaVerify } from '../../../src/emulator/crypto/ml-dsa.js';
import { seedToPkcs8 } from '../../../src/emulator/crypto/seed-key.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKeys } from '../../support/new-keys.js';
import { inNode24, node24 } from '../../support/peers.js';

const dsa = ['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'] as const;
const kem = ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const;

let on: KmsUnderTest;
let signers: Record<(typeof dsa)[number], string>;
let receivers: Record<(typeof kem)[number], string>;
beforeAll(async () => {
  on = await kmsUnderTest();
  signers = await newKeys(on.kms, dsa, 'SIGN_VERIFY');
  receivers = await newKeys(on.kms, kem, 'ENCAPSULATE_DECAPSULATE');
});
afterAll(() => on.close());

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes as Uint8Array).toString('base64');
const bytes = (base64: string) => Buffer.from(base64, 'base64');
const message = Buffer.from('hello, Node');
const shake = (...parts: Uint8Array[]) =>
  createHash('shake256', { outputLength: 64 }).update(Buffer.concat(parts)).digest();

const verify = `(crypto, { key, message, signature }) => {
  const bytes = (text) => Buffer.from(text, 'base64');
  const publicKey = crypto.createPublicKey({ key: bytes(key), format: 'der', type: 'spki' });
  return crypto.verify(null, bytes(message), publicKey, bytes(signature));
}`;

const sign = `(crypto, { name, message }) => {
  const { privateKey, publicKey } = crypto.generateKeyPairSync(name);
  return {
    seed: Buffer.from(privateKey.export({ format: 'jwk' }).priv, 'base64url').toString('base64'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    signature: crypto.sign(null, Buffer.from(message, 'base64'), privateKey).toString('base64'),
  };
}`;

const encapsulate = `(crypto, key) => {
  const publicKey = crypto.createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
  const { sharedKey, ciphertext } = crypto.encapsulate(publicKey);
  return { secret: sharedKey.toString('base64'), ciphertext: ciphertext.toString('base64') };
}`;

const publicHalf = `(crypto, key) => {
  const privateKey = crypto.createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' });
  return crypto.createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
}`;

describe.skipIf(node24 === undefined)('Node 24 (npm run peers)', () => {
  it.each(dsa)('verifies what %s signs, message or μ', async (spec) => {
    const KeyId = signers[spec];
    const { PublicKey } = await on.kms.getPublicKey({ KeyId });
    const raw = (PublicKey as Uint8Array).subarray(-{ ML_DSA_44: 1312, ML_DSA_65: 1952, ML_DSA_87: 2592 }[spec]);
    const mu = shake(shake(raw), Buffer.alloc(2), message);
    for (const what of [{ Message: message }, { Message: mu, MessageType: 'EXTERNAL_MU' as const }]) {
      const { Signature } = await on.kms.sign({ KeyId, SigningAlgorithm: 'ML_DSA_SHAKE_256', ...what });
      const argument = { key: text(PublicKey), message: text(message), signature: text(Signature) };
      expect(inNode24(verify, argument)).toBe(true);
      expect(inNode24(verify, { ...argument, message: text(Buffer.from('hello, node')) })).toBe(false);
    }
  });

  it.each(dsa)('signs for %s what the emulator verifies, from the same seed', async (spec) => {
    const name = spec.toLowerCase().replaceAll('_', '-');
    const made = inNode24<object, Record<'seed' | 'publicKey' | 'signature', string>>(sign, {
      name,
      message: text(message),
    });
    const material = { id: name, secret: seedToPkcs8(spec, bytes(made.seed)), created: 0 };
    expect(text(await mlDsaPublicKey(spec, material))).toBe(made.publicKey);
    const said = { bytes: message, type: 'RAW' } as const;
    expect(await mlDsaVerify(spec, material, said, bytes(made.signature))).toBe(true);
  });

  it.each(kem)('encapsulates for %s what Decapsulate opens', async (spec) => {
    const KeyId = receivers[spec];
    const { PublicKey } = await on.kms.getPublicKey({ KeyId });
    const sent = inNode24<string, Record<'secret' | 'ciphertext', string>>(encapsulate, text(PublicKey));
    const request = {
      KeyId,
      EncapsulationAlgorithm: 'ML_KEM',
      SharedSecretCiphertextBlob: bytes(sent.ciphertext),
    } as const;
    expect(text((await on.kms.decapsulate(request)).SharedSecret)).toBe(sent.secret);
  });

  it.each(kem)('reads the halves of an %s data key pair', async (KeyPairSpec) => {
    const pair = await on.kms.generateDataKeyPair({ KeyId: await on.key(), KeyPairSpec });
    expect(inNode24(publicHalf, text(pair.PrivateKeyPlaintext))).toBe(text(pair.PublicKey));
  });
});
