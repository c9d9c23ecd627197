import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/emulator/fault.js';
import { failed } from '../../src/emulator/wire/protocol.js';
import { Lab, NotOffered } from '../../src/lab/define.js';
import { at, openRoom, type Room } from './room.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 0, teaches: [] };
const answer = (name: string, message = 'No.') => failed(new Fault(name, message, 400), 'a-test');

/** A step that lists keys, and one that needs what it returned. */
const labWith = (optional: boolean) =>
  Lab.define('maybe', facts)
    .step('Before', 'why', async ({ verify }) => verify.equal('here', 1, 1))
    .step(
      'Ask',
      'why',
      async ({ kms }) => {
        await kms.listKeys({});
        return { asked: true };
      },
      { optional },
    )
    .step('Use it', 'why', async ({ verify, asked }) => verify.equal('asked', asked, true), { optional });

describe('a step', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  const outcomes = (told: Awaited<ReturnType<Room['run']>>) => told.of('step:end').map(({ outcome }) => outcome);
  const lacks: [string, string?][] = [
    ['UnsupportedOperationException'],
    ['UnknownOperationException'],
    ['ValidationException', "1 validation error detected: Value 'ML_DSA_44' at 'keySpec' failed to satisfy constraint"],
  ];

  it.each(lacks)(
    'that is optional is not offered where KMS answers %s, and neither is what needs it',
    async (...said) => {
      const told = await room.run(labWith(true), { between: at('ListKeys', 1, async () => answer(...said)) });
      expect(outcomes(told)).toEqual(['passed', 'not offered', 'not offered']);
      expect(told.of('step:end')[1]?.reason).toContain(said[0]);
      expect(told.end).toMatchObject({ outcome: 'passed', steps: { notOffered: 2, skipped: 0 } });
      expect(told.error).toBeUndefined();
    },
  );

  it.each(lacks.filter(([name]) => name !== 'UnknownOperationException'))(
    'that is not declared optional fails on %s',
    async (...said) => {
      const told = await room.run(labWith(false), { between: at('ListKeys', 1, async () => answer(...said)) });
      expect(outcomes(told)).toEqual(['passed', 'failed', 'skipped']);
      expect(told.end.outcome).toBe('failed');
    },
  );

  it.each(['ValidationException', 'InvalidKeyUsageException'])(
    'that is optional fails on any other %s',
    async (name) => {
      const told = await room.run(labWith(true), { between: at('ListKeys', 1, async () => answer(name)) });
      expect(outcomes(told)).toEqual(['passed', 'failed', 'skipped']);
      expect(told.end.outcome).toBe('failed');
    },
  );

  it('that is optional fails when it has claimed what does not hold', async () => {
    const lab = Lab.define('maybe', facts).step(
      'Claim',
      'why',
      async ({ verify }) => {
        verify.equal('one', 1, 2);
        throw new NotOffered('nothing here');
      },
      { optional: true },
    );
    expect((await room.run(lab)).end).toMatchObject({ outcome: 'failed', steps: { failed: 1, notOffered: 0 } });
  });

  it('makes no claim of what KMS does not have: neither held nor failed', async () => {
    const lab = Lab.define('maybe', facts).step(
      'Claim',
      'why',
      async ({ verify, kms }) => {
        await verify.refused('wrong', kms.listKeys({}), 'InvalidCiphertextException');
      },
      { optional: true },
    );
    const told = await room.run(lab, {
      between: at('ListKeys', 1, async () => answer('UnsupportedOperationException')),
    });
    expect(told.of('claim')).toEqual([]);
    expect(outcomes(told)).toEqual(['not offered']);
  });

  it('that must be done and needs what was not offered is a fault of the lab', async () => {
    const lab = Lab.define('faulty', facts)
      .step('Give', 'why', async (): Promise<{ gift: number }> => Promise.reject(new NotOffered('no')), {
        optional: true,
      })
      .step('Take', 'why', async ({ verify, gift }) => verify.equal('a gift', gift, 1));
    const told = await room.run(lab);
    expect(told.error).toMatchObject({ kind: 'bug', message: expect.stringContaining('`gift`') });
  });
});
