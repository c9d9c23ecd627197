// AES-256-GCM: node gcm.mjs seal|open FROM TO, the data key in base64 on stdin.
// A sealed file is a nonce of 12 bytes, the encrypted bytes, and a tag of 16 bytes.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [what, from, to] = process.argv.slice(2);
const key = Buffer.from(readFileSync(0, 'utf8'), 'base64');
const bytes = readFileSync(from);
if (what === 'seal') {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  writeFileSync(to, Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]));
} else {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    writeFileSync(to, Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]));
  } catch {
    console.error('not authentic: a bit was changed, or this is another key');
    process.exitCode = 1;
  }
}
