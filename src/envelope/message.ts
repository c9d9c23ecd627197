import { createReadStream, type ReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import type { EncryptedDataKey, KeyringNode } from '@aws-crypto/client-node';
import type { KMS } from '@aws-sdk/client-kms';
import type { Output } from '../files/output.js';
import { type KeyringClients, keyringClients } from './keyring-clients.js';
import { NotAuthentic } from './not-authentic.js';

export type Context = Readonly<Record<string, string>>;

/** A file on its way into, or out of, the message format of the AWS Encryption SDK. */
export interface Passage {
  input: string;
  /** Size of `input` in bytes. */
  bytes: number;
  output: Output;
  /** The KMS key's ARN: that of a multi-Region key opens what its relatives wrapped. */
  keyArn: string;
  /** To encrypt: the encryption context. To decrypt: pairs that the message's context must have; it may have others. */
  context: Context;
  kmsIn(region: string): KMS;
  signal: AbortSignal;
  /** Told now and then how much has been read. */
  onProgress(done: number, of: number): void;
}

/** The pair that the library itself adds for its signatures. */
const reserved = 'aws-crypto-public-key';
/** Plaintext bytes of a frame: sixteen times the library's, which then has a sixteenth of them to work on. Any of its languages reads it. */
const frameLength = 64 * 1024;
const pieceSize = 1024 * 1024;

/**
 * Encrypt a file as a signed, key-committing message of the AWS Encryption SDK. `output` holds it when this returns.
 * @throws what KMS answered, what the file system says, or the signal's reason
 */
export async function encryptFile(passage: Passage): Promise<void> {
  const { library, client, keyring, kms } = await open(passage, () => {});
  const through = client.encryptStream(keyring, {
    encryptionContext: passage.context,
    frameLength,
    suiteId: library.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
  });
  await pass(passage, through, kms);
}

/**
 * Decrypt a message of the AWS Encryption SDK. `output` holds the plaintext when this returns; before, part of it is there that
 * nobody has vouched for.
 * @returns the message's encryption context
 * @throws NotAuthentic when the message was changed, is under another key, or not in the context that is asked for; else as above
 */
export async function decryptFile(passage: Passage): Promise<Context> {
  let found: Context = {};
  const { client, keyring, kms } = await open(passage, (context, keys) => {
    found = Object.fromEntries(Object.entries(context).filter(([name]) => name !== reserved));
    mustBeUnder(passage.keyArn, keys);
    mustHave(passage.context, found);
  });
  await pass(passage, client.decryptStream(keyring), kms);
  return found;
}

/** The library, and a keyring that has `look` see a message's context and the keys it is under before KMS is asked. */
async function open({ keyArn, kmsIn }: Passage, look: (context: Context, keys: readonly EncryptedDataKey[]) => void) {
  const library = await import('@aws-crypto/client-node');
  const { AwsKmsMrkAwareSymmetricKeyringNode, buildClient, CommitmentPolicy, KeyringNode } = library;
  const kms = keyringClients(kmsIn);
  const client = kms.provider(keyArn.split(':')[3] ?? '');
  if (!client) throw new Error(`no client for ${keyArn}`);
  const inner = new AwsKmsMrkAwareSymmetricKeyringNode({ keyId: keyArn, client });
  class Looking extends KeyringNode {
    override _onEncrypt(...[material]: Parameters<KeyringNode['_onEncrypt']>) {
      return inner.onEncrypt(material);
    }
    override _onDecrypt(...[material, keys]: Parameters<KeyringNode['_onDecrypt']>) {
      look(material.encryptionContext, keys);
      return inner.onDecrypt(material, keys);
    }
  }
  return {
    library,
    client: buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT),
    keyring: new Looking(),
    kms,
  };
}

const resource = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

/** A key of the same id is the same key, or a multi-Region key's relative. */
function mustBeUnder(keyArn: string, keys: readonly EncryptedDataKey[]): void {
  const names = keys.map(({ providerInfo }) => providerInfo);
  if (names.some((name) => resource(name) === resource(keyArn))) return;
  throw new NotAuthentic(`it is not encrypted under ${keyArn} but under ${names.join(', ')}`, {
    hint: 'name its key with --key-id; nothing was written',
  });
}

function mustHave(wanted: Context, found: Context): void {
  const missing = Object.keys(wanted).filter((name) => found[name] !== wanted[name]);
  if (missing.length === 0) return;
  throw new NotAuthentic(`its encryption context is not the one asked for: ${missing.join(', ')}`, {
    hint: 'nothing was written; is it the right file?',
  });
}

/** Read, convert, write; memory holds a few pieces of the file, whatever its size. */
async function pass(
  { input, bytes, output, signal, onProgress }: Passage,
  through: NodeJS.ReadWriteStream,
  { idle, meaning }: KeyringClients,
): Promise<void> {
  const source = createReadStream(input, { highWaterMark: pieceSize });
  const target = output.file.createWriteStream({ highWaterMark: pieceSize });
  const timer = setInterval(() => onProgress(source.bytesRead, bytes), 100);
  try {
    await piped(source, through, target, signal);
  } catch (error) {
    // Its connection is closed next: a call that is cut off would be sent again.
    await idle();
    signal.throwIfAborted();
    throw meaning(error);
  } finally {
    clearInterval(timer);
  }
}

/**
 * A pipeline whose middle is never destroyed: the library's stream would then throw where nobody can catch it. Left alone it
 * starves and is forgotten.
 */
function piped(
  source: ReadStream,
  through: NodeJS.ReadWriteStream,
  target: Writable,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      source.unpipe(through);
      through.unpipe(target);
      source.destroy();
      target.destroy();
      reject(error);
    };
    const stop = () => fail(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    for (const stream of [source, through, target] as NodeJS.EventEmitter[]) stream.on('error', fail);
    target.on('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(); // without effect after a failure
    });
    source.pipe(through).pipe(target);
  });
}
