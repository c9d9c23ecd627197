import { Fault } from '../fault.js';
import type { Explanation } from './explanation.js';

/** A Fault that knows why. The client gets AWS's words; the explanation goes to the audit record. */
export class Refusal extends Fault {
  constructor(
    readonly explanation: Explanation,
    message: string,
    code = 'AccessDeniedException',
  ) {
    super(code, message);
  }
}
