// The peer of `kms-lab envelope encrypt` and `decrypt`: the AWS Encryption SDK as its documentation shows it, and nothing else.
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
import { KMS } from '@aws-sdk/client-kms';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const [action, input, output] = process.argv.slice(2);
const clientProvider = (region) => new KMS({ region });
const { KeyMetadata } = await clientProvider('us-east-1').describeKey({ KeyId: 'alias/kms-lab-envelope-key' });
const keyring = new KmsKeyringNode({ generatorKeyId: KeyMetadata.Arn, clientProvider });
const { encryptStream, decryptStream } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const through = action === 'encrypt' ? encryptStream(keyring) : decryptStream(keyring);
await pipeline(createReadStream(input), through, createWriteStream(output));
