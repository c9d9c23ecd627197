import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import asymmetric from '../../labs/asymmetric/lab.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { hasOpenSsl } from '../support/on-path.js';
import { openRoom, type Room, type Told } from './room.js';

describe('asymmetric on the embedded KMS', () => {
  let room: Room;
  let told: Told;
  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(asymmetric);
  });
  afterAll(() => room.close());

  const sample = (name: string) => readFileSync(join(packageRoot(), 'labs', 'asymmetric', name));
  const file = (name: string) => join(room.cwd, 'kms-lab-files', 'asymmetric', name);
  const opened = async (name: string) => {
    const { Plaintext = new Uint8Array() } = await room.kms.decrypt({
      KeyId: 'alias/kms-lab-asymmetric-key',
      CiphertextBlob: readFileSync(file(name)),
      EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    });
    return Buffer.from(Plaintext);
  };
  const refusals = () =>
    told.of('claim').flatMap(({ step, claim, detail }) => (detail ? [`${step} ${claim}: ${detail}`] : []));

  it('proves every claim of the lesson, in its order', () => {
    const proven = told.of('claim').map(({ step, claim, outcome }) => `${step} ${outcome}: ${claim}`);
    expect(proven.filter((claim) => !claim.includes('OpenSSL'))).toMatchInlineSnapshot(`
      [
        "2.1 passed: alias/kms-lab-asymmetric-key names it",
        "2.1 passed: it is Enabled",
        "2.1 passed: its spec is RSA_2048",
        "2.1 passed: its usage is ENCRYPT_DECRYPT",
        "2.1 passed: it knows RSAES_OAEP_SHA_1 and RSAES_OAEP_SHA_256",
        "2.2 passed: the answer names the key by its ARN",
        "2.2 passed: it is an RSA public key of 2,048 bits",
        "2.2 passed: it is there to encrypt with",
        "2.2 passed: the PEM file holds the same key",
        "2.3 passed: encrypted again it gives other bytes: OAEP is random",
        "2.4 passed: KMS opens what Node.js encrypted, byte for byte",
        "2.4 passed: the answer names the key",
        "2.4 passed: it was opened with RSAES_OAEP_SHA_256",
        "2.5 passed: the other hash does not open it",
        "2.5 passed: no algorithm means SYMMETRIC_DEFAULT: refused",
        "2.5 passed: a changed ciphertext is refused",
        "2.5 passed: a key that decrypts does not sign",
        "2.6 passed: RSAES_OAEP_SHA_1: 214 bytes are encrypted, and come back",
        "2.6 passed: RSAES_OAEP_SHA_1: 215 bytes are refused",
        "2.6 passed: RSAES_OAEP_SHA_256: 190 bytes are encrypted, and come back",
        "2.6 passed: RSAES_OAEP_SHA_256: 191 bytes are refused",
        "2.7 passed: its public key is a point on the curve P-256",
        "2.7 passed: its usage is SIGN_VERIFY",
        "2.7 passed: the public key alone verifies the signature, without KMS",
        "2.7 passed: KMS verifies it too",
        "2.8 passed: a changed message is refused by KMS",
        "2.8 passed: a changed message is refused by the public key",
        "2.8 passed: a changed signature is refused by KMS",
        "2.8 passed: a changed signature is refused by the public key",
        "2.8 passed: the algorithm of another curve is refused",
        "2.8 passed: a key that signs does not encrypt",
        "2.9 passed: 4,096 bytes are signed as they are",
        "2.9 passed: 4,097 bytes are refused",
        "2.9 passed: the public key alone verifies it for all 65,536 bytes",
        "2.9 passed: KMS verifies it for the digest",
        "2.9 passed: the digest of another file is refused",
        "2.10 passed: its public key is an Ed25519 key (RFC 8410)",
        "2.10 passed: its usage is SIGN_VERIFY",
        "2.10 passed: the signature has 64 bytes",
        "2.10 passed: the public key alone verifies the signature, without KMS",
        "2.10 passed: KMS verifies it too",
        "2.10 passed: a changed message is refused by KMS",
        "2.10 passed: a changed message is refused by the public key",
        "2.10 passed: a changed signature is refused by KMS",
        "2.10 passed: a changed signature is refused by the public key",
        "2.11 passed: its public key is an ML-DSA-65 key of 1,952 bytes (FIPS 204)",
        "2.11 passed: its usage is SIGN_VERIFY",
        "2.11 passed: the signature has 3,309 bytes",
        "2.11 passed: the public key alone verifies the signature, without KMS",
        "2.11 passed: KMS verifies it too",
        "2.11 passed: a changed message is refused by KMS",
        "2.11 passed: a changed message is refused by the public key",
        "2.11 passed: a changed signature is refused by KMS",
        "2.11 passed: a changed signature is refused by the public key",
      ]
    `);
    expect(proven.filter((claim) => claim.includes('OpenSSL'))).toHaveLength(hasOpenSsl ? 2 : 0);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 11, failed: 0, skipped: 0, notOffered: 0 },
      files: 'kms-lab-files/asymmetric/',
    });
    expect(told.end.keys.map(({ alias }) => alias)).toEqual([
      'alias/kms-lab-asymmetric-key',
      'alias/kms-lab-asymmetric-signing-key',
      'alias/kms-lab-asymmetric-ed25519-key',
      'alias/kms-lab-asymmetric-ml-dsa-key',
    ]);
  });

  it('names the exception of each refusal', () => {
    expect(refusals()).toMatchInlineSnapshot(`
      [
        "2.5 the other hash does not open it: InvalidCiphertextException",
        "2.5 no algorithm means SYMMETRIC_DEFAULT: refused: InvalidKeyUsageException",
        "2.5 a changed ciphertext is refused: InvalidCiphertextException",
        "2.5 a key that decrypts does not sign: InvalidKeyUsageException",
        "2.6 RSAES_OAEP_SHA_1: 215 bytes are refused: ValidationException",
        "2.6 RSAES_OAEP_SHA_256: 191 bytes are refused: ValidationException",
        "2.8 a changed message is refused by KMS: KMSInvalidSignatureException",
        "2.8 a changed signature is refused by KMS: KMSInvalidSignatureException",
        "2.8 the algorithm of another curve is refused: InvalidKeyUsageException",
        "2.8 a key that signs does not encrypt: InvalidKeyUsageException",
        "2.9 4,097 bytes are refused: ValidationException",
        "2.9 the digest of another file is refused: KMSInvalidSignatureException",
        "2.10 a changed message is refused by KMS: KMSInvalidSignatureException",
        "2.10 a changed signature is refused by KMS: KMSInvalidSignatureException",
        "2.11 a changed message is refused by KMS: KMSInvalidSignatureException",
        "2.11 a changed signature is refused by KMS: KMSInvalidSignatureException",
      ]
    `);
  });

  it('encrypts with the public key without any call', () => {
    expect(told.of('call').filter(({ step }) => step === '2.3')).toEqual([]);
  });

  it('leaves the public key as DER and as PEM, and what was encrypted to it, which KMS opens', async () => {
    const key = createPublicKey(readFileSync(file('public-key.pem')));
    expect(key.export({ type: 'spki', format: 'der' })).toEqual(readFileSync(file('public-key.der')));
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(await opened('encrypted-by-node.bin')).toEqual(sample('small-plaintext.txt'));
    if (hasOpenSsl) expect(await opened('encrypted-by-openssl.bin')).toEqual(sample('small-plaintext.txt'));
    if (process.platform !== 'win32') expect(statSync(file('public-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('never tells the plaintext', () => {
    const said = JSON.stringify(told.events);
    for (const line of sample('small-plaintext.txt').toString().split('\n').filter(Boolean))
      expect(said).not.toContain(line);
    expect(said).not.toContain(sample('small-plaintext.txt').toString('base64').slice(0, 24));
  });

  it.skipIf(process.platform === 'win32' || !hasOpenSsl)(
    'says in lines for bash what it did on this machine; pasted, they do the same',
    async () => {
      const lines = told.of('command').flatMap(({ line }) => (/^(node|openssl) /.test(line) ? [line] : []));
      const written = lines.map((line) => / > kms-lab-files\/asymmetric\/(.+)$/.exec(line)?.[1] ?? line);
      expect(written).toMatchInlineSnapshot(`
        [
          "public-key.pem",
          "encrypted-by-node.bin",
          "encrypted-by-openssl.bin",
          "tampered-by-one-bit.bin",
          "signing-signature-changed.bin",
          "large-file.sha256",
          "another-file.sha256",
          "ed25519-signature-changed.bin",
          "ml-dsa-signature-changed.bin",
        ]
      `);
      const before = written.map((name) => readFileSync(file(name)));
      for (const name of written) writeFileSync(file(name), '');
      for (const line of lines) execFileSync('bash', ['-ec', line], { cwd: room.cwd });
      const random = (name: string) => /^(encrypted-by|tampered)/.test(name);
      for (const [at, name] of written.entries())
        if (!random(name)) expect({ name, is: readFileSync(file(name)) }).toEqual({ name, is: before[at] });
      expect(await opened('encrypted-by-node.bin')).toEqual(sample('small-plaintext.txt'));
      expect(await opened('encrypted-by-openssl.bin')).toEqual(sample('small-plaintext.txt'));
      await expect(opened('tampered-by-one-bit.bin')).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    },
  );

  const withPath = async (path: string) => {
    vi.stubEnv('PATH', path);
    const cwd = mkdtempSync(join(room.cwd, 'elsewhere-'));
    return await room.run(asymmetric, { cwd }).finally(() => vi.unstubAllEnvs());
  };
  const broken = () => {
    const folder = mkdtempSync(join(room.cwd, 'broken-'));
    writeFileSync(join(folder, 'openssl'), '#!/bin/sh\necho "pkeyutl: no such command" >&2\nexit 1\n', { mode: 0o755 });
    return folder;
  };
  it.each<[string, () => string, string]>([
    ['is not installed', () => room.cwd, 'openssl is not installed'],
    ...(process.platform === 'win32'
      ? []
      : [
          ['does not succeed', broken, 'openssl did not succeed: pkeyutl: no such command'] as [
            string,
            () => string,
            string,
          ],
        ]),
  ])('claims nothing of an OpenSSL that %s, says so, and passes all the same', async (_how, path, why) => {
    const without = await withPath(path());
    expect(without.end).toMatchObject({ outcome: 'passed', steps: { notOffered: 0 } });
    // The keys of the first run are used again.
    expect(without.of('call').filter(({ operation }) => operation === 'CreateKey')).toEqual([]);
    expect(without.of('note').map(({ text }) => text)).toContain(
      `not tried with OpenSSL, so nothing is claimed of it: ${why}`,
    );
    expect(without.claims('passed').filter((claim) => claim.includes('OpenSSL'))).toEqual([]);
    expect(without.of('command').filter(({ line }) => line.startsWith('openssl pkeyutl'))).toEqual([]);
  });
});
