import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestHandler } from '../../src/emulator/handler.js';
import { openKms } from '../../src/kms/clients.js';
import type { Connection } from '../../src/kms/connection.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let on: KmsUnderTest;
beforeEach(async () => {
  on = await kmsUnderTest();
});
afterEach(() => on.close());

/** Three lookups at once, and how long the client slept before them, in milliseconds. */
async function slept(more: Partial<Connection> = {}, signal?: AbortSignal): Promise<number[]> {
  const sleeps: number[] = [];
  const kms = await openKms({
    connection: {
      config: (_service, region) => ({
        region,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        requestHandler: requestHandler(on.emulator),
      }),
      cli: {},
      ...more,
    },
    ownership: { lab: 'a-lab', namespace: 'default', run: 'a-run', owner: 'ann' },
    onCall: () => {},
    now: () => 0,
    sleep: async (ms) => void sleeps.push(ms),
    ...(signal && { signal }),
  });
  const trail = await kms.cloudtrail('us-east-1');
  await Promise.all([trail.lookupEvents({}), trail.lookupEvents({}), trail.lookupEvents({})]);
  kms.close();
  return sleeps;
}

describe('CloudTrail', () => {
  it('is asked once a second, also with three questions at once', async () => {
    expect(await slept()).toEqual([1000, 2000]);
  });

  it('is not made to wait for where nobody counts', async () => {
    expect(await slept({ unmetered: true })).toEqual([]);
  });

  it('is not asked any more after Ctrl-C', async () => {
    await expect(slept({}, AbortSignal.abort())).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
