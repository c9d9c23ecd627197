import { readFileSync } from 'node:fs';
import { administrator, administratorAccess, type Identity, type RolePolicies } from '../emulator/authz/identities.js';
import { readIdentityPolicy } from '../emulator/authz/identity-policy.js';
import { LabError } from '../errors.js';

/** Who `serve` knows beside `test` / `test`. */
export interface Known {
  identities: Identity[];
  roles: RolePolicies;
}

const userOrRole = /^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]*[\w+,.@-]$/;
const userOrRoot = /^arn:aws[a-z-]*:iam::\d{12}:(?:root|user\/[\w+=,.@/-]+)$/;

/** No message repeats what was typed: it holds a secret. */
const wrongCredential = (message: string) =>
  new LabError('usage', `--credential: ${message}`, {
    hint: 'write KEY:SECRET, or KEY:SECRET=arn:aws:iam::111122223333:user/alice (also in KMS_LAB_CREDENTIALS)',
  });

function credentialOf(text: string, policies: ReadonlyMap<string, readonly unknown[]>): Identity {
  const [, accessKeyId, secretAccessKey, given] = /^(\w{1,128}):(.+?)(?:=(arn:.*))?$/.exec(text) ?? [];
  if (!accessKeyId || !secretAccessKey) throw wrongCredential('an access key id, a colon and a secret are needed');
  if (given !== undefined && !userOrRoot.test(given)) {
    throw wrongCredential(`"${given}" is neither an IAM user nor a root user; a role has no access key: assume it`);
  }
  const arn = given ?? `arn:aws:iam::111122223333:user/${accessKeyId}`;
  const usual = given === undefined || given.endsWith(':root') ? [administratorAccess] : [];
  return { accessKeyId, secretAccessKey, arn, policies: policies.get(arn) ?? usual };
}

function readPolicy(arn: string, file: string): object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new LabError('usage', `can't read ${file} (--identity ${arn}): ${why}`, {
      cause: error,
      hint: 'the file holds an IAM policy as JSON',
    });
  }
  const { policy, flaw } = readIdentityPolicy(text);
  if (policy) return policy;
  throw new LabError('usage', `${file} (--identity ${arn}) is no identity policy: ${flaw}`, {
    hint: 'an identity policy has statements with Effect, Action and Resource, and no Principal',
  });
}

function policiesOf(given: readonly string[]): Map<string, object[]> {
  const found = new Map<string, object[]>();
  for (const each of given) {
    const [, arn, file] = /^([^=]+)=(.+)$/.exec(each) ?? [];
    if (!arn || !file || !userOrRole.test(arn)) {
      throw new LabError('usage', `"${each}" (--identity) does not give a role or user a policy file`, {
        hint: 'write it like arn:aws:iam::111122223333:role/Reader=reader.json',
      });
    }
    found.set(arn, [...(found.get(arn) ?? []), readPolicy(arn, file)]);
  }
  return found;
}

/**
 * Who is who: each KEY:SECRET is an administrator, IAM user KEY of account 111122223333; each KEY:SECRET=ARN is that user, who
 * may do what its policies allow. Each ARN=FILE gives a role or a user an identity policy; several for one ARN add up. Throws
 * LabError (usage).
 */
export function identitiesOf(credentials: readonly string[], policies: readonly string[]): Known {
  const given = policiesOf(policies);
  return {
    identities: credentials.map((each) => credentialOf(each, given)),
    roles: Object.fromEntries([...given].filter(([arn]) => arn.includes(':role/'))),
  };
}

/** Several credentials in one text, as an environment variable holds them. */
export const listed = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** Whether `test` still has the secret that everybody knows; of several that were given the last one counts. */
export function hasUsualSecret(given: readonly Identity[]): boolean {
  const { accessKeyId, secretAccessKey } = administrator;
  const last = given.findLast((identity) => identity.accessKeyId === accessKeyId);
  return (last ?? administrator).secretAccessKey === secretAccessKey;
}
