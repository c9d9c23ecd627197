import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findLearnerFolders, removeLearnerFiles } from '../../src/files/remove-files.js';
import type { Lab } from '../../src/lab/define.js';
import { sweeping } from '../cleanup/sweeping.js';
import { openRoom, type Room, region, type Told } from '../lab/room.js';
import { atCall, faults } from './faults.js';

const regions = [region, 'us-west-2'];
const kept = 'alias/kms-lab-not-ours';

/** A lab that can work on a file of the learner's gets a small one: samples are large. */
function optionsFor(lab: Lab, cwd: string): Record<string, unknown> {
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
}

async function world() {
  const room = await openRoom();
  // Keys that are nobody's business: one without tags, one that bears a name like ours.
  const foreign: string[] = [];
  for (const Description of ['of somebody', 'of somebody else']) {
    const { KeyMetadata } = await room.kms.createKey({ Description });
    foreign.push(KeyMetadata?.KeyId as string);
  }
  await room.kms.createAlias({ AliasName: kept, TargetKeyId: foreign[0] as string });
  return { room, foreign };
}

/** How many calls a lab makes when nothing goes wrong. */
export async function callsOf(lab: Lab): Promise<string[]> {
  const { room } = await world();
  try {
    const told = await room.run(lab, { options: optionsFor(lab, room.cwd) });
    if (told.end.outcome !== 'passed') throw new Error(`${lab.id} is not proven: ${told.error?.message}`);
    return [...room.asked];
  } finally {
    await room.close();
  }
}

/** Run a lab whose call number `k` meets a fault, then clean up as `kms-lab cleanup` does, and look at what is left. */
export async function scene(lab: Lab, k: number, name: keyof typeof faults, { cleanup = true } = {}): Promise<Scene> {
  const fault = faults[name];
  if (!fault) throw new Error(`no fault is called "${name}"`);
  const { room, foreign } = await world();
  try {
    const stop = new AbortController();
    let killed = () => {};
    const dead = new Promise<undefined>((resolve) => {
      killed = () => resolve(undefined);
    });
    const kill = () => {
      killed();
      return new Promise<never>(() => {});
    };
    const between = atCall(k, fault, { interrupt: () => stop.abort(), kill });
    const run = room.run(lab, { between, signal: stop.signal, options: optionsFor(lab, room.cwd) });
    const told = await Promise.race([run, dead]);
    if (cleanup) await cleanUp(room);
    return { told, left: [...(await leftIn(room, foreign)), ...filesLeft(room.cwd)] };
  } finally {
    await room.close();
  }
}

async function cleanUp(room: Room): Promise<void> {
  const sweep = await sweeping(room, 'remove', regions);
  await sweep.apply();
  sweep.close();
  for (const folder of findLearnerFolders(room.cwd)) removeLearnerFiles(folder);
}

/** Keys of the lab that still cost, aliases of the lab, and what became of others' keys. */
async function leftIn(room: Room, foreign: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const at of regions) {
    const kms = room.kmsIn(at);
    for (const { KeyId } of (await kms.listKeys({ Limit: 1000 })).Keys ?? []) {
      const { KeyMetadata: key } = await kms.describeKey({ KeyId });
      if (foreign.includes(KeyId as string)) {
        if (key?.KeyState !== 'Enabled') left.push(`somebody's key is ${key?.KeyState}`);
      } else if (!key?.KeyState?.startsWith('Pending')) left.push(`${at}: a key is ${key?.KeyState}`);
    }
    for (const { AliasName } of (await kms.listAliases({})).Aliases ?? []) {
      if (AliasName !== kept && !AliasName?.startsWith('alias/aws/')) left.push(`${at}: ${AliasName}`);
    }
  }
  const { KeyMetadata } = await room.kms.describeKey({ KeyId: kept });
  if (KeyMetadata?.KeyId !== foreign[0]) left.push('somebody’s alias leads elsewhere');
  return left;
}

function filesLeft(cwd: string): string[] {
  const folder = join(cwd, 'kms-lab-files');
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
}
