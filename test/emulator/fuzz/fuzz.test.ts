import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WireRequest, WireResponse } from '../../../src/emulator/wire/message.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { Requests, randomFrom } from './requests.js';

const count = Number(process.env.FUZZ_REQUESTS ?? 2000);
const seed = Number(process.env.FUZZ_SEED ?? 20261124);

let on: KmsUnderTest;
const known: string[] = ['alias/a1', '1234abcd-12ab-34cd-56ef-1234567890ab'];
beforeAll(async () => {
  on = await kmsUnderTest();
  const uses = [
    { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' },
    { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
    { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    { KeySpec: 'ECC_NIST_P384', KeyUsage: 'KEY_AGREEMENT' },
  ] as const;
  for (const use of uses) {
    const { KeyMetadata } = await on.kms.createKey(use);
    known.push(KeyMetadata?.KeyId as string, KeyMetadata?.Arn as string);
  }
  await on.kms.createAlias({ AliasName: 'alias/a1', TargetKeyId: known[2] });
});
afterAll(() => on.close());

/** What is wrong with an answer; nothing when AWS could have written it. */
function wrong({ headers }: WireRequest, { status, headers: said, body }: WireResponse): string | undefined {
  const text = Buffer.from(body).toString();
  if (status !== 200 && !(status >= 400 && status < 500)) return `status ${status}: ${text}`;
  if (!/^[0-9a-f-]{36}$/.test(said['x-amzn-requestid'] ?? '')) return 'no request id';
  if (said['content-length'] !== String(body.length)) return 'a wrong length';
  if (said['content-type'] === 'text/xml') return /^<(\w+)[^]*<\/\1>\s*$/.test(text) ? undefined : `no XML: ${text}`;
  if (said['content-type'] !== 'application/x-amz-json-1.1') return `content type ${said['content-type']}`;
  if (status === 200) return text === '' || typeof JSON.parse(text) === 'object' ? undefined : `an odd reply: ${text}`;
  const { __type } = JSON.parse(text);
  if (!/^[A-Z]\w+$/.test(__type) || said['x-amzn-errortype'] !== __type) return `an odd error: ${text}`;
  return headers['x-amz-target']?.startsWith('TrentService.') && /Internal/.test(__type)
    ? `internal: ${text}`
    : undefined;
}

describe(`${count} malformed requests`, () => {
  it(`are each answered as AWS answers (seed ${seed})`, async () => {
    const requests = new Requests(randomFrom(seed), known);
    const answers = new Map<number, number>();
    for (let n = 0; n < count; n++) {
      const request = requests.next();
      const response = await on.emulator.handle(request);
      const fault = wrong(request, response);
      if (fault)
        expect.fail(
          `request ${n}: ${fault}\n${JSON.stringify({ ...request, body: `${request.body}` }).slice(0, 4000)}`,
        );
      answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
    }
    // A generator that is refused everything, or nothing, tests nothing.
    expect(answers.get(200)).toBeGreaterThan(count / 50);
    expect(answers.get(400)).toBeGreaterThan(count / 2);
  });

  it('leave the emulator as useful as before', async () => {
    const { KeyMetadata } = await on.kms.createKey({});
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('hi') });
    const { Plaintext } = await on.kms.decrypt({ CiphertextBlob });
    expect(Buffer.from(Plaintext as Uint8Array).toString()).toBe('hi');
  });
});
