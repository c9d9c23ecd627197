import type { Permission } from '../../src/cli/iam/permissions.js';
import { policyFor } from '../../src/cli/iam/policy.js';
import type { LocalEmulator } from '../../src/emulator/emulator.js';
import { permissionsOf } from './calls.js';
import type { Script } from './scripts.js';
import { openStage, type Stage } from './stage.js';

const keyOf = ({ action, on }: Permission) => `${on} ${action}`;

/** Each alias is named: the permission on one must not stand in for that on another. */
const policyOf = (permissions: readonly Permission[], { namespace }: Script) =>
  policyFor(permissions, { partition: 'aws', namespace });

/** Let a script begin in the world of a stage, as an administrator. */
export async function begin(stage: Stage, { what, before }: Script): Promise<void> {
  for (const act of before) {
    const why = await stage.play(act, { on: stage.emulator });
    if (why !== undefined) throw new Error(`before ${what}: ${why}`);
  }
}

/** What came of a script: why it stopped, and the permissions that its calls ask for, needed or not. */
export interface Played {
  why: string | undefined;
  asked: Permission[];
  /** By act, the permissions that it asks for. */
  acts: ReadonlySet<string>[];
}

/** Play a script in the world of a stage, up to an act that fails. */
export async function playAll(stage: Stage, script: Script, as?: string): Promise<Played> {
  const asked = new Map<string, Permission>();
  const acts: Set<string>[] = [];
  for (const act of script.acts) {
    const inAct = new Set<string>();
    acts.push(inAct);
    const why = await stage.play(act, {
      ...(as !== undefined && { as }),
      on: stage.emulator,
      observe(call) {
        for (const permission of permissionsOf(call, script.namespace)) {
          asked.set(keyOf(permission), permission);
          inAct.add(keyOf(permission));
        }
      },
    });
    if (why !== undefined) return { why: `act ${acts.length}: ${why}`, asked: [...asked.values()], acts };
  }
  return { why: undefined, asked: [...asked.values()], acts };
}

/** What the calls of a script ask for when an administrator makes them. */
async function askedIn(script: Script): Promise<Played> {
  const stage = await openStage();
  try {
    await begin(stage, script);
    const played = await playAll(stage, script);
    if (played.why !== undefined) throw new Error(`${script.what}, as an administrator: ${played.why}`);
    return played;
  } finally {
    await stage.close();
  }
}

/** The permissions without which a script does not come about: each is taken away in turn. */
export async function neededBy(script: Script): Promise<Permission[]> {
  const { asked, acts } = await askedIn(script);
  const without = asked.map((one, at) => [
    `without${at}`,
    policyOf(
      asked.filter((each) => each !== one),
      script,
    ),
  ]);
  const stage = await openStage({ all: policyOf(asked, script), ...Object.fromEntries(without) });
  const worlds: LocalEmulator[] = [];
  try {
    await begin(stage, script);
    for (const act of script.acts) {
      worlds.push(stage.emulator.copy());
      const why = await stage.play(act, { on: stage.emulator, as: 'all' });
      if (why !== undefined) throw new Error(`${script.what}, with all that it asks for: ${why}`);
    }
    const needed: Permission[] = [];
    for (const [at, permission] of asked.entries()) {
      const those = [...script.acts.keys()].filter((act) => acts[act]?.has(keyOf(permission)));
      if (await fails(stage, script, worlds, those, `without${at}`)) needed.push(permission);
    }
    return needed;
  } finally {
    for (const world of worlds) await world.close();
    await stage.close();
  }
}

/** Whether one of these acts fails for who signs as `as`, each in a world in which those before it went well. */
async function fails(stage: Stage, { acts }: Script, worlds: LocalEmulator[], at: number[], as: string) {
  for (const act of at) {
    const [world, doing] = [worlds[act]?.copy(), acts[act]];
    if (!world || !doing) throw new Error(`there is no act ${act}`);
    try {
      if ((await stage.play(doing, { on: world, as })) !== undefined) return true;
    } finally {
      await world.close();
    }
  }
  return false;
}

/** The lines of a script in `labs/permissions.txt`. */
export function linesOf({ what }: Script, needed: readonly Permission[]): string[] {
  const actions = (on: string) => needed.filter((each) => each.on === on).map(({ action }) => action);
  const ons = [...new Set(needed.map(({ on }) => on))].sort();
  return ons.map((on) => `${what} ${[on, ...actions(on).sort()].join(' ')}`);
}
