import { KMS } from '@aws-sdk/client-kms';
import { classify } from '../../errors.js';
import { duration } from '../../report/layout.js';
import { readProfile } from '../../target/profile.js';
import { chooseRegion } from '../../target/region.js';
import { type Finding, failed, type Patient, passed, warning } from './check.js';

/** Less than this is too little for a lab, in milliseconds. */
const shortMs = 15 * 60_000;

/** Names that the SDK gives to where credentials came from. */
const sources: readonly (readonly [RegExp, string])[] = [
  [/SSO/, 'IAM Identity Center (SSO)'],
  [/WEB_ID/, 'web identity token'],
  [/ASSUME_ROLE/, 'assumed role'],
  [/IMDS/, 'instance metadata'],
  [/HTTP/, 'container'],
  [/PROCESS/, 'credential process'],
  [/LOGIN/, 'aws login'],
  [/PROFILE/, 'profile'],
  [/ENV_VARS/, 'environment'],
];

/** Whether there are credentials, where they come from, and how long they last. Shows none of them. */
export async function credentialsFinding({ target, now }: Patient): Promise<Finding> {
  if (target.kind === 'local') return passed('credentials', 'the embedded KMS needs none');
  const client = new KMS(target.connection.config('kms', target.region));
  try {
    const found: { expiration?: Date; $source?: Record<string, string> } = await client.config.credentials();
    const names = Object.keys(found.$source ?? {});
    const source = sources.find(([name]) => names.some((each) => name.test(each)))?.[1] ?? 'found';
    if (!found.expiration) return passed('credentials', `${source}, without an end`);
    const left = found.expiration.getTime() - now();
    const again = 'sign in again: `aws sso login`, or renew what gave them';
    if (left <= 0) return failed('credentials', 'credentials', `${source}, expired`, again);
    const text = `${source}, valid for ${duration(left)}`;
    return left < shortMs ? warning('credentials', text, again) : passed('credentials', text);
  } catch (error) {
    const { message, hint } = classify(error);
    return failed('credentials', 'credentials', message.split('\n')[0] ?? '', hint);
  } finally {
    client.destroy();
  }
}

/** Who AWS says we are. */
export async function identityFinding({ target }: Patient): Promise<Finding> {
  try {
    const { arn } = await target.identity();
    if (arn !== 'unknown') return passed('identity', arn);
    return warning('identity', `${target.label} has no STS`, 'keys are tagged with the owner "unknown"');
  } catch (error) {
    const { kind, message, hint } = classify(error);
    return failed('identity', kind, message, hint);
  }
}

/** The Region, and who named it. */
export async function regionFinding({ target, env, options }: Patient): Promise<Finding> {
  if (target.kind === 'local') return passed('region', target.region);
  const profile = await readProfile(options.profile, env);
  const { region, source } = chooseRegion({ ...options, env, profile });
  if (source !== 'the default') return passed('region', `${region} (${source})`);
  return warning('region', `none set: ${region} is assumed`, 'add --region or set AWS_REGION');
}
