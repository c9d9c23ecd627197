import type { KMS } from '@aws-sdk/client-kms';
import type { MetadataBearer } from '@smithy/types';
import { Fault } from '../../src/emulator/fault.js';
import type { WireResponse } from '../../src/emulator/wire/message.js';
import { failed, ok } from '../../src/emulator/wire/protocol.js';
import type { Between, KmsIn } from './room.js';

/**
 * A method of the SDK's client as an answer to its request; `kms` is the honest KMS behind the liar, asked by the room's
 * administrator. `pass` asks it as whoever asked the liar, and its answer may be given as it is.
 */
type Answer<Method> = Method extends {
  (input: infer Input, options?: never): Promise<infer Output>;
  (input: never, done: never): void;
  (input: never, options: never, done: never): void;
}
  ? (kms: KMS, input: Input, pass: () => Promise<WireResponse>) => Promise<Omit<Output, '$metadata'> | WireResponse>
  : never;

/** A KMS that answers some operations as it should not. */
export type Lie = { [Method in keyof KMS as Capitalize<Method>]?: Answer<KMS[Method]> };

/** The members of requests that are bytes. */
const blobs = ['Plaintext', 'CiphertextBlob', 'Message', 'Signature', 'Mac', 'ImportToken', 'EncryptedKeyMaterial'];

/** The members of a request with bytes where the wire has base64. */
function decoded(input: Record<string, unknown>): never {
  const pairs = Object.entries(input).map(([name, value]) =>
    blobs.includes(name) ? [name, Buffer.from(String(value), 'base64')] : [name, value],
  );
  return Object.fromEntries(pairs) as never;
}

/** Stand between a lab and its KMS, and lie. `kms` may be one for each Region. */
export function liar(kms: KMS | KmsIn, lie: Lie): Between {
  return async ({ operation, input, region, pass }) => {
    const answer = lie[operation as keyof Lie] as
      | ((kms: KMS, input: never, pass: () => Promise<WireResponse>) => Promise<object>)
      | undefined;
    if (!answer) return await pass();
    try {
      const honest = typeof kms === 'function' ? kms(region) : kms;
      const told = await answer.call(lie, honest, decoded(input), pass);
      if ('status' in told) return told as WireResponse;
      const { $metadata, ...reply } = told as { $metadata?: unknown };
      return ok(reply, 'a-lie');
    } catch (error) {
      const { name, message, $metadata } = error as Error & Partial<MetadataBearer>;
      return failed(new Fault(name, message, $metadata?.httpStatusCode), 'a-lie');
    }
  };
}
