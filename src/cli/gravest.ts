import { gravity, kinds, type LabError } from '../errors.js';

/** Of several errors the one to end with. */
export function gravest(errors: readonly LabError[]): LabError | undefined {
  const rank = ({ kind }: LabError) => gravity.indexOf(kinds[kind].exit);
  return errors.reduce<LabError | undefined>(
    (one, other) => (one && rank(one) <= rank(other) ? one : other),
    undefined,
  );
}
