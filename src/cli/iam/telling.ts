import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../../labs/index.js';
import { LabError } from '../../errors.js';
import { packageRoot } from '../../lab/package-root.js';
import { partitionOf } from '../../regions.js';
import { checkAwsRegion, chooseRegion } from '../../target/region.js';
import { roleArn } from '../../target/role.js';
import type { IamOptions } from '../iam.js';
import { type PermissionTable, readPermissions } from './permissions.js';
import { lengthOf, managedPolicyLimit, type Policy, type PolicyOptions, policyFor } from './policy.js';

/** What labs, cleanup and doctor need. A spec runs them all, and compares. */
export const permissionsFile = join('labs', 'permissions.txt');

/** Print the policy for what is named. Throws LabError (usage). */
export function tellPolicy(what: readonly string[], { namespace, region: asked, role, json }: IamOptions): void {
  const { region, source } = chooseRegion({ region: asked, env: process.env });
  checkAwsRegion(region, source);
  const wrong = role?.find((each) => !roleArn.test(each));
  if (wrong !== undefined)
    throw new LabError('usage', `"${wrong}" (--role) is not the ARN of an IAM role`, {
      hint: 'write it like arn:aws:iam::111122223333:role/App',
    });
  const table = readPermissions(readFileSync(join(packageRoot(), permissionsFile), 'utf8'));
  const policy = policyOf(what, table, { namespace, roles: role, partition: partitionOf(region) ?? 'aws' });
  process.stdout.write(`${JSON.stringify(policy, undefined, json ? undefined : 2)}\n`);
  const warning = tooLong(policy);
  if (warning) process.stderr.write(`kms-lab: warning: ${warning}\n`);
}

/** The policy for labs (`all` of them, too), `cleanup` and `doctor` together. */
export function policyOf(what: readonly string[], table: PermissionTable, options: PolicyOptions): Policy {
  const names = what.flatMap((name) => (name === 'all' ? labs.map(({ id }) => id) : [name]));
  return policyFor(
    names.flatMap((name) => table.get(name) ?? []),
    options,
  );
}

/** What to say of a policy that IAM would not take as a managed one. */
export function tooLong(policy: Policy): string | undefined {
  const length = lengthOf(policy);
  if (length <= managedPolicyLimit) return undefined;
  return `${length} characters, and IAM takes ${managedPolicyLimit} in a managed policy: print one for fewer labs, and attach several`;
}
