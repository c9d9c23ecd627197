import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../src/errors.js';
import { findLearnerFolders, removeLearnerFiles } from '../../src/files/remove-files.js';
import type { Lab } from '../../src/lab/define.js';
import { sweeping } from '../cleanup/sweeping.js';
import { openRoom, type Room, type Told } from '../lab/room.js';
import { atCall, faults } from './faults.js';
import { filesLeft, leftIn, regions, strangers } from './left.js';

/** A lab that can work on a file of the learner's gets a small one: samples are large. */
export function optionsFor(lab: Lab, cwd: string): Record<string, unknown> {
  if (!('file' in lab.options)) return {};
  const file = join(cwd, 'mine.bin');
  writeFileSync(file, Buffer.alloc(300_000, 'mine'));
  return { file };
}

/** One run of a lab that meets a fault, and the cleanup behind it. */
export interface Scene {
  /** How the lab ended; undefined: it was killed. */
  told: Told | undefined;
  /** What is left of the lab, and what became of others' keys: nothing should be told here. */
  left: string[];
  /** Whether the lab made so many calls. */
  met: boolean;
}

async function world() {
  const room = await openRoom();
  return { room, others: await strangers(room.kms) };
}

const known = new Map<Lab, Promise<string[]>>();

/** The calls that a lab makes when nothing goes wrong: their operations, those of STS without a name. */
export function callsOf(lab: Lab): Promise<string[]> {
  const calls = known.get(lab) ?? undisturbed(lab);
  known.set(lab, calls);
  return calls;
}

async function undisturbed(lab: Lab): Promise<string[]> {
  const { room } = await world();
  try {
    const told = await room.run(lab, { options: optionsFor(lab, room.cwd) });
    if (told.end.outcome !== 'passed') throw new Error(`${lab.id} is not proven: ${told.error?.message}`);
    return [...room.asked];
  } finally {
    await room.close();
  }
}

const changes =
  /^(?:Create|Replicate|Update|Rotate|Schedule|Cancel|Enable|Disable|Put|Tag|Untag|Delete|Revoke|Retire|Import)/;

/** Numbers (from 1) of the calls that change something, and of each operation's first. */
export const tellingCalls = (asked: readonly string[]): number[] =>
  asked.flatMap((name, at) => (changes.test(name) || asked.indexOf(name) === at ? [at + 1] : []));

/** Run a lab whose call number `k` meets a fault, then clean up as `kms-lab cleanup` does, and look at what is left. */
export async function scene(lab: Lab, k: number, name: keyof typeof faults, { cleanup = true } = {}): Promise<Scene> {
  const fault = faults[name];
  if (!fault) throw new Error(`no fault is called "${name}"`);
  const { room, others } = await world();
  const stop = new AbortController();
  const death = mortality();
  try {
    const interrupt = () => stop.abort(new LabError('interrupted', 'interrupted by SIGINT'));
    const { between, met } = atCall(k, fault, { interrupt, kill: death.kill });
    const run = room.run(lab, { between, signal: stop.signal, options: optionsFor(lab, room.cwd) });
    const told = await Promise.race([run, death.came]);
    if (cleanup) await cleanUp(room);
    const left = [...(await leftIn(room.kmsIn, others)), ...filesLeft(room.cwd)];
    const reached = met();
    // What was killed has files open; it may end now.
    stop.abort();
    death.over();
    await run;
    return { told, left, met: reached };
  } finally {
    await room.close();
  }
}

/** A run that is killed waits for an answer, and does nothing more, until all is over. */
function mortality() {
  let tell = () => {};
  let over = () => {};
  const came = new Promise<undefined>((resolve) => {
    tell = () => resolve(undefined);
  });
  const answer = new Promise<never>((_resolve, reject) => {
    over = () => reject(new Error('killed'));
  });
  answer.catch(() => {}); // mostly nobody waits for it
  const kill = () => {
    tell();
    return answer;
  };
  return { came, kill, over };
}

async function cleanUp(room: Room): Promise<void> {
  const sweep = await sweeping(room, 'remove', regions);
  await sweep.apply();
  sweep.close();
  for (const folder of findLearnerFolders(room.cwd)) removeLearnerFiles(folder);
}
