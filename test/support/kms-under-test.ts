import { KMS } from '@aws-sdk/client-kms';
import { createEmulator, type EmulatorOptions, type LocalEmulator } from '../../src/emulator/emulator.js';
import { requestHandler } from '../../src/emulator/handler.js';

export interface KmsUnderTest {
  emulator: LocalEmulator;
  /** The real SDK as administrator in us-east-1. It asks once: what is refused is told at once. */
  kms: KMS;
  /** A client elsewhere, or of somebody else. */
  as(who?: { region?: string; accessKeyId?: string; secretAccessKey?: string; maxAttempts?: number }): KMS;
  /** A client of another emulator. */
  over(emulator: LocalEmulator, region?: string): KMS;
  /** Make a key; its id. */
  key(): Promise<string>;
  close(): Promise<void>;
}

/** The real SDK on an embedded KMS of its own. No switch points it at AWS. */
export async function kmsUnderTest(options: Partial<EmulatorOptions> = {}): Promise<KmsUnderTest> {
  const emulator = await createEmulator({ state: 'memory', ...options });
  const as: KmsUnderTest['as'] = ({ accessKeyId = 'test', secretAccessKey = 'test', ...more } = {}) =>
    new KMS({
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
      requestHandler: requestHandler(emulator),
      maxAttempts: 1,
      ...more,
    });
  const kms = as();
  return {
    emulator,
    kms,
    as,
    over: (other, region = 'us-east-1') =>
      new KMS({
        region,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        requestHandler: requestHandler(other),
        maxAttempts: 1,
      }),
    async key() {
      const { KeyMetadata } = await kms.createKey({});
      return KeyMetadata?.KeyId as string;
    },
    close: () => emulator.close(),
  };
}

/** A KMS that begins where another stands; the client goes with it. */
export type InACopy = Pick<KmsUnderTest, 'emulator' | 'kms'>;

export function inACopy(original: KmsUnderTest): InACopy {
  const emulator = original.emulator.copy();
  return { emulator, kms: original.over(emulator) };
}
