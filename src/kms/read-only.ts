import type { KMS } from '@aws-sdk/client-kms';
import { LabError } from '../errors.js';
import type { Connection } from './connection.js';
import { type CallMiddleware, operationOf, wrap } from './middleware.js';

/** Operations of KMS that change nothing and make nothing; of the cryptographic ones, those that only look. */
const reads = new Set([
  'Decrypt',
  'DescribeKey',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'GetPublicKey',
  'ListAliases',
  'ListGrants',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'Verify',
  'VerifyMac',
]);

/** Clients that can change nothing, whoever holds them. */
export interface ReadOnlyClients {
  in(region: string): KMS;
  /** May be called twice. */
  close(): void;
}

/**
 * Load the SDK and open clients through which only operations that read can be called, or any with DryRun.
 * @param signal when aborted, calls in flight end with its reason, though nobody has answered, and no further call starts
 */
export async function openReadOnly(connection: Connection, signal: AbortSignal): Promise<ReadOnlyClients> {
  const { KMS } = await import('@aws-sdk/client-kms');
  const clients = new Map<string, KMS>();
  const make = (region: string) => {
    const client = new KMS(connection.config('kms', region));
    wrap(client, { reading, inTime: inTime(signal) });
    // The SDK would try once more when its connection is closed under it.
    client.middlewareStack.add(
      (next) => (args) => {
        signal.throwIfAborted();
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'kmsLab-unlessOver' },
    );
    clients.set(region, client);
    return client;
  };
  return {
    in: (region) => clients.get(region) ?? make(region),
    close() {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
}

const reading: CallMiddleware = (next, context) => (args) => {
  const operation = operationOf(context);
  if (reads.has(operation) || (args.input as { DryRun?: boolean }).DryRun === true) return next(args);
  throw new LabError('bug', `${operation} is no operation that only reads`);
};

function inTime(signal: AbortSignal): CallMiddleware {
  return (next) => (args) => endingWith(signal, () => next(args));
}

/** What `work` gives, or the signal's reason as soon as it is aborted. */
export async function endingWith<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  let stop = () => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
