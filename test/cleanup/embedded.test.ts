import { KMS } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CleanupResult, removeRun } from '../../src/cleanup/run.js';
import { createEmulator, type LocalEmulator } from '../../src/emulator/emulator.js';
import { requestHandler } from '../../src/emulator/handler.js';
import { type KmsClients, openKms } from '../../src/kms/clients.js';
import type { Connection } from '../../src/kms/connection.js';
import { createOwnedKey } from '../../src/kms/own.js';
import { alias, ann } from './account.js';

const region = 'us-east-1';

describe('--cleanup, against the embedded KMS', () => {
  let emulator: LocalEmulator;
  let connection: Connection;
  const opened: KmsClients[] = [];

  /** The client of a run, as a lab has it. */
  const clientOf = async (run: string) => {
    const ownership = { lab: 'symmetric', namespace: 'default', run, owner: ann };
    const clients = await openKms({ connection, ownership, onCall: () => {} });
    opened.push(clients);
    return clients.in(region);
  };
  const keyIds = (keys: CleanupResult['scheduled']) => keys.map(({ keyId }) => keyId);

  beforeEach(async () => {
    emulator = await createEmulator({ state: 'memory' });
    const handler = requestHandler(emulator);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    connection = {
      config: (_service, at) => ({ region: at, endpoint: 'http://127.0.0.1:1', requestHandler: handler, credentials }),
      cli: {},
    };
  });
  afterEach(async () => {
    for (const clients of opened.splice(0)) clients.close();
    await emulator.close();
  });

  it('schedules what the run made and nothing else, and frees the alias for the next run', async () => {
    const [first, second] = [await clientOf('run-1'), await clientOf('run-2')];
    const older = await createOwnedKey(first, {}, alias);
    const { KeyMetadata: foreign } = await new KMS(connection.config('kms', region)).createKey({});
    const key = await createOwnedKey(second, {}, alias);
    const another = await createOwnedKey(second, {}, alias);
    await second.createAlias({ AliasName: alias, TargetKeyId: another.KeyId });

    const result = await removeRun({ connection, region }, 'run-2');

    expect(keyIds(result.scheduled).sort()).toEqual([key.KeyId, another.KeyId].sort());
    expect([result.kept, result.failed]).toEqual([[], []]);
    const stateOf = async (KeyId?: string) => (await second.describeKey({ KeyId })).KeyMetadata?.KeyState;
    expect(await Promise.all([key.KeyId, another.KeyId].map(stateOf))).toEqual(['PendingDeletion', 'PendingDeletion']);
    expect(await Promise.all([older.KeyId, foreign?.KeyId].map(stateOf))).toEqual(['Enabled', 'Enabled']);
    await second.createAlias({ AliasName: alias, TargetKeyId: older.KeyId });
  });

  it('finds every key of a run, and has nothing to do the second time', async () => {
    const kms = await clientOf('run-1');
    const made = await Promise.all(Array.from({ length: 25 }, () => createOwnedKey(kms, {}, alias)));
    expect((await removeRun({ connection, region }, 'run-1')).scheduled).toHaveLength(made.length);
    const again = await removeRun({ connection, region }, 'run-1');
    expect([again.scheduled, again.failed]).toEqual([[], []]);
    expect(again.kept).toHaveLength(made.length);
  });

  it('leaves a key alone that bears an alias of somebody else', async () => {
    const kms = await clientOf('run-1');
    const key = await createOwnedKey(kms, {}, alias);
    await kms.createAlias({ AliasName: 'alias/production', TargetKeyId: key.KeyId });
    expect(await removeRun({ connection, region }, 'run-1')).toMatchObject({
      scheduled: [],
      kept: [{ keyId: key.KeyId, reason: 'bears an alias that kms-lab did not make: alias/production' }],
    });
  });

  it('reports a key as left that bears the tags of the run and may not be looked at', async () => {
    const key = await createOwnedKey(await clientOf('run-1'), {}, alias);
    const Policy = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
        { Effect: 'Deny', Principal: '*', Action: 'kms:DescribeKey', Resource: '*' },
      ],
    });
    await new KMS(connection.config('kms', region)).putKeyPolicy({ KeyId: key.KeyId, Policy });
    expect(await removeRun({ connection, region }, 'run-1')).toMatchObject({
      scheduled: [],
      failed: [{ keyId: key.KeyId, kind: 'denied', message: expect.stringContaining('kms:DescribeKey') }],
    });
  });

  it('leaves a key alone that opens a file which the learner encrypted meanwhile', async () => {
    const key = await createOwnedKey(await clientOf('run-1'), {}, alias);
    const filesUnder = (arn: string) => (arn === key.Arn ? ['/home/ann/notes.encrypted'] : []);
    expect(await removeRun({ connection, region }, 'run-1', filesUnder)).toMatchObject({
      scheduled: [],
      kept: [{ keyId: key.KeyId, reason: expect.stringContaining('/home/ann/notes.encrypted') }],
    });
  });
});
