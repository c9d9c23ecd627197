import type { Kind } from '../errors.js';
import type { Ownership } from '../kms/connection.js';
import { defaultNamespace } from './own.js';

/** The way out of an error that ends a lab, `hint` usually: who is denied something can print the policy that the lab needs. */
export function wayOut(kind: Kind, hint: string, { lab, namespace }: Ownership): string {
  if (kind !== 'denied') return hint;
  const whose = namespace === defaultNamespace ? '' : ` --namespace ${namespace}`;
  return `print the policy that this lab needs with \`kms-lab iam ${lab}${whose}\`, or add --local to work without an AWS account`;
}
