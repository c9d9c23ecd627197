import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import type { WireResponse } from '../../src/emulator/wire/message.js';
import type { Lab } from '../../src/lab/define.js';
import { flagOf } from '../../src/lab/options.js';
import { kmsAt } from '../cleanup/lab-keys.js';
import { type Ended, eventsOf, type Running, run, scratch, start } from '../support/program.js';
import { served } from '../support/served.js';
import { filesLeft, leftIn, strangers } from './left.js';
import { optionsFor, tellingCalls } from './scene.js';

/** What happens to the program while its call waits for an answer. */
interface Meeting {
  program: Running;
  honest(): Promise<WireResponse>;
}

interface Signal {
  at(meeting: Meeting): Promise<WireResponse>;
  /** What the program's end must look like. */
  ends(ended: Ended, lab: Lab): void;
}

const killed = ({ code, signal }: Ended) => expect([code, signal]).toEqual([null, 'SIGKILL']);
const hearing = 'finishing the call in flight';

/** Real signals, which end a real process. */
const signals: Readonly<Record<string, Signal>> = {
  'Ctrl-C': {
    async at({ program, honest }) {
      program.child.kill('SIGINT');
      await program.says('stderr', hearing);
      return await honest();
    },
    ends({ code, stdout, stderr }, lab) {
      expect(code, stderr).toBe(130);
      expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'run:end', error: { kind: 'interrupted' } });
      expect(stderr).toMatch(
        new RegExp(`\nkms-lab: error: ${lab.facts.number}\\.\\d+ .+\nkms-lab: hint: .*kms-lab cleanup`),
      );
    },
  },
  'Ctrl-C twice': {
    async at({ program, honest }) {
      program.child.kill('SIGINT');
      await program.says('stderr', hearing);
      program.child.kill('SIGINT');
      await program.ended;
      return await honest();
    },
    ends: ({ code, signal }) => expect([code, signal]).toEqual([null, 'SIGINT']),
  },
  'kill -9 before the change was applied': {
    async at({ program }) {
      program.child.kill('SIGKILL');
      await program.ended;
      return { status: 503, headers: {}, body: '' }; // nobody hears it
    },
    ends: killed,
  },
  'kill -9 after the change was applied': {
    async at({ program, honest }) {
      const answer = await honest();
      program.child.kill('SIGKILL');
      await program.ended;
      return answer;
    },
    ends: killed,
  },
};

/** A world behind HTTP with strangers' keys in it, and a folder in which the program runs. */
async function world(
  lab: Lab,
  meets: (at: number, honest: () => Promise<WireResponse>) => Promise<WireResponse | undefined>,
) {
  let calls = 0;
  const there = await served(async (_operation, _request, honest) => await meets(++calls, honest));
  const kmsIn = (region: string) => kmsAt(there, region);
  const others = await strangers(kmsIn('us-east-1'));
  const cwd = scratch();
  const temporary = join(cwd, 'tmp');
  mkdirSync(temporary);
  const options = Object.entries(optionsFor(lab, cwd)).flatMap(([name, value]) => [flagOf(name), String(value)]);
  const env = { ...there.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  return {
    asked: there.asked,
    begin: () => start([lab.id, '--json', ...options], { cwd, env }),
    cleanUp: () => run(['cleanup', '--yes'], { cwd, env }),
    left: async () => [...(await leftIn(kmsIn, others)), ...filesLeft(cwd), ...readdirSync(temporary)],
  };
}

/** What the program asks for when nothing goes wrong; calls of STS belong to no step. */
async function tellingOf(lab: Lab): Promise<number[]> {
  const { asked, begin } = await world(lab, async () => undefined);
  const { code, stderr } = await begin().ended;
  if (code !== 0) throw new Error(`${lab.id} is not proven: ${stderr}`);
  return tellingCalls(asked).filter((k) => asked[k - 1] !== 'sts');
}

/** Every n-th, so that each signal meets calls of its own, and all of them meet the lab from its first to its last. */
const share = (calls: readonly number[], n: number, of: number) =>
  calls
    .filter((_, at) => at % of === n)
    .filter((_, at, all) => at === 0 || at === Math.floor(all.length / 2) || at === all.length - 1);

const names = Object.keys(signals);

describe.skipIf(process.platform === 'win32').each(labs.map((lab) => [lab.id, lab] as const))('%s', (_id, lab) => {
  let telling: Promise<number[]> | undefined;

  it.each(names)('a process that meets %s', async (name) => {
    telling ??= tellingOf(lab);
    const { at, ends } = signals[name] as Signal;
    const calls = share(await telling, names.indexOf(name), names.length);
    let reached = 0;
    for (const k of calls) {
      let program: Running | undefined;
      let met: Promise<WireResponse> | undefined;
      const there = await world(lab, async (call, honest) => {
        if (call === k && program) met = at({ program, honest });
        return call === k ? await met : undefined;
      });
      program = there.begin();
      const ended = await program.ended;
      if (!met) {
        // A lab that asks until something has come about asks once more or less: it made fewer calls this time.
        expect(ended).toMatchObject({ code: 0 });
        continue;
      }
      reached++;
      ends(ended, lab);
      await met; // what was in flight is done, or never will be
      const cleaned = await there.cleanUp();
      expect(cleaned, `cleanup after call ${k}`).toMatchObject({ code: 0, stderr: '' });
      expect(await there.left(), `call ${k}`).toEqual([]);
    }
    expect(reached).toBeGreaterThan(0);
  });
});
