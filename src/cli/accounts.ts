import { readFileSync } from 'node:fs';
import { inParallel } from '../cleanup/in-parallel.js';
import type { Access } from '../cleanup/prepare.js';
import { classify, LabError } from '../errors.js';
import { partitionOf, regionsOf } from '../regions.js';
import { checkAnyRegion, checkAwsRegion } from '../target/region.js';
import { asRole, roleArn } from '../target/role.js';
import type { Target } from '../target/target.js';
import type { SweepOptions } from './sweep-options.js';

/** An account that could not be entered or searched. */
export interface Refused {
  role: string;
  error: LabError;
}

/** Accounts worked on together with `--parallel`. */
export const accountsAtOnce = 8;

/** The roles to assume, from `--role-arn` and `--accounts`, each once; none: the caller's own account. */
export function rolesOf({ roleArn: given = [], accounts }: SweepOptions): string[] {
  const listed = accounts === undefined ? [] : readRoles(accounts);
  for (const role of given) check(role, '--role-arn');
  return [...new Set([...given, ...listed])];
}

function readRoles(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new LabError('usage', `can't read ${file} (--accounts): ${code}`, { cause: error, hint: 'name a text file' });
  }
  const roles = text.split('\n').flatMap((line, at) => {
    const role = line.replace(/#.*/, '').trim();
    if (role) check(role, `${file}, line ${at + 1}`);
    return role || [];
  });
  if (roles.length > 0) return roles;
  throw new LabError('usage', `${file} (--accounts) names no role`, { hint: 'write the ARN of a role on each line' });
}

function check(role: string, source: string): void {
  if (roleArn.test(role)) return;
  throw new LabError('usage', `"${role}" (${source}) is not the ARN of a role`, {
    hint: 'write it like arn:aws:iam::111122223333:role/workshop-cleanup',
  });
}

/** Do something in every account. One that can't be entered does not stop the others; alone, it is an error. */
export async function inAccounts(
  target: Target,
  roles: readonly string[],
  parallel: boolean,
  work: (access: Access) => Promise<void>,
): Promise<Refused[]> {
  const own = await target.identity(); // also guards the account that was expected
  if (roles.length === 0) {
    await work({ account: own.account, identity: own.arn, connection: target.connection });
    return [];
  }
  const refused: Refused[] = [];
  await inParallel(roles, parallel ? accountsAtOnce : 1, async (role) => {
    try {
      const place = asRole(target, role);
      const { account, arn } = await place.identity();
      await work({ account, identity: arn, role, connection: place.connection });
    } catch (thrown) {
      const error = classify(thrown);
      if (error.kind === 'bug' || error.kind === 'interrupted' || error.kind === 'terminated') throw error;
      refused.push({ role, error });
    }
  });
  return refused.sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role));
}

/** The Regions to look in: those asked for, else every one in which the partition may have keys, the target's own first. */
export function regionsFor(target: Target, asked: readonly string[] | undefined): string[] {
  if (asked) {
    for (const region of asked) {
      if (target.kind === 'endpoint') checkAnyRegion(region, '--region');
      else checkAwsRegion(region, '--region');
      if (target.kind !== 'endpoint' && partitionOf(region) !== target.partition)
        throw new LabError('usage', `${region} and ${target.region} are in different partitions`, {
          hint: 'credentials are of one partition: clean each up by itself',
        });
    }
    return [...new Set(asked)];
  }
  // An endpoint of AWS in the URL is that of one Region.
  if (target.kind === 'aws' && target.connection.cli.endpointUrl !== undefined) return [target.region];
  return [...new Set([target.region, ...regionsOf(target.partition)])];
}
