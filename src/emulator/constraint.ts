import { Fault } from './fault.js';

/** A required member is not there. */
export function missing(member: string): Fault {
  const message = `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`;
  return new Fault('ValidationException', message);
}

/** A constraint that the API model does not hold, in the words of those it does. */
export function outOfRange(member: string, value: number, allowed: string): Fault {
  const message = `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${allowed}`;
  return new Fault('ValidationException', message);
}
