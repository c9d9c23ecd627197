import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import symmetric from '../../labs/symmetric/lab.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { openRoom, type Room, type Told } from './room.js';

describe('symmetric on the embedded KMS', () => {
  let room: Room;
  let told: Told;
  let plaintext: Buffer;

  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(symmetric);
    plaintext = await readFile(join(packageRoot(), 'labs', 'symmetric', 'plaintext-data.txt'));
  });
  afterAll(() => room.close());

  it('proves every claim of the lesson, in its order', () => {
    const proven = told.of('claim').map(({ step, claim, outcome }) => `${step} ${outcome}: ${claim}`);
    expect(proven).toMatchInlineSnapshot(`
      [
        "1.1 passed: alias/kms-lab-symmetric-key names it",
        "1.1 passed: it is Enabled",
        "1.1 passed: its spec is SYMMETRIC_DEFAULT (AES-256-GCM)",
        "1.1 passed: its usage is ENCRYPT_DECRYPT",
        "1.1 passed: AWS KMS made its key material",
        "1.1 passed: you manage it, not an AWS service",
        "1.2 passed: the answer names the key by its ARN",
        "1.2 passed: the plaintext does not stand in the ciphertext",
        "1.2 passed: the same file encrypted again gives another ciphertext",
        "1.2 passed: the ciphertext is longer than the plaintext",
        "1.3 passed: the answer names the key that opened it",
        "1.3 passed: it was opened with SYMMETRIC_DEFAULT",
        "1.4 passed: the decrypted file is the original, byte for byte",
        "1.4 passed: both have the same SHA-256",
        "1.5 passed: the same context opens it",
        "1.5 passed: the order of its pairs does not matter",
        "1.5 passed: another context is refused",
        "1.5 passed: no context is refused",
        "1.6 passed: the last byte changed by one bit is refused",
        "1.7 passed: 4,096 bytes are encrypted, and come back",
        "1.7 passed: 4,097 bytes are refused",
        "1.8 passed: the answer names the destination key",
        "1.8 passed: the plaintext does not stand in the new ciphertext",
        "1.8 passed: the new context opens it",
        "1.8 passed: the old context no longer does",
      ]
    `);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 8, failed: 0, skipped: 0, notOffered: 0 },
      claims: { passed: proven.length, failed: 0 },
      keys: [{ alias: 'alias/kms-lab-symmetric-key', made: true, monthlyUsd: 1 }],
      files: 'kms-lab-files/symmetric/',
    });
  });

  it('names the exception of each refusal', () => {
    const refused = told.of('claim').flatMap(({ claim, detail }) => (detail ? [`${claim}: ${detail}`] : []));
    expect(refused).toMatchInlineSnapshot(`
      [
        "another context is refused: InvalidCiphertextException",
        "no context is refused: InvalidCiphertextException",
        "the last byte changed by one bit is refused: InvalidCiphertextException",
        "4,097 bytes are refused: ValidationException",
        "the old context no longer does: InvalidCiphertextException",
      ]
    `);
  });

  it('says each call as a line for the AWS CLI, under its step', () => {
    const lines = told.of('command').map(({ step, line }) => `${step} ${steady(line)}`);
    expect(lines).toMatchInlineSnapshot(`
      [
        "1.1 aws kms describe-key --key-id alias/kms-lab-symmetric-key --region us-east-1 --endpoint-url http://127.0.0.1:4599  # refused: NotFoundException",
        "1.1 SYMMETRIC_KEY=$(aws kms create-key --description 'kms-lab: symmetric encryption' --key-spec SYMMETRIC_DEFAULT --key-usage ENCRYPT_DECRYPT --tags TagKey=kms-lab,TagValue=symmetric TagKey=kms-lab:namespace,TagValue=default TagKey=kms-lab:run,TagValue=run-1 TagKey=kms-lab:owner,TagValue=arn:aws:iam::111122223333:user/ann TagKey=kms-lab:created,TagValue=TIME TagKey=kms-lab:alias,TagValue=alias/kms-lab-symmetric-key --query KeyMetadata.KeyId --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599)",
        "1.1 aws kms create-alias --alias-name alias/kms-lab-symmetric-key --target-key-id "$SYMMETRIC_KEY" --region us-east-1 --endpoint-url http://127.0.0.1:4599",
        "1.1 aws kms describe-key --key-id alias/kms-lab-symmetric-key --region us-east-1 --endpoint-url http://127.0.0.1:4599",
        "1.2 aws kms encrypt --key-id alias/kms-lab-symmetric-key --plaintext fileb://PACKAGE/labs/symmetric/plaintext-data.txt --query CiphertextBlob --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599 | base64 --decode > kms-lab-files/symmetric/encrypted-data.bin",
        "1.2 aws kms encrypt --key-id alias/kms-lab-symmetric-key --plaintext fileb://PACKAGE/labs/symmetric/plaintext-data.txt --region us-east-1 --endpoint-url http://127.0.0.1:4599",
        "1.3 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/encrypted-data.bin --query Plaintext --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599 | base64 --decode > kms-lab-files/symmetric/decrypted-data.txt",
        "1.4 cmp kms-lab-files/symmetric/decrypted-data.txt PACKAGE/labs/symmetric/plaintext-data.txt",
        "1.5 aws kms encrypt --key-id alias/kms-lab-symmetric-key --plaintext fileb://PACKAGE/labs/symmetric/plaintext-data.txt --encryption-context department=finance,purpose=lab --query CiphertextBlob --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599 | base64 --decode > kms-lab-files/symmetric/encrypted-with-context.bin",
        "1.5 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/encrypted-with-context.bin --encryption-context department=finance,purpose=lab --region us-east-1 --endpoint-url http://127.0.0.1:4599",
        "1.5 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/encrypted-with-context.bin --encryption-context purpose=lab,department=finance --region us-east-1 --endpoint-url http://127.0.0.1:4599",
        "1.5 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/encrypted-with-context.bin --encryption-context department=marketing,purpose=lab --region us-east-1 --endpoint-url http://127.0.0.1:4599  # refused: InvalidCiphertextException",
        "1.5 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/encrypted-with-context.bin --region us-east-1 --endpoint-url http://127.0.0.1:4599  # refused: InvalidCiphertextException",
        "1.6 node -e 'const b=require(\`node:fs\`).readFileSync(process.argv[1]);b[b.length-1]^=1;process.stdout.write(b)' kms-lab-files/symmetric/encrypted-data.bin > kms-lab-files/symmetric/tampered-data.bin",
        "1.6 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/tampered-data.bin --region us-east-1 --endpoint-url http://127.0.0.1:4599  # refused: InvalidCiphertextException",
        "1.7 head -c 4096 /dev/urandom > kms-lab-files/symmetric/4096-bytes.bin",
        "1.7 aws kms encrypt --key-id alias/kms-lab-symmetric-key --plaintext fileb://kms-lab-files/symmetric/4096-bytes.bin --query CiphertextBlob --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599 | base64 --decode > kms-lab-files/symmetric/4096-bytes-encrypted.bin",
        "1.7 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/4096-bytes-encrypted.bin --region us-east-1 --endpoint-url http://127.0.0.1:4599",
        "1.7 head -c 4097 /dev/urandom > kms-lab-files/symmetric/4097-bytes.bin",
        "1.7 aws kms encrypt --key-id alias/kms-lab-symmetric-key --plaintext fileb://kms-lab-files/symmetric/4097-bytes.bin --region us-east-1 --endpoint-url http://127.0.0.1:4599  # refused: ValidationException",
        "1.8 aws kms re-encrypt --ciphertext-blob fileb://kms-lab-files/symmetric/encrypted-with-context.bin --source-encryption-context department=finance,purpose=lab --destination-key-id alias/kms-lab-symmetric-key --destination-encryption-context department=archive,purpose=lab --query CiphertextBlob --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599 | base64 --decode > kms-lab-files/symmetric/reencrypted-data.bin",
        "1.8 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/reencrypted-data.bin --encryption-context department=archive,purpose=lab --region us-east-1 --endpoint-url http://127.0.0.1:4599",
        "1.8 aws kms decrypt --ciphertext-blob fileb://kms-lab-files/symmetric/reencrypted-data.bin --encryption-context department=finance,purpose=lab --region us-east-1 --endpoint-url http://127.0.0.1:4599  # refused: InvalidCiphertextException",
      ]
    `);
    expect(lines.filter((line) => line.includes('aws kms'))).toHaveLength(told.end.calls);
  });

  it('tells a life that reporters can follow: start, steps one after another, end', () => {
    const { events } = told;
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['lab:start', 'lab:end']);
    let open = '';
    for (const event of events.slice(1, -1)) {
      if (event.type === 'step:start') {
        expect(open).toBe('');
        open = event.step;
      } else {
        expect('step' in event && event.step).toBe(open);
        if (event.type === 'step:end') open = '';
      }
    }
    expect(open).toBe('');
    expect(told.of('call').every(({ outcome, durationMs }) => outcome !== '' && durationMs >= 0)).toBe(true);
  });

  it('never tells the plaintext', () => {
    const said = JSON.stringify(told.events);
    for (const line of plaintext.toString().split('\n').filter(Boolean)) expect(said).not.toContain(line);
    expect(said).not.toContain(plaintext.toString('base64').slice(0, 24));
  });

  it('passes again on what the first run left, with the same key', async () => {
    const again = await room.run(symmetric);
    expect(again.end).toMatchObject({ outcome: 'passed', keys: [{ keyId: told.end.keys[0]?.keyId, made: false }] });
    expect(again.of('command').map(({ line }) => line.split(' ')[2])).not.toContain('create-key');
  });
});

/** A line without what differs from run to run and from machine to machine. */
function steady(line: string): string {
  return line
    .replaceAll(packageRoot().replaceAll('\\', '/'), 'PACKAGE')
    .replaceAll(packageRoot(), 'PACKAGE')
    .replace(/(created,Value=|"kms-lab:created","TagValue":"|created,TagValue=)[^ "',]+/g, '$1TIME')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'KEY-ID');
}
