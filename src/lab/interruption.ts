import { LabError } from '../errors.js';

/**
 * Whether a run was told to stop: then no further step starts, one without calls neither.
 * @param begun the last step that was, as messages name it: "1.2 Encrypt a file"; empty before the first.
 */
export function interruption(signal: AbortSignal | undefined, begun: string): LabError | undefined {
  if (!signal?.aborted) return undefined;
  const told = signal.reason instanceof LabError ? signal.reason : new LabError('interrupted', 'interrupted');
  return begun ? new LabError(told.kind, `${begun}: ${told.message} when it was done`, { hint: told.hint }) : told;
}
