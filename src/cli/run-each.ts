import type { Kind } from '../errors.js';
import type { Lab } from '../lab/define.js';
import type { LabResult } from '../lab/run.js';

/** What one lab meets and every other would meet as well. */
const stopsAll: ReadonlySet<Kind | undefined> = new Set<Kind>(['interrupted', 'terminated', 'credentials']);

/**
 * Run each lab: in turn, or all at once. A lab that fails does not stop the others, unless what stopped it would stop them too, or the person who is guided has ended the run.
 * `results` are in the order of `labs`, and hold what has ended also when this throws.
 */
export async function runEach(
  labs: readonly Lab[],
  run: (lab: Lab) => Promise<LabResult>,
  { parallel, results }: { parallel: boolean; results: LabResult[] },
): Promise<void> {
  if (parallel) {
    const ended = await Promise.allSettled(labs.map(run));
    results.push(...ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
    return;
  }
  for (const lab of labs) {
    const result = await run(lab);
    results.push(result);
    if (stopsAll.has(result.error?.kind) || result.over) return;
  }
}
