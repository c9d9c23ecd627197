// What any server has to do: node:http, JSON, and the same cryptography. No signature, policy, key state, validation or audit.
import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';

const KeyId = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const key = randomBytes(32);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const aad = Buffer.alloc(64);
const metadata = {
  ...{ AWSAccountId: '111122223333', KeyId: KeyId.slice(-36), Arn: KeyId, CreationDate: 1.7e9, Enabled: true },
  ...{ Description: '', KeyUsage: 'ENCRYPT_DECRYPT', KeyState: 'Enabled', Origin: 'AWS_KMS', KeyManager: 'CUSTOMER' },
  ...{ CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT', KeySpec: 'SYMMETRIC_DEFAULT', MultiRegion: false },
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
};

const operations = {
  Encrypt({ Plaintext }) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad);
    const sealed = [iv, cipher.update(Buffer.from(Plaintext, 'base64')), cipher.final()];
    const CiphertextBlob = Buffer.concat([...sealed, cipher.getAuthTag()]).toString('base64');
    return { CiphertextBlob, KeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  },
  Decrypt({ CiphertextBlob }) {
    const blob = Buffer.from(CiphertextBlob, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12)).setAAD(aad);
    decipher.setAuthTag(blob.subarray(-16));
    const plain = Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
    return { Plaintext: plain.toString('base64'), KeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  },
  Sign: ({ Message }) => ({
    Signature: sign('sha256', Buffer.from(Message, 'base64'), privateKey).toString('base64'),
    KeyId,
    SigningAlgorithm: 'ECDSA_SHA_256',
  }),
  CreateKey: () => ({ KeyMetadata: metadata }),
  DescribeKey: () => ({ KeyMetadata: metadata }),
};

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const operation = operations[request.headers['x-amz-target'].slice('TrentService.'.length)];
    const body = Buffer.from(JSON.stringify(operation(JSON.parse(Buffer.concat(chunks).toString()))));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`AWS_ENDPOINT_URL=http://127.0.0.1:${server.address().port}`));
