import { createHash } from 'node:crypto';
import type { StepContext } from '../../src/lab/define.js';
import type { Signed } from './signing.js';

/** Sign takes a message of at most this many bytes (API reference, Sign). */
const longest = 4096;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** What is too large for Sign is hashed here, and its digest signed by the same key. */
export async function signLargeFile(context: StepContext, { scheme, alias, publicKey }: Signed): Promise<void> {
  const { kms, verify, files, tools } = context;
  const how = { KeyId: alias, SigningAlgorithm: scheme.algorithm };
  const largest = await tools.random(longest, '4096-bytes.bin');
  const raw = await kms.sign({ ...how, MessageType: 'RAW', Message: largest });
  const whole = await scheme.verifies(publicKey, largest, await files.write('4096-bytes-signature.bin', raw.Signature));
  verify.equal('4,096 bytes are signed as they are', whole, true);
  const tooLarge = await tools.random(longest + 1, '4097-bytes.bin');
  const refusal = kms.sign({ ...how, MessageType: 'RAW', Message: tooLarge });
  await verify.refused('4,097 bytes are refused', refusal, 'ValidationException');

  const file = await tools.random(65_536, 'large-file.bin');
  const digest = await files.write('large-file.sha256', sha256(file));
  tools.byHand('openssl', ['dgst', '-sha256', '-binary', files.pathOf(file)], digest);
  const made = await kms.sign({ ...how, MessageType: 'DIGEST', Message: digest });
  const Signature = await files.write('large-file-signature.bin', made.Signature);
  const offline = await scheme.verifies(publicKey, file, Signature);
  verify.equal('the public key alone verifies it for all 65,536 bytes', offline, true);
  const ask = (Message: Uint8Array) => kms.verify({ ...how, MessageType: 'DIGEST', Message, Signature });
  verify.equal('KMS verifies it for the digest', (await ask(digest)).SignatureValid, true);
  const other = await files.write('another-file.sha256', sha256(tooLarge));
  tools.byHand('openssl', ['dgst', '-sha256', '-binary', files.pathOf(tooLarge)], other);
  await verify.refused('the digest of another file is refused', ask(other), 'KMSInvalidSignatureException');
}
