import { LabError } from '../errors.js';

/** A file that is not what was encrypted, or not under the key or context that was asked for. Nothing of it is given out. */
export class NotAuthentic extends LabError {
  override readonly name = 'NotAuthentic';
  constructor(message: string, options: ErrorOptions & { hint?: string } = {}) {
    super('refused', message, options);
  }
}
