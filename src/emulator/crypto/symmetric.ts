import { createCipheriv, createDecipheriv, randomBytes, randomFillSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Material } from '../world/records.js';

/** Name and value pairs that are authenticated and not encrypted. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** What a ciphertext says about itself: which key's which material sealed it. */
export interface Sealed {
  account: string;
  keyId: string;
  materialId: string;
}

/**
 * The blob: version 1, account 6, key id 1 + 16, material id 32, their CRC-32 4, nonce 12, AES-256-GCM ciphertext, tag 16.
 * The header is authenticated with the context; its checksum tells a damaged blob from one of another key.
 */
const version = 0xa1;
const [headerSize, checkSize, nonceSize, tagSize] = [56, 4, 12, 16];
const bodyStart = headerSize + checkSize + nonceSize;

/** A new AES-256 key: 32 bytes. */
export const newSymmetricKey = (): Uint8Array => randomBytes(32);

/** Headers written before: all ciphertexts under one material begin alike. */
const headers = new WeakMap<Material, Buffer>();

function headerOf(key: { account: string; id: string }, material: Material): Buffer {
  const known = headers.get(material);
  if (known) return known;
  const header = newHeader({ account: key.account, keyId: key.id, materialId: material.id });
  headers.set(material, header);
  return header;
}

/** Keys as the header spells them: 16 bytes and whether they belong to a multi-Region key. */
function newHeader({ account, keyId, materialId }: Sealed): Buffer {
  const into = Buffer.alloc(headerSize + checkSize);
  const multiRegion = keyId.startsWith('mrk-');
  into.writeUInt8(version, 0);
  into.writeUIntBE(Number(account), 1, 6);
  into.writeUInt8(multiRegion ? 1 : 0, 7);
  into.write(multiRegion ? keyId.slice(4) : keyId.replaceAll('-', ''), 8, 'hex');
  into.write(materialId, 24, 'hex');
  into.writeUInt32BE(crc32(into.subarray(0, headerSize)), headerSize);
  return into;
}

/** Read a blob's header; undefined when it is none of ours or damaged. */
export function inspect(bytes: Uint8Array): Sealed | undefined {
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (blob.length < bodyStart + tagSize || blob[0] !== version) return undefined;
  if (crc32(blob.subarray(0, headerSize)) !== blob.readUInt32BE(headerSize)) return undefined;
  const ids = blob.toString('hex', 8, headerSize);
  return {
    account: String(blob.readUIntBE(1, 6)).padStart(12, '0'),
    keyId: blob[7] === 1 ? `mrk-${ids.slice(0, 32)}` : uuidOf(ids),
    materialId: ids.slice(32),
  };
}

const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

/**
 * What is authenticated and not encrypted: the header and the context, sorted and length-prefixed, so that two contexts have the same
 * bytes only when they are the same.
 */
function authenticated(header: Buffer, context: EncryptionContext = {}): Buffer {
  const names = Object.keys(context).sort();
  if (names.length === 0) return header;
  const parts = names
    .flatMap((name) => [name, context[name] as string])
    .flatMap((text) => {
      const bytes = Buffer.from(text, 'utf8');
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    });
  return Buffer.concat([header, ...parts]);
}

/** Encrypt under one material: AES-256-GCM, the context as additional authenticated data. */
export function seal(
  key: { account: string; id: string },
  material: Material,
  plaintext: Uint8Array,
  context?: EncryptionContext,
): Uint8Array {
  const blob = Buffer.allocUnsafe(bodyStart + plaintext.length + tagSize);
  blob.set(headerOf(key, material));
  const nonce = randomFillSync(blob, headerSize + checkSize, nonceSize).subarray(headerSize + checkSize, bodyStart);
  const cipher = createCipheriv('aes-256-gcm', material.secret, nonce);
  cipher.setAAD(authenticated(blob.subarray(0, headerSize), context));
  cipher.update(plaintext).copy(blob, bodyStart);
  cipher.final();
  cipher.getAuthTag().copy(blob, bodyStart + plaintext.length);
  return blob;
}

/** Decrypt; undefined when a bit, the context or the material is not the one it was sealed with. */
export function unseal(material: Material, bytes: Uint8Array, context?: EncryptionContext): Uint8Array | undefined {
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nonce = blob.subarray(headerSize + checkSize, bodyStart);
  const decipher = createDecipheriv('aes-256-gcm', material.secret, nonce);
  decipher.setAAD(authenticated(blob.subarray(0, headerSize), context));
  decipher.setAuthTag(blob.subarray(-tagSize));
  const plaintext = decipher.update(blob.subarray(bodyStart, -tagSize));
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return undefined;
  }
}
