import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labs } from '../../labs/index.js';
import { document, script, shells } from '../by-hand/document.js';
import { regions } from '../by-hand/introduction.js';
import { type LabByHand, labByHand } from '../by-hand/lab-by-hand.js';
import type { Lab } from '../lab/define.js';
import { resolveTarget } from '../target/target.js';
import type { CommandsOptions } from './commands.js';

/** A lab, or all of them, as lines to be done by hand. */
export async function tellCommands(id: string | undefined, { shell, markdown }: CommandsOptions): Promise<string> {
  const chosen = labs.filter((lab) => id === undefined || lab.id === id);
  const done = await Promise.all(chosen.map(runForPaper));
  return markdown ? document(done) : script(done, shells[shell]);
}

/** Run a lab where it leaves nothing: on an embedded KMS in memory, in a folder that is gone afterwards. */
async function runForPaper(lab: Lab): Promise<LabByHand> {
  const cwd = await mkdtemp(join(tmpdir(), 'kms-lab-commands-'));
  const target = await resolveTarget({ local: true, state: 'memory', region: regions.home }, {});
  try {
    const { account, arn } = await target.identity();
    const { kind, label, region, connection } = target;
    const place = { kind, label, region, account, identity: arn };
    return await labByHand(lab, { connection, place, other: regions.other, cwd });
  } finally {
    await target.close();
    await rm(cwd, { recursive: true, force: true });
  }
}
