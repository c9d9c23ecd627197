import { createPublicKey, publicEncrypt } from 'node:crypto';

/** RSAES-OAEP with SHA-256, for MGF1 as well: what KMS calls RSAES_OAEP_SHA_256. The key is DER; no call is made. */
export function encryptTo(publicKey: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  return publicEncrypt({ key, oaepHash: 'sha256' }, plaintext);
}

/** The same by hand: `node -e SCRIPT key.der plaintext`. */
export const encryptScript = `
const [key, plaintext] = process.argv.slice(1).map((file) => require(\`node:fs\`).readFileSync(file));
const publicKey = { key, format: \`der\`, type: \`spki\`, oaepHash: \`sha256\` };
process.stdout.write(require(\`node:crypto\`).publicEncrypt(publicKey, plaintext))`;

/** The same with OpenSSL, which must be told padding and hash; what it makes of the file comes on stdout. */
export function openSslWords(pem: string, plaintext: string): string[] {
  const options = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'];
  const files = ['-pubin', '-inkey', pem, '-in', plaintext];
  return ['pkeyutl', '-encrypt', ...files, ...options.flatMap((option) => ['-pkeyopt', option])];
}
