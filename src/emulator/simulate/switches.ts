import { LabError } from '../../errors.js';
import type { Conditions } from './conditions.js';

/** What can be switched on. */
export interface Switchable {
  conditions: Conditions;
  eventualConsistency(ms: number): void;
}

/** How late changes are seen unless the switch says otherwise, in milliseconds: AWS speaks of seconds. */
const usualDelay = 2000;

const forms = 'quotas, eventual-consistency[=MS], late-trail=MS, latency=MS, outage=REGION';

function wrong(one: string): LabError {
  return new LabError('usage', `"${one}" (KMS_LAB_SIMULATE) is no condition`, { hint: `use some of: ${forms}` });
}

function milliseconds(value: string | undefined, one: string): number {
  const ms = Number(value);
  if (value && Number.isInteger(ms) && ms >= 0) return ms;
  throw wrong(one);
}

/**
 * Put a process under conditions, for tests of whole programs: `KMS_LAB_SIMULATE=quotas,eventual-consistency=500`, as `--local`
 * and `serve` read it. Throws a LabError (usage) for what it does not know.
 */
export function switchOn(text: string, emulator: Switchable): void {
  const { conditions } = emulator;
  for (const one of text.split(',').map((part) => part.trim())) {
    if (one === '') continue;
    const [name, value] = one.split('=');
    if (name === 'quotas' && value === undefined) conditions.quotas();
    else if (name === 'eventual-consistency')
      emulator.eventualConsistency(milliseconds(value ?? String(usualDelay), one));
    else if (name === 'late-trail') conditions.lateTrail = milliseconds(value, one);
    else if (name === 'latency') conditions.latency = milliseconds(value, one);
    else if (name === 'outage' && value) conditions.outage(value);
    else throw wrong(one);
  }
}
