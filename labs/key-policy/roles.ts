import { LabError, NotOffered, type StepContext } from '../../src/lab/define.js';
import { partitionOf } from '../../src/regions.js';

/** The two roles of the masterclass's policy, by ARN. */
export interface Roles {
  admin: string;
  app: string;
}

interface Asked {
  adminRole: string | undefined;
  appRole: string | undefined;
}
type Place = StepContext['place'];

const refuse = (message: string, hint: string) => new LabError('usage', message, { hint });
const form = /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;

/** Refuse what can't be, before anything is made. */
export function checkRoles({ adminRole, appRole }: Asked, place: Place): void {
  if ((adminRole === undefined) !== (appRole === undefined))
    throw refuse('--admin-role and --app-role go together', 'pass both, or neither');
  if (adminRole !== undefined && adminRole === appRole)
    throw refuse('--admin-role and --app-role are the same role', 'who administers the key must not be who uses it');
  for (const [flag, arn] of [
    ['--admin-role', adminRole],
    ['--app-role', appRole],
  ] as const) {
    if (arn === undefined) continue;
    const [, account, name] = form.exec(arn) ?? [];
    const hint = `write it as arn:aws:iam::${place.account}:role/NAME, a role that you may assume`;
    if (!account) throw refuse(`${flag} "${arn}" is not the ARN of an IAM role`, hint);
    if (account !== place.account) throw refuse(`${flag} ${arn} is of another account than ${place.account}`, hint);
    if (place.identity.includes(`:assumed-role/${name}/`))
      throw refuse(`${flag} ${arn} is who you are already`, 'the lab compares three callers: you, and two other roles');
  }
}

/** The roles asked for; on the embedded KMS two that it lets anybody of the account assume. */
export function rolesFor({ adminRole, appRole }: Asked, place: Place): Roles {
  if (adminRole !== undefined && appRole !== undefined) return { admin: adminRole, app: appRole };
  const role = (name: string) => `arn:${partitionOf(place.region) ?? 'aws'}:iam::${place.account}:role/${name}`;
  if (place.kind === 'local') return { admin: role('kms-lab-admin'), app: role('kms-lab-app') };
  throw new NotOffered('pass --admin-role ARN and --app-role ARN, two roles of this account that you may assume');
}
