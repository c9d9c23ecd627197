import { createHash } from 'node:crypto';
import { type CheckContext, NotGraded, type StepCheck } from '../../src/lab/define.js';
import { limits } from './limits.js';
import { keyName } from './names.js';
import { derOf } from './public-key.js';
import { ed25519, keyNameOf, mlDsa65, p256, type Scheme } from './signing.js';

const under = async ({ key }: CheckContext, algorithm: keyof typeof limits = 'RSAES_OAEP_SHA_256') => {
  const { KeyId, name } = await key(keyName);
  return { KeyId, under: name, algorithm };
};
const equal = (one: Uint8Array | undefined, other: Uint8Array | undefined) =>
  !!one && !!other && Buffer.compare(one, other) === 0;

/** The learner's file is the public key that KMS gives for the alias. */
async function publicKey({ key, kms, grade }: CheckContext, name: string, keyed: string): Promise<void> {
  const { KeyId, name: alias } = await key(keyed);
  const saved = grade.file(name, `aws kms get-public-key --key-id ${alias} --query PublicKey …`);
  const { PublicKey } = await kms.getPublicKey({ KeyId });
  if (saved) grade.that(`${name} is the public key of ${alias}`, equal(saved, PublicKey), 'get it once more');
}

/** A signature is one of `message` by the key behind the scheme's alias; its public key tells, as for anybody. */
async function signature(it: CheckContext, scheme: Scheme, name: string, message: Uint8Array): Promise<void> {
  const { KeyId, name: alias } = await it.key(keyNameOf(scheme));
  const signed = it.grade.file(name, `sign with --key-id ${alias}`);
  const { PublicKey = new Uint8Array() } = await it.kms.getPublicKey({ KeyId });
  const holds = signed && (await scheme.verifies(PublicKey, message, signed));
  const hint = `sign it again: --key-id ${alias} --signing-algorithm ${scheme.algorithm}`;
  if (signed) it.grade.that(`${name} verifies with the public key of ${alias}`, holds === true, hint);
}

const order = ({ files }: CheckContext) => files.sample('order.txt');

/** A key to sign with, its public key and its signature of the order. */
async function signing(it: CheckContext, scheme: Scheme): Promise<void> {
  await it.grade.key(keyNameOf(scheme), { KeySpec: scheme.spec, KeyUsage: 'SIGN_VERIFY' });
  await publicKey(it, `${scheme.name}-public-key.der`, keyNameOf(scheme));
  await signature(it, scheme, `${scheme.name}-signature.bin`, await order(it));
}

/** The same where there is such a key: not every target has this kind. */
const ifMade =
  (scheme: Scheme): StepCheck =>
  async (it) => {
    const name = keyNameOf(scheme);
    if (!(await it.has(name))) throw new NotGraded(`optional, and ${it.alias(name)} was not made`);
    await signing(it, scheme);
  };

const limit = async (it: CheckContext, algorithm: keyof typeof limits) => {
  const bytes = limits[algorithm];
  const largest = it.grade.file(`${bytes}-bytes.bin`, `make a file of ${bytes} bytes`);
  if (!largest) return;
  it.grade.that(`it has ${bytes} bytes`, largest.length === bytes, `it has ${largest.length}: make it again`);
  await it.grade.opens(`${bytes}-bytes-encrypted.bin`, await under(it, algorithm), largest);
};

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Make an RSA key pair': ({ grade }) => grade.key(keyName, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }),

  'Take the public key home': async (it) => {
    await publicKey(it, 'public-key.der', keyName);
    const pem = it.grade.file('public-key.pem', 'openssl pkey -pubin -inform DER -in public-key.der');
    const same = equal(pem && derOf(pem), it.files.read('public-key.der'));
    if (pem) it.grade.that('the PEM file holds the same key', same, 'make it of public-key.der once more');
  },

  'Encrypt without AWS': async (it) =>
    it.grade.opens('encrypted-by-node.bin', await under(it), await it.files.sample('small-plaintext.txt')),

  'Decrypt in KMS': async ({ files, grade }) => {
    const decrypted = grade.file('decrypted-by-kms.txt', 'decrypt encrypted-by-node.bin into it');
    const same = equal(decrypted, await files.sample('small-plaintext.txt'));
    if (decrypted) grade.that('what came out is what went in', same, 'decrypt encrypted-by-node.bin once more');
  },

  'Use it wrongly': async (it) => {
    const hint = 'copy encrypted-by-node.bin and flip one bit of its last byte';
    await it.grade.refused('tampered-by-one-bit.bin', await under(it), 'InvalidCiphertextException', hint);
  },

  'Meet the limits': async (it) => {
    await limit(it, 'RSAES_OAEP_SHA_1');
    await limit(it, 'RSAES_OAEP_SHA_256');
  },

  'Sign a message': (it) => signing(it, p256),

  'Change what was signed': async (it) => {
    const { KeyId } = await it.key(keyNameOf(p256));
    const hint = 'copy signing-signature.bin and flip one bit of its last byte';
    const changed = it.grade.file('signing-signature-changed.bin', hint);
    const { PublicKey = new Uint8Array() } = await it.kms.getPublicKey({ KeyId });
    const holds = changed && (await p256.verifies(PublicKey, await order(it), changed));
    if (changed) it.grade.that('the changed signature verifies nothing', holds === false, hint);
  },

  'Sign a large file': async (it) => {
    const large = it.grade.file('large-file.bin', 'make a file of more than 4,096 bytes');
    if (!large) return;
    it.grade.that('it is too large for Sign', large.length > 4096, 'make one of more than 4,096 bytes');
    const digest = it.grade.file('large-file.sha256', 'openssl dgst -sha256 -binary large-file.bin');
    const right = equal(digest, createHash('sha256').update(large).digest());
    if (digest) it.grade.that('large-file.sha256 is its digest', right, 'take the digest once more, with -binary');
    await signature(it, p256, 'large-file-signature.bin', large);
  },

  'Sign with Ed25519': ifMade(ed25519),

  'Sign so that a quantum computer could not forge it': ifMade(mlDsa65),
} satisfies Record<string, StepCheck>;
