import type { CreateGrantRequest, KMS } from '@aws-sdk/client-kms';
import type { Identity } from '../../../src/emulator/authz/identities.js';
import type { EmulatorOptions } from '../../../src/emulator/emulator.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

export const here = '111122223333';
export const there = '444455556666';

const allow = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
const deny = (...Action: string[]) => ({ Effect: 'Deny', Action, Resource: '*' });
const person = (name: string, arn: string, ...Statement: object[]): Identity => ({
  accessKeyId: `AKIA${name.toUpperCase()}`,
  secretAccessKey: name,
  arn,
  policies: Statement.length > 0 ? [{ Version: '2012-10-17', Statement }] : [],
});

/** Who asks in these specs. Only `lab`, the administrator, may do anything by policy alone, unless its name says so. */
export const people = {
  alice: person('alice', `arn:aws:iam::${here}:user/alice`),
  bob: person('bob', `arn:aws:iam::${here}:user/team/bob`),
  /** IAM denies it what grants would allow. */
  denied: person('denied', `arn:aws:iam::${here}:user/denied`, deny('kms:Encrypt', 'kms:RetireGrant')),
  retirer: person('retirer', `arn:aws:iam::${here}:user/retirer`, allow('kms:RetireGrant', 'kms:ListRetirableGrants')),
  sessionOne: person('one', `arn:aws:sts::${here}:assumed-role/Worker/one`),
  sessionTwo: person('two', `arn:aws:sts::${here}:assumed-role/Worker/two`),
  root: person('root', `arn:aws:iam::${here}:root`),
  stranger: person('stranger', `arn:aws:iam::${there}:user/stranger`),
  /** An administrator of another account. */
  foreigner: person('foreigner', `arn:aws:iam::${there}:user/foreigner`, allow('kms:*')),
};

export type Who = keyof typeof people;

export interface Grants extends KmsUnderTest {
  who(name: Who): KMS;
  /** Let somebody do something with a key, as the administrator. */
  grant(
    KeyId: string,
    to: string,
    more?: Partial<CreateGrantRequest>,
  ): Promise<{ GrantId: string; GrantToken: string }>;
}

export const grantee = (who: Who) => people[who].arn;

export async function grantsUnderTest(options: Partial<EmulatorOptions> = {}): Promise<Grants> {
  const on = await kmsUnderTest({ identities: Object.values(people), ...options });
  return {
    ...on,
    who: (name) => on.as(people[name]),
    async grant(KeyId, GranteePrincipal, more = {}) {
      const request = { KeyId, GranteePrincipal, Operations: ['Encrypt' as const], ...more };
      const { GrantId = '', GrantToken = '' } = await on.kms.createGrant(request);
      return { GrantId, GrantToken };
    },
  };
}

export const arnOf = (KeyId: string) => `arn:aws:kms:us-east-1:${here}:key/${KeyId}`;
export const refused = { name: 'AccessDeniedException' };
export const invalid = { name: 'ValidationException' };
export const notFound = { name: 'NotFoundException' };
export const hi = Buffer.from('hi');
