import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import rotation from '../../labs/rotation/lab.js';
import symmetric from '../../labs/symmetric/lab.js';
import { LabError } from '../../src/errors.js';
import type { Choice, Guide } from '../../src/lab/course.js';
import { Lab } from '../../src/lab/define.js';
import { openRoom, type Room, unhurried } from './room.js';

/** Somebody who says what is written here, by step ("1.2") or by the call ("encrypt"), and `go` to all else. */
function scripted(says: Record<string, Choice> = {}): Guide & { asked: string[] } {
  const asked: string[] = [];
  const once = { ...says };
  const say = (what: string): Choice => {
    const choice = once[what] ?? 'go';
    delete once[what];
    return choice;
  };
  return {
    asked,
    async step({ step, title }) {
      asked.push(`${step} ${title}`);
      return say(step);
    },
    async call(line) {
      asked.push(line);
      return say(/^aws \w+ ([a-z-]+)/.exec(line)?.[1] ?? line);
    },
  };
}

describe('a guided run', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('stops before each step and then before each of its calls; the call shown is the call made', async () => {
    const guide = scripted();
    const told = await room.run(symmetric, { guide });
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 8, skipped: 0 } });
    expect(guide.asked.filter((line) => /^\d/.test(line))).toEqual(
      symmetric.steps.map(({ title }, at) => `${symmetric.stepId(at)} ${title}`),
    );
    // A stop with a line, and then the call: nothing between them.
    const { events } = told;
    const stops = events.flatMap((event, at) =>
      event.type === 'stop' && event.line ? [[event.line, at] as const] : [],
    );
    expect(stops.length).toBeGreaterThan(15);
    for (const [line, at] of stops) {
      const next = events[at + 1];
      expect(next).toMatchObject({ type: 'call' });
      if (next?.type === 'call') expect(kebab(next.operation)).toBe(/^aws kms ([a-z-]+)/.exec(line)?.[1]);
    }
    // What is pasted afterwards says the same, with variables and files for what came of it.
    const [, create = ''] = told.of('command').map(({ line }) => line);
    const [shown = ''] = guide.asked.filter((line) => line.startsWith('aws kms create-key'));
    expect(create).toContain(/^.*kms-lab:alias,TagValue=\S+/.exec(shown)?.[0]);
    expect(guide.asked).toContain(
      `aws kms create-alias --alias-name alias/kms-lab-symmetric-key --target-key-id ${told.end.keys[0]?.keyId} --region us-east-1 --endpoint-url http://127.0.0.1:4599`,
    );
  });

  it('sends nothing before it is told to', async () => {
    const asked: number[] = [];
    const step: Guide['step'] = async () => {
      asked.push(room.asked.length);
      return 'skip';
    };
    await room.run(symmetric, { guide: { ...scripted(), step } });
    expect(asked).toEqual(symmetric.steps.map(() => 0));
  });

  it('leaves a step out, and those that need it with that reason; the others are proven', async () => {
    const told = await room.run(symmetric, { guide: scripted({ '1.5': 'skip' }) });
    expect(told.steps('skipped')).toEqual(['1.5', '1.8']);
    expect(told.of('step:end').flatMap(({ reason }) => reason ?? [])).toEqual([
      'you left it out',
      'it needs a step that you left out',
    ]);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 6, failed: 0, skipped: 2 } });
  });

  it('leaves a step out at one of its calls: that call is not made, nor another of the step', async () => {
    const told = await room.run(symmetric, { guide: scripted({ 're-encrypt': 'skip' }) });
    expect(told.steps('skipped')).toEqual(['1.8']);
    expect(room.asked).not.toContain('ReEncrypt');
    expect(told.of('call').filter(({ step }) => step === '1.8')).toEqual([]);
  });

  it('lets a step that is left out in its middle tidy up, without asking', async () => {
    let at = '';
    const guide: Guide = {
      async step({ step }) {
        at = step;
        return 'go';
      },
      call: async (line) => (at === '3.8' && line.includes('enable-key-rotation') ? 'skip' : 'go'),
    };
    const told = await room.run(rotation, { guide });
    expect(told.steps('skipped')).toEqual(['3.8']);
    expect(told.of('call').flatMap(({ step, operation }) => (step === '3.8' ? [operation] : []))).toEqual([
      'CreateKey',
      'ScheduleKeyDeletion',
    ]);
  });

  it('goes through a step without stopping at its calls when told so, and stops again before the next', async () => {
    const guide = scripted({ '1.1': 'through', '1.2': 'skip', '1.3': 'quit' });
    await room.run(symmetric, { guide });
    expect(guide.asked).toEqual([
      '1.1 Create a symmetric key',
      '1.2 Encrypt a file',
      '1.3 Decrypt without naming the key',
    ]);
  });

  it('ends where the person ends it: what was proven stays so, the rest is skipped, and what exists is told', async () => {
    const told = await room.run(symmetric, { guide: scripted({ '1.3': 'quit' }) });
    expect([told.over, told.error]).toEqual([true, undefined]);
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 2, skipped: 6 },
      keys: [{ made: true, alias: 'alias/kms-lab-symmetric-key' }],
    });
    expect(told.of('step:end').map(({ reason }) => reason)).toEqual([
      undefined,
      undefined,
      'you ended the run here',
      ...Array(5).fill('you ended the run before it'),
    ]);
  });

  it('by Ctrl-C at a question ends as any run does', async () => {
    const guide: Guide = {
      step: async () => 'go',
      call: async () => {
        throw new LabError('interrupted', 'interrupted by SIGINT');
      },
    };
    const told = await room.run(symmetric, { guide });
    expect(told.error).toMatchObject({ kind: 'interrupted' });
    expect(told.steps('skipped')).toHaveLength(7);
    expect(room.asked).toEqual([]);
  });

  const facts = { number: 9, title: 'A lab', minutes: 1, keys: 0, teaches: [] };

  it('asks once about a call that is made again and again, as while waiting', async () => {
    let looks = 0;
    const lab = Lab.define('waiting', facts).step('Wait', 'why', async ({ kms, until }) => {
      await until(
        'the third look',
        () => kms.listKeys({}),
        () => ++looks === 3,
      );
    });
    const guide = scripted();
    await room.run(lab, { guide });
    expect([looks, guide.asked.length]).toEqual([3, 2]);
  });

  it('asks about calls at the same time in turn; left out at the first, the second is not made either', async () => {
    const lab = Lab.define('both', facts).step('Both', 'why', async ({ kms }) => {
      await Promise.all([kms.listKeys({}), kms.listAliases({})]);
    });
    const guide = scripted({ 'list-keys': 'skip' });
    const told = await room.run(lab, { guide });
    expect([guide.asked.length, room.asked, told.steps('skipped')]).toEqual([2, [], ['9.1']]);
  });

  it('does not count the time that a person takes: KMS has its own', async () => {
    const time = unhurried();
    let looks = 0;
    const lab = Lab.define('slow', facts).step('Wait', 'why', async ({ kms, verify }) => {
      const look = async () => {
        await kms.listKeys({});
        return ++looks;
      };
      await verify.soon.equal('the second look', look, 2);
    });
    const thinking = async () => {
      await time.sleep(3_600_000);
      return 'go' as const;
    };
    const told = await room.run(lab, { time, guide: { step: thinking, call: thinking } });
    expect(told.claims('passed')).toEqual(['the second look']);
  });

  it('keeps a failure that came before the step was left out', async () => {
    const lab = Lab.define('failing', facts).step('Fail', 'why', async ({ kms, verify }) => {
      verify.equal('one', 1, 2);
      await kms.listKeys({});
    });
    const told = await room.run(lab, { guide: scripted({ 'list-keys': 'skip' }) });
    expect([told.end.outcome, told.steps('failed'), told.error]).toEqual(['failed', ['9.1'], undefined]);
  });
});

describe('a run up to a step', () => {
  it('ends after it, and says of the others why they were not run', async () => {
    const room = await openRoom();
    try {
      const told = await room.run(symmetric, { until: { index: 2, step: '1.3' } });
      expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 3, skipped: 5 } });
      expect(told.of('step:end').at(-1)).toMatchObject({ step: '1.8', reason: 'the run was to end after 1.3' });
      expect(told.over).toBeUndefined();
    } finally {
      await room.close();
    }
  });
});

/** "ReEncrypt" → "re-encrypt". */
const kebab = (operation: string) => operation.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
