import type { Kind } from '../errors.js';
import { defaultNamespace } from './own.js';
import type { RunOptions } from './run.js';

/** The way out of an error that ends a lab, `hint` usually: who is denied something can print the policy that the lab needs. */
export function wayOut(kind: Kind, hint: string, { ownership, home }: Pick<RunOptions, 'ownership' | 'home'>): string {
  // Nobody knows the calls of a lab of somebody's own, and its faults are not kms-lab's.
  if (home !== undefined) return kind === 'bug' ? 'the lab itself threw this: --debug shows where' : hint;
  if (kind !== 'denied') return hint;
  const { lab, namespace } = ownership;
  const whose = namespace === defaultNamespace ? '' : ` --namespace ${namespace}`;
  return `print the policy that this lab needs with \`kms-lab iam ${lab}${whose}\`, or add --local to work without an AWS account`;
}
