import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import symmetric from '../../labs/symmetric/lab.js';
import { Fault } from '../../src/emulator/fault.js';
import { failed } from '../../src/emulator/wire/protocol.js';
import { LabError, noAwsError } from '../../src/errors.js';
import { Lab } from '../../src/lab/define.js';
import type { LabEvent } from '../../src/lab/events.js';
import { runLab } from '../../src/lab/run.js';
import { at, type Between, openRoom, type Room, reset } from './room.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 0, teaches: [] };
const all = symmetric.stepIds;
const refusal = (name: string, status = 400) =>
  failed(new Fault(name, `${name} as told by the test`, status), 'a-test');

/** Let everything pass up to and with the `nth` call of an operation; then refuse all. */
const refuseAllAfter = (operation: string, nth: number, answer: () => ReturnType<Between>): Between => {
  let seen = 0;
  return async (passing) => {
    if (seen >= nth) return await answer();
    if (passing.operation === operation) seen++;
    return await passing.pass();
  };
};

describe('a run', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  describe('of symmetric when KMS refuses every call', () => {
    const refusals = [
      'InvalidCiphertextException',
      'ValidationException',
      'DisabledException',
      'UnsupportedOperationException',
    ];

    it.each(refusals)('after CreateAlias, with %s: no step passes', async (name) => {
      const told = await room.run(symmetric, {
        between: refuseAllAfter('CreateAlias', 1, async () => refusal(name)),
      });
      expect(told.claims('passed')).toEqual([]);
      expect([told.steps('failed'), told.steps('skipped')]).toEqual([['1.1'], all.slice(1)]);
      expect(told.of('claim')).toMatchObject([
        { claim: 'KMS answers every call of this step', got: `${name}: ${name} as told by the test` },
      ]);
    });

    it.each(refusals)('after the key was looked at, with %s: no further step passes', async (name) => {
      // The first DescribeKey asks whether the alias is taken.
      const told = await room.run(symmetric, {
        between: refuseAllAfter('DescribeKey', 2, async () => refusal(name)),
      });
      expect(told.steps('passed')).toEqual(['1.1']);
      expect([told.steps('failed'), told.steps('skipped')]).toEqual([
        ['1.2', '1.7'],
        ['1.3', '1.4', '1.5', '1.6', '1.8'],
      ]);
      expect(told.end.outcome).toBe('failed');
    });
  });

  it('fails, as by a claim, where a server that answered other calls has no answer to one', async () => {
    const told = await room.run(symmetric, { between: at('Encrypt', 2, async () => refusal(noAwsError, 500)) });
    expect(told.error).toBeUndefined();
    expect(told.of('claim').filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { step: '1.2', claim: 'KMS answers every call of this step', got: `${noAwsError} as told by the test` },
    ]);
    expect(told.end.outcome).toBe('failed');
  });

  describe('ends, naming the step, and skips the rest', () => {
    const endings: [string, string, Between][] = [
      ['the connection breaks', 'unreachable', at('Encrypt', 2, () => Promise.reject(reset()))],
      ['KMS fails', 'unreachable', at('Encrypt', 2, async () => refusal('KMSInternalException', 500))],
      ['the answer is not of a KMS', 'unreachable', at('Encrypt', 2, async () => html())],
      ['the caller may not encrypt', 'denied', at('Encrypt', 2, async () => refusal('AccessDeniedException'))],
      ['the credentials have expired', 'credentials', at('Encrypt', 2, async () => refusal('ExpiredTokenException'))],
      ['a quota is reached', 'quota', at('Encrypt', 2, async () => refusal('LimitExceededException'))],
    ];
    it.each(endings)('when %s: %s', async (_what, kind, between) => {
      const told = await room.run(symmetric, { between });
      expect(told.error).toBeInstanceOf(LabError);
      expect(told.error).toMatchObject({ kind, message: expect.stringMatching(/^1\.2 Encrypt a file: ./) });
      expect(told.claims('failed')).toEqual([]);
      expect([told.steps('failed'), told.steps('skipped')]).toEqual([['1.2'], all.slice(2)]);
      expect(told.end).toMatchObject({ outcome: 'failed', steps: { passed: 1, failed: 1, skipped: 6 } });
    });

    it.each([
      ['default', '`kms-lab iam symmetric`'],
      ['ann', '`kms-lab iam symmetric --namespace ann`'],
    ])('when denied in namespace %s: tells what prints the policy', async (namespace, line) => {
      const between = at('CreateKey', 1, async () => refusal('AccessDeniedException'));
      expect((await room.run(symmetric, { between, namespace })).error?.hint).toContain(line);
    });

    it('when the first call already meets a server without an answer: it may be no KMS at all', async () => {
      const told = await room.run(symmetric, { between: async () => refusal(noAwsError, 500) });
      expect(told.error).toMatchObject({ kind: 'unreachable', message: expect.stringMatching(/^1\.1 /) });
      expect(told.claims('failed')).toEqual([]);
    });

    it('when being denied looks like the refusal that a claim waits for', async () => {
      // 1.5 opens twice before it tries the wrong context.
      const told = await room.run(symmetric, {
        between: at('Decrypt', 4, async () => refusal('AccessDeniedException')),
      });
      expect(told.error).toMatchObject({ kind: 'denied', message: expect.stringContaining('1.5 ') });
      expect(told.steps('failed')).toEqual(['1.5']);
    });

    it('when a claim that waits for a refusal is throttled to the end: that is no refusal', async () => {
      // 1.5 opens twice before it tries the wrong context.
      let decrypts = 0;
      const told = await room.run(symmetric, {
        between: async ({ operation, pass }) =>
          operation === 'Decrypt' && ++decrypts > 3 ? refusal('ThrottlingException') : await pass(),
      });
      expect(told.error).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('1.5 ') });
      expect([told.claims('failed'), told.steps('failed')]).toEqual([[], ['1.5']]);
      expect(told.of('wait')[0]?.what).toContain('throttles Decrypt');
    });

    it('when there is no way to KMS at all: no step begins', async () => {
      const emitted: LabEvent[] = [];
      const { error, end } = await runLab(symmetric, {
        connection: {
          config: () => {
            throw new LabError('credentials', 'the profile is gone');
          },
          cli: {},
        },
        place: { kind: 'aws', label: 'AWS', region: 'us-east-1', account: '111122223333', identity: 'unknown' },
        ownership: { lab: 'symmetric', namespace: 'default', run: 'run-1', owner: 'unknown' },
        fresh: false,
        cwd: room.cwd,
        emit: (event) => emitted.push(event),
      });
      expect(error).toMatchObject({ kind: 'credentials', message: 'the profile is gone' });
      expect(end).toMatchObject({ outcome: 'failed', steps: { skipped: symmetric.steps.length } });
      expect(emitted.at(0)?.type).toBe('lab:start');
      expect(emitted.at(-1)).toBe(end);
    });

    it('when the lab itself is at fault: that is a bug, not a claim', async () => {
      const lab = Lab.define('faulty', facts)
        .step('Fall', 'why', async () => {
          throw new TypeError('undefined is not a function');
        })
        .step('Go on', 'why', async ({ verify }) => verify.equal('here', 1, 1));
      const told = await room.run(lab);
      expect(told.error).toMatchObject({ kind: 'bug', message: '9.1 Fall: undefined is not a function' });
      expect([told.steps('failed'), told.steps('skipped')]).toEqual([['9.1'], ['9.2']]);
    });
  });

  it('skips a step that needs what a failed step would have returned, and runs the others', async () => {
    const lab = Lab.define('chain', facts)
      .step('Good', 'why', async ({ verify }) => {
        verify.equal('good', 1, 1);
        return { good: 1 };
      })
      .step('Bad', 'why', async ({ verify }) => {
        verify.equal('bad', 2, 1);
        return { bad: 2 };
      })
      .step('Needs bad', 'why', async ({ verify, bad }) => verify.equal('never claimed', bad, 2))
      .step('Needs good', 'why', async ({ verify, good }) => verify.equal('still good', good, 1));
    const told = await room.run(lab);
    expect(told.of('step:end').map(({ outcome }) => outcome)).toEqual(['passed', 'failed', 'skipped', 'passed']);
    expect([told.claims('passed'), told.claims('failed')]).toEqual([['good', 'still good'], ['bad']]);
    expect(told.end).toMatchObject({ claims: { passed: 2, failed: 1 }, steps: { passed: 2, failed: 1, skipped: 1 } });
    expect(told.error).toBeUndefined();
  });

  it('adopts the key whose CreateKey lost its answer: exactly one bears the tag of the run', async () => {
    const told = await room.run(symmetric, {
      run: 'run-lost',
      maxAttempts: 3,
      between: at('CreateKey', 1, async ({ pass }) => {
        await pass();
        throw reset();
      }),
    });
    expect(told.end).toMatchObject({ outcome: 'passed', keys: [{ made: true }] });
    const { Keys } = await room.kms.listKeys({});
    const tags = await Promise.all((Keys ?? []).map(({ KeyId }) => room.kms.listResourceTags({ KeyId })));
    const runs = tags.map(({ Tags }) => Tags?.find(({ TagKey }) => TagKey === 'kms-lab:run')?.TagValue);
    expect(runs).toEqual(['run-lost']);
  });
});

const html = () => ({
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html>It works!</html>',
});
