import { gravity, kinds, type LabError } from '../errors.js';

/** Of several errors the one to end with. */
export function gravest(errors: readonly LabError[]): LabError | undefined {
  const rank = ({ kind }: LabError) => gravity.indexOf(kinds[kind].exit);
  return errors.reduce<LabError | undefined>(
    (one, other) => (one && rank(one) <= rank(other) ? one : other),
    undefined,
  );
}

/** What is to be said of several errors: each, the gravest last, where it is seen first; that the run was stopped only once. */
export function worthTelling(errors: readonly LabError[]): LabError[] {
  const last = gravest(errors);
  if (!last) return [];
  const others = errors.filter((error) => error !== last && !isStop(error));
  return [...others, last];
}

const isStop = ({ kind }: LabError) => kind === 'interrupted' || kind === 'terminated';
