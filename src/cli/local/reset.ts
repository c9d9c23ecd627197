import type { Contents } from '../../emulator/upkeep/upkeep.js';
import { LabError } from '../../errors.js';
import { many } from '../../report/age.js';
import { canAsk, confirm } from '../confirm.js';
import type { ConfirmedOptions } from '../local.js';
import { isThere, keptFolder, withUpkeep } from './state.js';
import { print, printJson, spanWords } from './words.js';

/** Say what is there, ask, and remove it. */
export async function reset({ state, yes, json }: ConfirmedOptions): Promise<void> {
  const folder = keptFolder(state);
  if (!isThere(folder)) {
    tell(json, folder, { keys: 0, events: 0 }, `There is no state in ${folder}: nothing to remove.`);
    return;
  }
  await withUpkeep(folder, async (upkeep) => {
    const contents = upkeep.contents();
    const keys = keyCount(contents);
    const what = `${many(keys, 'key')} and their aliases, ${many(contents.events, 'audit event')}, all sessions`;
    const clock = contents.ahead > 0 ? `; its clock goes back by ${spanWords(contents.ahead)}` : '';
    if (!json) print(`This removes from ${folder}: ${what}${clock}.`);
    if (!yes) await agree(folder);
    upkeep.reset();
    tell(json, folder, { keys, events: contents.events }, 'The embedded KMS is empty.');
  });
}

const keyCount = ({ keys }: Contents) =>
  keys.flatMap(({ states }) => Object.values(states)).reduce((total, count) => total + count, 0);

async function agree(folder: string): Promise<void> {
  if (canAsk()) return await confirm("This can't be undone. Go ahead?");
  throw new LabError('guard', `removing everything from ${folder} needs a confirmation: nothing was done`, {
    hint: 'add --yes',
  });
}

function tell(json: boolean | undefined, state: string, removed: { keys: number; events: number }, line: string): void {
  if (json) printJson({ type: 'local:reset', state, keys: removed.keys, auditEvents: removed.events });
  else print(line);
}
