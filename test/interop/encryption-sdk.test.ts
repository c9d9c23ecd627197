import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
import { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { served } from '../support/served.js';

const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
type Input = NonNullable<ConstructorParameters<typeof KmsKeyringNode>[0]>;

const plaintext = Buffer.from('an envelope of many bytes '.repeat(1000));
const context = { tenant: 'a' };

async function keys() {
  const { url, asked } = await served();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = (region: string) => new KMS({ region, endpoint: url, credentials, maxAttempts: 1 });
  const make = async (region: string) => (await client(region).createKey({})).KeyMetadata?.Arn as string;
  // The SDK writes "may be undefined" where the Encryption SDK writes "may be absent"; to both it is the same.
  const clientProvider = client as unknown as NonNullable<Input['clientProvider']>;
  return { make, asked, client, keyring: { clientProvider } };
}

describe('The AWS Encryption SDK over HTTP', () => {
  it('seals under a KMS key and opens what it sealed, with its context', async () => {
    const { make, keyring, asked } = await keys();
    const generatorKeyId = await make('us-east-1');
    const { result } = await encrypt(new KmsKeyringNode({ generatorKeyId, ...keyring }), plaintext, {
      encryptionContext: context,
    });
    expect(result.includes(plaintext.subarray(0, 32))).toBe(false);
    const opened = await decrypt(new KmsKeyringNode({ keyIds: [generatorKeyId], ...keyring }), result);
    expect(opened.plaintext).toEqual(plaintext);
    expect(opened.messageHeader.encryptionContext).toMatchObject(context);
    expect(asked).toEqual(['CreateKey', 'GenerateDataKey', 'Decrypt']);
  });

  it('seals for two keys in two Regions; either opens it, a third does not', async () => {
    const { make, keyring } = await keys();
    const [generatorKeyId, second, third] = await Promise.all([
      make('us-east-1'),
      make('eu-west-1'),
      make('us-east-1'),
    ]);
    const { result } = await encrypt(new KmsKeyringNode({ generatorKeyId, keyIds: [second], ...keyring }), plaintext);
    const open = (keyId: string) => decrypt(new KmsKeyringNode({ keyIds: [keyId], ...keyring }), result);
    expect((await open(generatorKeyId)).plaintext).toEqual(plaintext);
    expect((await open(second)).plaintext).toEqual(plaintext);
    await expect(open(third)).rejects.toThrow('unencryptedDataKey has not been set');
  });

  it('does not open what was tampered with, nor under a key that was disabled', async () => {
    const { make, keyring, client } = await keys();
    const generatorKeyId = await make('us-east-1');
    const { result } = await encrypt(new KmsKeyringNode({ generatorKeyId, ...keyring }), plaintext);
    const open = (sealed: Uint8Array) =>
      decrypt(new KmsKeyringNode({ keyIds: [generatorKeyId], ...keyring }), Buffer.from(sealed));
    const tampered = Buffer.from(result);
    tampered[tampered.length - 200] = (tampered[tampered.length - 200] as number) ^ 1;
    await expect(open(tampered)).rejects.toThrow();
    await client('us-east-1').disableKey({ KeyId: generatorKeyId });
    await expect(open(result)).rejects.toThrow('is disabled');
  });
});
