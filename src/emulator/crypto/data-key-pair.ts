import type { DataKeyPairSpec, GenerateDataKeyPairRequest } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Checked } from '../operation.js';
import type { Key } from '../world/records.js';
import { checkRecipient, sealWith } from './ciphertext.js';
import { newPairSecret } from './new-secret.js';
import { publicHalf } from './public-key.js';

function specOf({ KeyPairSpec }: { KeyPairSpec: DataKeyPairSpec }): Exclude<DataKeyPairSpec, 'SM2'> {
  if (KeyPairSpec !== 'SM2') return KeyPairSpec;
  throw new Fault('UnsupportedOperationException', 'The embedded AWS does not support KeyPairSpec SM2.');
}

/** Refuse what AWS offers in China Regions only, and attested recipients. */
export function checkPair(request: { KeyPairSpec: DataKeyPairSpec; Recipient?: object }): void {
  specOf(request);
  checkRecipient(request);
}

type Request = Pick<Checked<GenerateDataKeyPairRequest>, 'KeyPairSpec'> & {
  EncryptionContext?: Record<string, string>;
};

/** A new pair: DER SubjectPublicKeyInfo, DER PKCS#8, and the latter sealed by a symmetric key. */
export async function newDataKeyPair(key: Key, request: Request) {
  const spec = specOf(request);
  const privateKey = await newPairSecret(spec);
  const { blob, materialId } = sealWith(key, privateKey, request.EncryptionContext);
  return { publicKey: await publicHalf(spec, privateKey), privateKey, blob, materialId };
}
