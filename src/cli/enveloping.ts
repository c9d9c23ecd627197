import { randomUUID } from 'node:crypto';
import { keyName } from '../../labs/envelope/names.js';
import { type Context, decryptFile, encryptFile, type Passage } from '../envelope/message.js';
import { LabError } from '../errors.js';
import { type Output, openOutput } from '../files/output.js';
import { type KmsClients, openKms } from '../kms/clients.js';
import { progressBar } from '../report/progress-bar.js';
import { screenOf } from '../report/screen.js';
import { resolveTarget, type Target } from '../target/target.js';
import type { Action, EnvelopeOptions } from './envelope.js';
import { type Key, keyFor } from './envelope-key.js';
import { type Paths, pathsFor, unwritable } from './envelope-paths.js';
import { rememberFile, tellDone } from './envelope-told.js';
import { onInterrupt } from './interrupt.js';

/** A tool at work. */
export interface Tool {
  action: Action;
  options: EnvelopeOptions;
  paths: Paths;
  target: Target;
}

/** Encrypt or decrypt a file. @throws LabError; then no output was written */
export async function runTool(action: Action, file: string, options: EnvelopeOptions): Promise<number> {
  const paths = pathsFor(action, file, options);
  const target = await resolveTarget(options, process.env);
  const interrupt = onInterrupt();
  try {
    const { arn } = await target.identity(); // guards the account that was expected
    const ownership = { lab: 'envelope', namespace: options.namespace, run: randomUUID(), owner: arn };
    const { connection } = target;
    const { signal } = interrupt;
    const clients = await openKms({ connection, ownership, onCall() {}, signal });
    try {
      await work({ action, options, paths, target }, clients, signal);
    } finally {
      clients.close();
    }
  } catch (error) {
    throw explained(error, file);
  } finally {
    interrupt.done();
    await target.close();
  }
  return 0;
}

async function work(tool: Tool, clients: KmsClients, signal: AbortSignal): Promise<void> {
  const { action, options, paths, target } = tool;
  const key = await keyFor(options, clients, target.region, keyName);
  const output = await openOutput(paths.output, { replace: options.force === true }).catch(unwritable(paths));
  try {
    const context = await converted(tool, { key, output, clients, signal });
    // First the note: killed in between, there is a note without a file, never a file without a note.
    if (action === 'encrypt') rememberFile(tool, key);
    await output.keep().catch(unwritable(paths));
    tellDone(tool, key, context);
  } finally {
    await output.discard();
  }
}

interface Means {
  key: Key;
  output: Output;
  clients: KmsClients;
  signal: AbortSignal;
}

async function converted({ action, options, paths }: Tool, { key, output, clients, signal }: Means): Promise<Context> {
  const quiet = options.quiet || options.json;
  const screen = screenOf(quiet ? { write() {} } : process.stderr, process.env, { colour: options.color });
  const bar = progressBar(screen, `${action}ing ${paths.shown}`);
  const context = options.context ?? {};
  const passage: Passage = {
    input: paths.input,
    bytes: paths.bytes,
    output,
    keyArn: key.arn,
    context,
    kmsIn: (region) => clients.in(region),
    signal,
    onProgress: (done, of) => bar.show(done, of),
  };
  try {
    if (action === 'decrypt') return await decryptFile(passage);
    await encryptFile(passage);
    return context;
  } finally {
    bar.hide();
  }
}

/** What KMS and the file system say, as something a person can act on. */
function explained(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  const told = (kind: LabError['kind'], text: string, hint: string) => new LabError(kind, text, { hint, cause: error });
  if (error instanceof LabError && (error.kind === 'interrupted' || error.kind === 'terminated'))
    return told(error.kind, message, 'nothing was written; run it again');
  if (name === 'NotAuthentic')
    return told('refused', `${file} can't be decrypted: ${message}`, (error as LabError).hint);
  if (name === 'InvalidCiphertextException' || name === 'IncorrectKeyException')
    return told('refused', `${file} can't be decrypted: KMS refuses its data key (${name})`, 'nothing was written');
  if (name === 'NotFoundException') return told('usage', message, 'see --key-id, --region and --profile');
  if (name === 'DisabledException' || name === 'KMSInvalidStateException')
    return told('denied', message, 'enable the key, or give it back with `kms-lab cleanup --undo`');
  if (name === 'InvalidKeyUsageException' || name === 'ValidationException')
    return told('usage', message, 'it takes a symmetric key for encryption: see --key-id and --context');
  return error;
}
