import { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { CreateKeyRequest, KeyMetadata, KMS, ReplicateKeyRequest } from '@aws-sdk/client-kms';
import type { EmulatorOptions } from '../../../src/emulator/emulator.js';
import { requestHandler } from '../../../src/emulator/handler.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

export const home = 'us-east-1';
export const away = 'us-west-2';
export const third = 'eu-west-1';
export const start = Date.UTC(2026, 0, 1);
export const second = 1000;
export const day = 24 * 60 * 60 * second;
export const arnIn = (region: string, id: string) => `arn:aws:kms:${region}:111122223333:key/${id}`;

export interface Family extends KmsUnderTest {
  /** A client in each Region. */
  in: Record<typeof home | typeof away | typeof third, KMS>;
  /** Make a primary in us-east-1; its id. */
  primary(input?: CreateKeyRequest): Promise<string>;
  /** Replicate it into us-west-2, or where else it is to go, and let the second pass after which it is Enabled. */
  replica(KeyId: string, input?: Partial<ReplicateKeyRequest>): Promise<KeyMetadata>;
  /** Make the key in `to` the primary, and let the second pass after which it is. */
  promote(KeyId: string, to?: string, from?: KMS): Promise<void>;
  /** The key as it describes itself there; undefined when there is none. */
  look(kms: KMS, KeyId: string): Promise<KeyMetadata | undefined>;
  /** The newest events of a Region, by name and record. */
  events(region: string): Promise<{ name: string; record: Record<string, unknown> }[]>;
}

/** An embedded KMS whose wall clock stands still: only `advance` moves the world's. */
export async function family(options: Partial<EmulatorOptions> = {}): Promise<Family> {
  const on = await kmsUnderTest({ now: () => start, ...options });
  const replica: Family['replica'] = async (KeyId, input = {}) => {
    const { ReplicaKeyMetadata } = await on.kms.replicateKey({ KeyId, ReplicaRegion: away, ...input });
    on.emulator.advance(second);
    return ReplicaKeyMetadata as KeyMetadata;
  };
  return {
    ...on,
    in: { [home]: on.kms, [away]: on.as({ region: away }), [third]: on.as({ region: third }) },
    async primary(input = {}) {
      const { KeyMetadata } = await on.kms.createKey({ MultiRegion: true, ...input });
      return KeyMetadata?.KeyId as string;
    },
    replica,
    async promote(KeyId, PrimaryRegion = away, from = on.kms) {
      await from.updatePrimaryRegion({ KeyId, PrimaryRegion });
      on.emulator.advance(second);
    },
    async look(kms, KeyId) {
      try {
        return (await kms.describeKey({ KeyId })).KeyMetadata;
      } catch (error) {
        if ((error as Error).name === 'NotFoundException') return undefined;
        throw error;
      }
    },
    async events(region) {
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      const trail = new CloudTrail({ region, credentials, requestHandler: requestHandler(on.emulator) });
      const { Events = [] } = await trail.lookupEvents({});
      return Events.map(({ EventName = '', CloudTrailEvent = '' }) => ({
        name: EventName,
        record: JSON.parse(CloudTrailEvent),
      }));
    },
  };
}
