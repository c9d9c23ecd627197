import type { Happening } from '../../emulator/upkeep/upkeep.js';
import { LabError } from '../../errors.js';
import { canAsk, confirm } from '../confirm.js';
import type { ConfirmedOptions } from '../local.js';
import { keptFolder, withUpkeep } from './state.js';
import { happeningJson, happeningLines, instant, loses, print, printJson, spanWords, sum } from './words.js';

/** Say what moving the clock on by `ms` causes, ask where something would be lost, and do it. */
export async function advance(ms: number, { state, yes, json }: ConfirmedOptions): Promise<void> {
  await withUpkeep(keptFolder(state), async (upkeep) => {
    if (!upkeep.reaches(ms)) {
      throw new LabError('usage', "the clock of the embedded KMS can't be moved beyond the year 9999", {
        hint: '`kms-lab local reset` sets it back, and removes everything',
      });
    }
    const from = upkeep.now;
    const foreseen = upkeep.foresee(ms);
    tellForeseen(ms, from, foreseen, json === true);
    const lost = foreseen.filter(loses);
    if (lost.length > 0 && !yes) await agree(lost);
    const happened = upkeep.advance(ms, (found) => checkLosses(found, lost));
    tellHappened(upkeep.now, happened, json === true);
  });
}

function tellForeseen(ms: number, from: number, foreseen: readonly Happening[], json: boolean): void {
  if (json) {
    for (const each of foreseen) printJson({ type: 'local:foreseen', ...happeningJson(each) });
    return;
  }
  const causes = foreseen.length > 0 ? 'This happens on the way:' : 'Nothing is due on the way.';
  print(`The clock moves on by ${spanWords(ms)}, from ${instant(from)} to ${instant(from + ms)}.`, causes);
  print(...happeningLines(foreseen).map((line) => `  ${line}`));
}

async function agree(lost: readonly Happening[]): Promise<void> {
  if (canAsk()) return await confirm(`This can't be undone (${sum(lost)}). Go ahead?`);
  throw new LabError('guard', `moving the clock so far can't be undone (${sum(lost)}): nothing was done`, {
    hint: 'add --yes',
  });
}

/** Somebody may have scheduled a deletion between the question and its answer. */
function checkLosses(happened: readonly Happening[], agreed: readonly Happening[]): void {
  const name = ({ event: { kind, account, region, id } }: Happening) => [kind, account, region, id].join(' ');
  const known = new Set(agreed.map(name));
  const sudden = happened.filter(loses).filter((each) => !known.has(name(each)));
  if (sudden.length === 0) return;
  throw new LabError('guard', `meanwhile more would be lost (${sum(sudden)}): nothing was done`, {
    hint: 'run it again',
  });
}

function tellHappened(now: number, happened: readonly Happening[], json: boolean): void {
  if (json) {
    for (const each of happened) printJson({ type: 'local:happened', ...happeningJson(each) });
    printJson({ type: 'local:advanced', now: new Date(now).toISOString() });
    return;
  }
  print(`It is ${instant(now)} in the embedded KMS now${happened.length > 0 ? `: ${sum(happened)}` : ''}.`);
}
