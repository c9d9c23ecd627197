import type { KmsKeyringNode } from '@aws-crypto/client-node';
import type { KMS } from '@aws-sdk/client-kms';
import { LabError } from '../errors.js';
import { NotAuthentic } from './not-authentic.js';

/** How the AWS Encryption SDK asks for a client of a Region. */
export type ClientProvider = NonNullable<
  NonNullable<ConstructorParameters<typeof KmsKeyringNode>[0]>['clientProvider']
>;

/** The operations that a KMS keyring calls. */
type Operation = 'GenerateDataKey' | 'Encrypt' | 'Decrypt';

/** The clients of a run as a KMS keyring wants them. */
export interface KeyringClients {
  provider: ClientProvider;
  /** How often the keyrings have asked for each operation. */
  calls: Readonly<Record<Operation, number>>;
  /** When the call in flight has ended, if there is one. */
  idle(): Promise<void>;
  /**
   * What an error of the Encryption SDK means. The keyrings wrap what KMS answered into a text of their own: the answer itself
   * is given back. What the library itself refuses (a tag, a signature, a key that is not asked for) becomes a LabError `refused`.
   */
  meaning(error: unknown): unknown;
}

/** Let KMS keyrings use the clients of this run, with all their middleware; no other client is ever made. */
export function keyringClients(kmsIn: (region: string) => KMS): KeyringClients {
  const calls = { GenerateDataKey: 0, Encrypt: 0, Decrypt: 0 };
  let answered: unknown;
  let inFlight = Promise.resolve();
  const counted = async <Answer>(operation: Operation, call: Promise<Answer>): Promise<Answer> => {
    calls[operation]++;
    answered = undefined;
    inFlight = call.then(
      () => {},
      () => {},
    );
    return await call.catch((error: unknown) => {
      answered = error;
      throw error;
    });
  };
  const client = (region: string) => {
    const kms = kmsIn(region);
    return {
      generateDataKey: (input: Parameters<KMS['generateDataKey']>[0]) =>
        counted('GenerateDataKey', kms.generateDataKey(input)),
      encrypt: (input: Parameters<KMS['encrypt']>[0]) => counted('Encrypt', kms.encrypt(input)),
      decrypt: (input: Parameters<KMS['decrypt']>[0]) => counted('Decrypt', kms.decrypt(input)),
    };
  };
  return {
    // The SDK writes "may be undefined" where the Encryption SDK writes "may be absent"; to both it is the same.
    provider: client as unknown as ClientProvider,
    calls,
    idle: () => inFlight,
    meaning: (error) => answered ?? refusalOf(error),
  };
}

/** Errors of Node.js about files and pipes have a code; those of its cryptography too, but theirs say so. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LabError || '$metadata' in error) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code && !/^ERR_(OSSL|CRYPTO)/.test(code)) return error;
  return new NotAuthentic(error.message.split('\n')[0] ?? '', { cause: error });
}
