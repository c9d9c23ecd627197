import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/emulator/fault.js';
import { failed } from '../../src/emulator/wire/protocol.js';
import { Lab } from '../../src/lab/define.js';
import { at, openRoom, type Room } from './room.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 0, teaches: [] };
const hi = Buffer.from('hi');

/** A lab that needs a key for one claim; `breaks`: and the claim's step fails. */
const passing = (breaks = false) =>
  Lab.define('passing', facts).step('Use it once', 'why', async ({ own, kms, verify }) => {
    const sealed = await own.passing('once-key', {}, async ({ KeyId }) => {
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: hi });
      if (breaks) await kms.encrypt({ KeyId, Plaintext: Buffer.alloc(5000) });
      return CiphertextBlob;
    });
    verify.that('what `use` returned is there', (sealed?.length ?? 0) > 0, { expected: 'bytes', got: 'none' });
  });

describe('a key for one claim', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  const keys = async () => {
    const { Keys = [] } = await room.kms.listKeys({});
    return await Promise.all(
      Keys.map(async ({ KeyId }) => {
        const { KeyMetadata } = await room.kms.describeKey({ KeyId });
        const { Tags = [] } = await room.kms.listResourceTags({ KeyId });
        return [KeyMetadata?.KeyState, Tags.find(({ TagKey }) => TagKey === 'kms-lab')?.TagValue];
      }),
    );
  };

  it('is tagged, has no alias, and is on its way out when the claim is made: the summary need not name it', async () => {
    const told = await room.run(passing());
    expect(told.end).toMatchObject({ outcome: 'passed', keys: [] });
    expect(await keys()).toEqual([['PendingDeletion', 'passing']]);
    expect((await room.kms.listAliases({})).Aliases).toEqual([]);
    expect(told.of('note').map(({ text }) => text)).toEqual([expect.stringContaining('its deletion is scheduled')]);
  });

  it('goes too when the claim can’t be made, and what went wrong is told', async () => {
    const told = await room.run(passing(true));
    expect(told.of('claim')).toMatchObject([
      { outcome: 'failed', got: expect.stringContaining('ValidationException') },
    ]);
    expect(await keys()).toEqual([['PendingDeletion', 'passing']]);
  });

  it('is named with its price when its deletion could not be scheduled', async () => {
    const denied = new Fault(
      'AccessDeniedException',
      'User: ann is not authorized to perform: kms:ScheduleKeyDeletion',
    );
    const told = await room.run(passing(), {
      between: at('ScheduleKeyDeletion', 1, async () => failed(denied, 'a-test')),
    });
    expect(told.error).toMatchObject({ kind: 'denied' });
    expect(told.end.keys).toMatchObject([{ made: true, monthlyUsd: 1 }]);
    expect(await keys()).toEqual([['Enabled', 'passing']]);
  });
});
