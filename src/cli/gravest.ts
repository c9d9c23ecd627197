import { kinds, type LabError } from '../errors.js';

/** Exit codes in the order in which they are told where several hold. */
const gravity = [70, 130, 143, 6, 3, 4, 5, 2];

/** Of several errors the one to end with. */
export function gravest(errors: readonly LabError[]): LabError | undefined {
  const rank = ({ kind }: LabError) => gravity.indexOf(kinds[kind].exit);
  return errors.reduce<LabError | undefined>(
    (one, other) => (one && rank(one) <= rank(other) ? one : other),
    undefined,
  );
}
