import { keyringClients } from '../../src/envelope/keyring-clients.js';
import type { StepContext } from '../../src/lab/define.js';

type Context = Readonly<Record<string, string>>;

/** What the AWS Encryption SDK made of some bytes. */
export interface Message {
  bytes: Buffer;
  /** Its id, hexadecimal: random bytes, from which and the data key the message's own key is derived. */
  id: string;
  /** The wrapped data key in its header: the same for messages that share a data key. */
  wrappedKey: Buffer;
  /** The KMS key named beside it. */
  keyArn: string;
}

/** The AWS Encryption SDK with one KMS key. Its calls go to the run's own target and are recorded like those of `kms`. */
export async function encryptionSdk(kmsIn: StepContext['kmsIn'], keyArn: string) {
  const {
    buildClient,
    CommitmentPolicy,
    getLocalCryptographicMaterialsCache,
    KmsKeyringNode,
    NodeCachingMaterialsManager,
  } = await import('@aws-crypto/client-node');
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const { provider: clientProvider, calls, meaning } = keyringClients(kmsIn);
  const keyring = new KmsKeyringNode({ generatorKeyId: keyArn, clientProvider });

  // The keyring, or what stands before it and asks it seldom.
  type Materials = Parameters<typeof encrypt>[0] & Parameters<typeof decrypt>[0];
  const over = (materials: Materials) => ({
    async encrypt(plaintext: Uint8Array, encryptionContext: Context): Promise<Message> {
      const { result, messageHeader } = await encrypt(materials, plaintext, { encryptionContext }).catch(rethrow);
      const [wrapped] = messageHeader.encryptedDataKeys;
      return {
        bytes: result,
        id: Buffer.from(messageHeader.messageId).toString('hex'),
        wrappedKey: Buffer.from(wrapped?.encryptedDataKey ?? []),
        keyArn: wrapped?.providerInfo ?? '',
      };
    },
    async decrypt(message: Uint8Array): Promise<{ plaintext: Buffer; context: Context }> {
      const { plaintext, messageHeader } = await decrypt(materials, message).catch(rethrow);
      return { plaintext, context: messageHeader.encryptionContext };
    },
  });
  const rethrow = (error: unknown): never => {
    throw meaning(error);
  };

  return {
    ...over(keyring),
    /** How often KMS has been asked, by operation. */
    calls,
    /** The same with a cache before the keyring: for ten minutes, 100 messages or 1 GiB it asks KMS for no other data key. */
    cached: over(
      new NodeCachingMaterialsManager({
        backingMaterials: keyring,
        cache: getLocalCryptographicMaterialsCache(10),
        maxAge: 10 * 60 * 1000,
        maxMessagesEncrypted: 100,
        maxBytesEncrypted: 2 ** 30,
      }),
    ),
  };
}

/** Twenty small files of the same size. */
export const twentyFiles = (start: Uint8Array): Buffer[] =>
  Array.from({ length: 20 }, (_, at) => Buffer.concat([start, Buffer.from([at])]));

/** One after another: side by side the first ones would all miss the cache. */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
