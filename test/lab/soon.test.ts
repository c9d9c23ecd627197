import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/emulator/fault.js';
import { failed, ok } from '../../src/emulator/wire/protocol.js';
import { LabError } from '../../src/errors.js';
import { Lab, type StepContext } from '../../src/lab/define.js';
import { type Between, openRoom, type Room, reset, unhurried } from './room.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 0, teaches: [] };
const hi = Buffer.from('hi');
const opened = () => ok({ Plaintext: hi.toString('base64') }, 'a-test');
const refusal = (name: string) => failed(new Fault(name, 'No.', 400), 'a-test');
const blob = Buffer.from('a blob');

/** Decrypt is answered by each of these in turn, and by the last for ever. */
const inTurn = (...answers: (() => ReturnType<typeof ok> | never)[]): Between => {
  const rest = [...answers];
  return async ({ operation, pass }) => {
    if (operation !== 'Decrypt') return await pass();
    const next = rest.length > 1 ? rest.shift() : rest[0];
    return next?.() ?? (await pass());
  };
};

describe('a claim about a change', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  const stepOf = (run: (context: StepContext) => Promise<unknown>) =>
    Lab.define('soon', facts).step('Wait', 'why', async (context) => void (await run(context)));
  const decrypt = (kms: StepContext['kms']) => () => kms.decrypt({ CiphertextBlob: blob });
  const disabled = stepOf(({ verify, kms }) => verify.soon.refused('it refuses', decrypt(kms), 'DisabledException'));
  const granted = stepOf(async ({ verify, kms }) => {
    const answer = await verify.soon.allowed('it is allowed', decrypt(kms));
    verify.equal('its answer', Buffer.from(answer?.Plaintext ?? []).toString(), 'hi');
  });
  const opens = stepOf(({ verify, kms }) => verify.soon.opens('it opens', decrypt(kms), hi));

  it('holds as soon as KMS knows of it, and shows the learner only the call that tells', async () => {
    const waits: number[] = [];
    const told = await room.run(disabled, {
      between: inTurn(opened, opened, () => refusal('DisabledException')),
      time: unhurried((ms) => waits.push(ms)),
    });
    expect(told.claims('passed')).toEqual(['it refuses']);
    expect(told.end.calls).toBe(3);
    expect(told.of('command')).toHaveLength(1);
    expect(told.of('wait').map(({ what }) => what)).toEqual(['it refuses', 'it refuses']);
    expect(waits[1]).toBeGreaterThan(100);
  });

  it('fails when the deadline passes, with what came last', async () => {
    const told = await room.run(disabled, { between: inTurn(opened) });
    expect(told.of('claim')).toMatchObject([
      { outcome: 'failed', expected: 'DisabledException', got: 'the call succeeded' },
    ]);
    expect(told.end.calls).toBeGreaterThan(3);
  });

  it('is given the deadline once: a server that let it pass in vain does something else, and is asked less long', async () => {
    const told = await room.run(
      stepOf(async ({ verify, kms }) => {
        for (const claim of ['one', 'another']) await verify.soon.refused(claim, decrypt(kms), 'DisabledException');
      }),
      { between: inTurn(opened) },
    );
    expect(told.claims('failed')).toEqual(['one', 'another']);
    const waited = (claim: string) => Math.max(...told.of('wait').map((w) => (w.what === claim ? w.elapsedMs : 0)));
    expect(waited('one')).toBeGreaterThan(5_000);
    expect(waited('another')).toBeLessThan(1_500);
  });

  it('is given five minutes on AWS', async () => {
    const told = await room.run(disabled, { between: inTurn(opened), kind: 'aws' });
    expect(told.claims('failed')).toEqual(['it refuses']);
    const waited = Math.max(...told.of('wait').map(({ elapsedMs }) => elapsedMs));
    expect(waited).toBeGreaterThan(4 * 60_000);
    expect(waited).toBeLessThan(5.5 * 60_000);
  });

  it.each([
    ['allowed', granted, ['it is allowed', 'its answer']],
    ['opened', opens, ['it opens']],
  ])('waits out that something is not %s yet', async (_what, lab, claims) => {
    const told = await room.run(lab, { between: inTurn(() => refusal('AccessDeniedException'), opened) });
    expect(told.claims('passed')).toEqual(claims);
  });

  it('fails when it stays denied what it says is allowed', async () => {
    const told = await room.run(granted, { between: inTurn(() => refusal('AccessDeniedException')) });
    expect(told.of('claim')[0]).toMatchObject({ outcome: 'failed', got: 'AccessDeniedException' });
  });

  it('proves nothing when it stays denied and says something else: the lab ends', async () => {
    const told = await room.run(opens, { between: inTurn(() => refusal('AccessDeniedException')) });
    expect(told.error).toMatchObject({ kind: 'denied' });
    expect(told.of('claim')).toEqual([]);
  });

  it('does not wait when the network is gone', async () => {
    const told = await room.run(opens, {
      between: inTurn(() => {
        throw reset();
      }),
    });
    expect(told.error).toMatchObject({ kind: 'unreachable' });
    expect(told.of('wait')).toEqual([]);
  });

  it('ends with Ctrl-C', async () => {
    const stop = new AbortController();
    const told = await room.run(disabled, {
      between: inTurn(opened),
      signal: stop.signal,
      time: unhurried(() => stop.abort(new LabError('interrupted', 'interrupted by SIGINT'))),
    });
    expect(told.error).toMatchObject({ kind: 'interrupted' });
  });

  it('may be about anything', async () => {
    let looks = 0;
    const lab = stepOf(async ({ verify }) => {
      await verify.soon.equal('the third', async () => ++looks, 3);
      await verify.soon.that('the fifth', async () => ({ holds: ++looks === 5, expected: '5', got: `${looks}` }));
      await verify.soon.equal('never', async () => 'this', 'that');
    });
    const told = await room.run(lab);
    expect([told.claims('passed'), told.claims('failed')]).toEqual([['the third', 'the fifth'], ['never']]);
  });

  describe('until', () => {
    it('gives the answer that was awaited, and claims nothing', async () => {
      let looks = 0;
      const lab = stepOf(async ({ until, note }) =>
        note(
          `${await until(
            'the fourth',
            async () => ++looks,
            (n) => n === 4,
          )}`,
        ),
      );
      const told = await room.run(lab);
      expect(told.of('note').map(({ text }) => text)).toEqual(['4']);
      expect(told.of('claim')).toEqual([]);
      expect(told.of('wait')).toHaveLength(3);
    });

    it('ends the lab when it never comes: KMS is as good as unreachable', async () => {
      const told = await room.run(
        stepOf(({ until }) =>
          until(
            'Godot',
            async () => 'a boy',
            (who) => who === 'Godot',
          ),
        ),
      );
      expect(told.error).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('in vain: Godot') });
    });
  });
});
