import {
  DeleteAliasCommand,
  DescribeKeyCommand,
  KMS,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';

/** A key of a small account that the SDK is told about instead of AWS. */
export interface Key {
  id: string;
  tags?: Record<string, string>;
  aliases?: string[];
  state?: string;
  type?: 'PRIMARY' | 'REPLICA';
  /** The exception that reading its tags ends in. */
  refuses?: string;
}

export const ann = 'arn:aws:iam::111122223333:user/ann';
export const bob = 'arn:aws:iam::111122223333:user/bob';
export const alias = 'alias/kms-lab-symmetric-key';

/** All tags of a key that kms-lab made. */
export const tags = (more: Record<string, string> = {}) => ({
  'kms-lab': 'symmetric',
  'kms-lab:namespace': 'default',
  'kms-lab:run': '20261124-0102-abcdef',
  'kms-lab:owner': ann,
  'kms-lab:created': '2026-11-24T01:02:03.000Z',
  'kms-lab:alias': alias,
  ...more,
});

export const failure = (name: string, status = 400) =>
  Object.assign(new Error(`${name} as told by the test`), { name, $metadata: { httpStatusCode: status } });

/** An account in one Region; the answers follow from `keys`, which calls change. */
export function account(keys: Key[], pageSize = 2) {
  const client = new KMS({ region: 'us-east-1' });
  const mock = mockClient(client);
  const key = (id?: string) => {
    const found = keys.find((one) => one.id === id);
    if (!found) throw failure('NotFoundException');
    return found;
  };
  mock.on(ListKeysCommand).callsFake(({ Marker }: { Marker?: string }) => {
    const start = Number(Marker ?? 0);
    const Truncated = start + pageSize < keys.length;
    const Keys = keys.slice(start, start + pageSize).map(({ id }) => ({ KeyId: id }));
    return { Keys, Truncated, ...(Truncated && { NextMarker: String(start + pageSize) }) };
  });
  mock.on(ListResourceTagsCommand).callsFake(({ KeyId }: { KeyId: string }) => {
    const { tags: own = {}, refuses } = key(KeyId);
    if (refuses) throw failure(refuses);
    return { Tags: Object.entries(own).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) };
  });
  mock.on(DescribeKeyCommand).callsFake(({ KeyId }: { KeyId: string }) => {
    const { id, state = 'Enabled', type } = key(KeyId);
    return {
      KeyMetadata: {
        KeyId: id,
        Arn: `arn:aws:kms:us-east-1:111122223333:key/${id}`,
        KeyState: state,
        ...(state === 'PendingDeletion' && { DeletionDate: new Date('2026-12-01T00:00:00Z') }),
        ...(type && { MultiRegionConfiguration: { MultiRegionKeyType: type } }),
      },
    };
  });
  mock.on(ListAliasesCommand).callsFake(({ KeyId }: { KeyId: string }) => ({
    Aliases: (key(KeyId).aliases ?? []).map((AliasName) => ({ AliasName })),
  }));
  mock.on(DeleteAliasCommand).callsFake(({ AliasName }: { AliasName: string }) => {
    const holder = keys.find((one) => one.aliases?.includes(AliasName));
    if (!holder) throw failure('NotFoundException');
    holder.aliases = holder.aliases?.filter((name) => name !== AliasName) ?? [];
    return {};
  });
  mock.on(ScheduleKeyDeletionCommand).callsFake(({ KeyId }: { KeyId: string }) => {
    const one = key(KeyId);
    if (one.state === 'PendingDeletion') throw failure('KMSInvalidStateException');
    one.state = 'PendingDeletion';
    return { KeyId, KeyState: one.state };
  });
  /** The calls that change something, in order. */
  const changes = () =>
    mock
      .calls()
      .map(({ args: [command] }) => [command.constructor.name.replace('Command', ''), command.input] as const)
      .filter(([name]) => /^(Delete|Schedule|Create|Update|Put|Tag|Untag|Disable)/.test(name));
  return { kms: () => client, mock, keys, changes };
}
