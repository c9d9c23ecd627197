import { existsSync, statSync } from 'node:fs';
import { stateFile } from '../../emulator/store/lmdb.js';
import { openUpkeep, type Upkeep } from '../../emulator/upkeep/upkeep.js';
import { LabError } from '../../errors.js';
import { stateFolder } from '../../target/state.js';

/** The folder of a kept state, which may not be there yet. Throws LabError (usage) for one in memory and for what is no folder. */
export function keptFolder(option: string | undefined): string {
  const folder = stateFolder(option, process.env);
  if (folder !== 'memory') return mustBeFolder(folder);
  throw new LabError('usage', 'a state in memory belongs to its process alone: there is nothing here to look after', {
    hint: 'name a folder with --state (or KMS_LAB_STATE)',
  });
}

function mustBeFolder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true) return path;
  throw new LabError('usage', `the embedded KMS is kept in a folder, and ${path} is none`, {
    hint: 'name its folder with --state (or KMS_LAB_STATE)',
  });
}

export const isThere = (folder: string) => existsSync(stateFile(folder));

/** Work on the state in a folder, and close it whatever happens. */
export async function withUpkeep<Result>(
  folder: string,
  work: (upkeep: Upkeep) => Result | Promise<Result>,
): Promise<Result> {
  const upkeep = await openUpkeep(folder);
  try {
    return await work(upkeep);
  } finally {
    await upkeep.close();
  }
}
