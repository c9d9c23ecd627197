import type { CreateKeyRequest } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WireRequest, WireResponse } from '../../../src/emulator/wire/message.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { type Made, Requests, randomFrom } from './requests.js';

const count = Number(process.env.FUZZ_REQUESTS ?? 2000);
const seed = Number(process.env.FUZZ_SEED ?? 20261124);

let on: KmsUnderTest;
const known: string[] = ['alias/a1', '1234abcd-12ab-34cd-56ef-1234567890ab'];
/** What only this KMS could have made: each is found where a request may have one like it. */
const made: Made = { grantIds: [], grantTokens: [], blobs: [] };
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
  await inEachState();
});
afterAll(() => on.close());

/** Keys in the states that a key may be in for long, and what can be made with the one that is Enabled. */
async function inEachState(): Promise<void> {
  const { kms } = on;
  const make = async (request: CreateKeyRequest) => {
    const { KeyMetadata } = await kms.createKey(request);
    known.push(KeyMetadata?.KeyId as string, KeyMetadata?.Arn as string);
    return KeyMetadata?.KeyId as string;
  };
  await kms.disableKey({ KeyId: await make({}) });
  await kms.scheduleKeyDeletion({ KeyId: await make({}) });
  const dying = await make({ MultiRegion: true });
  await kms.replicateKey({ KeyId: dying, ReplicaRegion: 'us-west-2' });
  await kms.scheduleKeyDeletion({ KeyId: dying });
  await kms.replicateKey({ KeyId: await make({ MultiRegion: true }), ReplicaRegion: 'eu-west-1' });
  const external = await make({ Origin: 'EXTERNAL' });
  const { ImportToken } = await kms.getParametersForImport({
    ...{ KeyId: external, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' },
  });
  const GranteePrincipal = 'arn:aws:iam::111122223333:user/lab';
  const grant = await kms.createGrant({ KeyId: known[2], GranteePrincipal, Operations: ['Decrypt'] });
  const { CiphertextBlob } = await kms.encrypt({ KeyId: known[2], Plaintext: Buffer.from('hi') });
  made.grantIds.push(grant.GrantId as string);
  made.grantTokens.push(grant.GrantToken as string);
  for (const blob of [ImportToken, CiphertextBlob]) made.blobs.push(Buffer.from(blob as Uint8Array).toString('base64'));
}

/** What is wrong with an answer; nothing when AWS could have written it. */
function wrong({ headers }: WireRequest, { status, headers: said, body: text }: WireResponse): string | undefined {
  if (status !== 200 && !(status >= 400 && status < 500)) return `status ${status}: ${text}`;
  if (!/^[0-9a-f-]{36}$/.test(said['x-amzn-requestid'] ?? '')) return 'no request id';
  if (said['content-length'] !== String(Buffer.byteLength(text))) return 'a wrong length';
  if (said['content-type'] === 'text/xml') return /^<(\w+)[\s\S]*<\/\1>\s*$/.test(text) ? undefined : `no XML: ${text}`;
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
    const requests = new Requests(randomFrom(seed), known, made);
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
