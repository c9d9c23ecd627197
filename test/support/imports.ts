import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import type {
  AlgorithmSpec,
  ImportKeyMaterialRequest,
  ImportKeyMaterialResponse,
  KeySpec,
  KeyUsageType,
  KMS,
  WrappingKeySpec,
} from '@aws-sdk/client-kms';

/** A public key and the token that belongs to it. */
export interface Parameters {
  algorithm: AlgorithmSpec;
  publicKey: Uint8Array;
  token: Uint8Array;
}

/** Make a key whose material its owner brings; its id. */
export async function newExternalKey(kms: KMS, KeySpec?: KeySpec, KeyUsage?: KeyUsageType): Promise<string> {
  const { KeyMetadata } = await kms.createKey({ Origin: 'EXTERNAL', KeySpec, KeyUsage });
  return KeyMetadata?.KeyId as string;
}

export async function parametersFor(
  kms: KMS,
  KeyId: string,
  algorithm: AlgorithmSpec = 'RSAES_OAEP_SHA_256',
  WrappingKeySpec: WrappingKeySpec = 'RSA_2048',
): Promise<Parameters> {
  const { PublicKey, ImportToken } = await kms.getParametersForImport({
    KeyId,
    WrappingAlgorithm: algorithm,
    WrappingKeySpec,
  });
  return { algorithm, publicKey: PublicKey as Uint8Array, token: ImportToken as Uint8Array };
}

/** AES key wrap with padding (RFC 5649) of `material` under a 256-bit key. */
export function wrapUnderAes(key: Uint8Array, material: Uint8Array): Buffer {
  const cipher = createCipheriv('id-aes256-wrap-pad', key, Buffer.from('A65959A6', 'hex'));
  return Buffer.concat([cipher.update(material), cipher.final()]);
}

/** Wrap as the owner of some key material does. */
export function wrap({ algorithm, publicKey }: Parameters, material: Uint8Array): Buffer {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  const oaepHash = algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256';
  const underRsa = (bytes: Uint8Array) =>
    publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
  if (algorithm.startsWith('RSAES')) return underRsa(material);
  const aes = randomBytes(32);
  return Buffer.concat([underRsa(aes), wrapUnderAes(aes, material)]);
}

/** Wrap and import; it does not expire unless told otherwise. */
export function importWith(
  kms: KMS,
  KeyId: string,
  parameters: Parameters,
  material: Uint8Array,
  more: Partial<ImportKeyMaterialRequest> = {},
): Promise<ImportKeyMaterialResponse> {
  return kms.importKeyMaterial({
    KeyId,
    ImportToken: parameters.token,
    EncryptedKeyMaterial: wrap(parameters, material),
    ...(more.ValidTo ? {} : { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }),
    ...more,
  });
}
