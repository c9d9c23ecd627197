import type { KMS } from '@aws-sdk/client-kms';
import type { Identity } from '../../src/emulator/authz/identities.js';
import type { KmsUnderTest } from './kms-under-test.js';

/** The administrator's account, and another. */
export const account = '111122223333';
export const otherAccount = '444455556666';

export const user = (name: string, where = account) => `arn:aws:iam::${where}:user/${name}`;

/** Who signs as `name`; without statements nobody's identity policies allow anything. */
export function identity(name: string, statements: readonly object[] = [], arn = user(name)): Identity {
  const policies = statements.length > 0 ? [{ Version: '2012-10-17', Statement: statements }] : [];
  return { accessKeyId: `AKIA${name}`, secretAccessKey: name, arn, policies };
}

/** The client of an `identity`. */
export const as = (on: KmsUnderTest, name: string, region = 'us-east-1'): KMS =>
  on.as({ accessKeyId: `AKIA${name}`, secretAccessKey: name, region });

export const allow = (Action: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
});
export const deny = (Action: string | string[], more: object = {}) => ({
  Effect: 'Deny',
  Action,
  Resource: '*',
  ...more,
});

/** Hands over to the account's identity policies. */
export const accountRoot = allow('kms:*', { Principal: { AWS: `arn:aws:iam::${account}:root` } });

/** A key policy that keeps the account, and so the administrator, and says more. */
export const keyPolicy = (...more: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [accountRoot, ...more] });

/** Make a key under a key policy; its ARN. */
export async function keyUnder(on: KmsUnderTest, ...more: object[]): Promise<string> {
  const { KeyMetadata } = await on.kms.createKey({ Policy: keyPolicy(...more) });
  return KeyMetadata?.Arn as string;
}

/** Whether a call is allowed; any other failure than a refusal is one of the test. */
export async function allowed(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if ((error as Error).name === 'AccessDeniedException') return false;
    throw error;
  }
}
