import { createHash } from 'node:crypto';
import { InvalidCiphertextException, KMSInvalidStateException, KMSServiceException } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import type { Claim } from '../../src/lab/judge.js';
import { type Verify, verifier } from '../../src/lab/verify.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const sha = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const secret = 'a secret that is long enough to be seen';
const meta = { $metadata: {}, message: 'as told by the test' };
const refusal = () => Promise.reject(new InvalidCiphertextException(meta));

/** Waits for nothing; three looks fit into it. */
const patience = (() => {
  let now = 0;
  const sleep = async () => {
    now += 100;
  };
  return { now: () => now, sleep, deadlineMs: 250, onWait: () => {}, checkpoint: () => () => {} };
})();

/** The one claim that `act` makes. */
async function claimOf(act: (verify: Verify) => unknown): Promise<Claim> {
  const told: Claim[] = [];
  await act(verifier((claim) => told.push(claim), patience));
  expect(told).toHaveLength(1);
  return told[0] as Claim;
}

describe('verify', () => {
  const passing: [string, (verify: Verify) => unknown][] = [
    ['equal', (verify) => verify.equal('c', 'Enabled', 'Enabled')],
    ['sameBytes', (verify) => verify.sameBytes('c', bytes(secret), Buffer.from(secret))],
    ['sameBytes of nothing', (verify) => verify.sameBytes('c', bytes(''), bytes(''))],
    ['differentBytes', (verify) => verify.differentBytes('c', bytes('one'), bytes('two'))],
    ['hidden', (verify) => verify.hidden('c', bytes('nothing of the kind in here'), bytes(secret))],
    ['hidden, 15 bytes alike', (verify) => verify.hidden('c', bytes(secret.slice(0, 15)), bytes(secret))],
    ['that', (verify) => verify.that('c', true, { expected: 'more', got: 'more' })],
    ['opens', (verify) => verify.opens('c', Promise.resolve({ Plaintext: bytes(secret) }), bytes(secret))],
  ];
  it.each(passing)('%s passes', async (_name, act) => {
    expect(await claimOf(act)).toEqual({ claim: 'c', passed: true });
  });

  const digest = `${secret.length} bytes, SHA-256 ${sha(secret)}…`;
  const failing: [string, (verify: Verify) => unknown, expected: string, got: string][] = [
    ['equal', (verify) => verify.equal('c', 'Disabled', 'Enabled'), 'Enabled', 'Disabled'],
    ['equal, of another type', (verify) => verify.equal('c', '1', 1), '1', '1'],
    ['equal, missing', (verify) => verify.equal('c', undefined, 'Enabled'), 'Enabled', 'undefined'],
    [
      'sameBytes',
      (verify) => verify.sameBytes('c', bytes('x'), bytes(secret)),
      digest,
      `1 bytes, SHA-256 ${sha('x')}…`,
    ],
    ['sameBytes, missing', (verify) => verify.sameBytes('c', undefined, bytes(secret)), digest, 'no bytes'],
    [
      'differentBytes',
      (verify) => verify.differentBytes('c', bytes(secret), bytes(secret)),
      'other bytes',
      `the same ${digest}`,
    ],
    [
      'hidden',
      (verify) => verify.hidden('c', bytes(`0123${secret}4567`), bytes(secret)),
      `${secret.length + 8} bytes, SHA-256 ${sha(`0123${secret}4567`)}… without any part of the plaintext`,
      'plaintext inside',
    ],
    [
      'hidden, part of it',
      (verify) => verify.hidden('c', bytes(`..${secret.slice(9, 25)}..`), bytes(secret)),
      `20 bytes, SHA-256 ${sha(`..${secret.slice(9, 25)}..`)}… without any part of the plaintext`,
      'plaintext inside',
    ],
    [
      'hidden, of a short secret',
      (verify) => verify.hidden('c', bytes('say hi to all'), bytes('hi')),
      `13 bytes, SHA-256 ${sha('say hi to all')}… without any part of the plaintext`,
      'plaintext inside',
    ],
    [
      'hidden, no blob',
      (verify) => verify.hidden('c', undefined, bytes(secret)),
      'no bytes without any part of the plaintext',
      'no bytes',
    ],
    ['that', (verify) => verify.that('c', false, { expected: 'more', got: 'less' }), 'more', 'less'],
    ['opens, other bytes', (verify) => verify.opens('c', Promise.resolve({}), bytes(secret)), digest, 'no bytes'],
    ['opens, refused', (verify) => verify.opens('c', refusal(), bytes(secret)), digest, 'InvalidCiphertextException'],
  ];
  it.each(failing)('%s fails, and shows no bytes', async (_name, act, expected, got) => {
    const claim = await claimOf(act);
    expect(claim).toEqual({ claim: 'c', passed: false, expected, got });
    expect(JSON.stringify(claim)).not.toContain(secret);
    expect(JSON.stringify(claim)).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
  });

  it('does not claim that missing bytes differ', async () => {
    expect(await claimOf((verify) => verify.differentBytes('c', undefined, bytes('x')))).toMatchObject({
      passed: false,
    });
  });
  it('does not claim that an empty secret is hidden', async () => {
    expect(await claimOf((verify) => verify.hidden('c', bytes('x'), bytes('')))).toMatchObject({ passed: false });
  });
});

describe('verify.refused', () => {
  const claim = (call: Promise<unknown>) =>
    claimOf((verify) => verify.refused('c', call, 'InvalidCiphertextException'));

  it('passes for exactly the exception that it names', async () => {
    expect(await claim(refusal())).toEqual({ claim: 'c', passed: true, detail: 'InvalidCiphertextException' });
  });

  it('fails when the call succeeds', async () => {
    expect(await claim(Promise.resolve({ Plaintext: bytes(secret) }))).toEqual({
      claim: 'c',
      passed: false,
      expected: 'InvalidCiphertextException',
      got: 'the call succeeded',
    });
  });

  it('fails when the call is refused for another reason', async () => {
    const call = Promise.reject(new KMSInvalidStateException(meta));
    expect(await claim(call)).toMatchObject({ passed: false, got: 'KMSInvalidStateException' });
  });

  it('passes when being denied is what it claims', async () => {
    const call = Promise.reject(new AccessDenied());
    const told = await claimOf((verify) => verify.refused('c', call, 'AccessDeniedException'));
    expect(told).toMatchObject({ passed: true });
  });

  it('fails when a caller is denied who has just been let make such a call', async () => {
    const call = Promise.reject(new AccessDenied());
    const told = await claimOf((verify) =>
      verify.refused('c', call, 'InvalidCiphertextException', { permitted: true }),
    );
    expect(told).toMatchObject({
      passed: false,
      expected: 'InvalidCiphertextException',
      got: 'AccessDeniedException',
    });
  });

  it('claims nothing of a caller who is throttled, permitted or not', async () => {
    const error = service('ThrottlingException', 400);
    const call = Promise.reject(error);
    const verify = verifier(() => {}, patience);
    await expect(verify.refused('c', call, 'InvalidCiphertextException', { permitted: true })).rejects.toBe(error);
  });

  const inconclusive: [string, Error][] = [
    ['being denied', new AccessDenied()],
    ['expired credentials', service('ExpiredTokenException', 400)],
    ['a quota', service('LimitExceededException', 400)],
    ['a fault of the service', service('KMSInternalException', 500)],
    ['throttling', service('ThrottlingException', 400)],
    ['a broken connection', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
    ['a fault of our own', new TypeError('undefined is not a function')],
  ];
  it.each(inconclusive)('makes no claim of %s, which proves nothing', async (_name, error) => {
    const told: Claim[] = [];
    const verify = verifier((one) => told.push(one), patience);
    await expect(verify.refused('c', Promise.reject(error), 'InvalidCiphertextException')).rejects.toBe(error);
    await expect(verify.opens('c', Promise.reject(error), bytes(secret))).rejects.toBe(error);
    expect(told).toEqual([]);
  });
});

/** As AWS answers it; the SDK of KMS has no class of its own for it. */
class AccessDenied extends KMSServiceException {
  constructor() {
    super({ name: 'AccessDeniedException', $fault: 'client', ...meta });
  }
}

function service(name: string, status: number): Error {
  const $fault = status < 500 ? 'client' : 'server';
  return new KMSServiceException({ name, $fault, message: meta.message, $metadata: { httpStatusCode: status } });
}
