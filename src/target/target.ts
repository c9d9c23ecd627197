import { LabError } from '../errors.js';
import type { Connection } from '../kms/connection.js';
import { type Partition, partitionOf } from '../regions.js';
import { askIdentity, type Identity } from './identity.js';

/** The options that say where requests go; absent means not given. */
export interface TargetOptions {
  local?: boolean;
  endpointUrl?: string;
  profile?: string;
  region?: string;
  /** A folder, or "memory"; for `--local`. */
  state?: string;
  /** Refuse to work in any other account (12 digits). */
  expectAccount?: string;
}

/** Where requests go, before anyone has been asked who we are there. */
export interface Place {
  /** `aws`: real AWS · `local`: the embedded KMS · `endpoint`: any compatible server. */
  kind: 'aws' | 'local' | 'endpoint';
  /** For people: "AWS", "embedded KMS", or the URL. */
  label: string;
  region: string;
  connection: Connection;
  /** May be called twice; leaves no open handle. */
  close(): Promise<void>;
}

/** Where requests go and as whom. */
export interface Target extends Place {
  partition: Partition;
  /**
   * Asked once. Throws LabError: `credentials`, `unreachable`, or `guard` when it is not the expected account.
   * @param signal ends the question when aborted, of whoever asks first
   */
  identity(signal?: AbortSignal): Promise<Identity>;
}

/**
 * Decide where requests go. Reads options, `env` and the AWS config files, but contacts nobody: `identity()` is the first
 * to do so. `env` is process.env; the SDK's credential chain reads that whatever is given here.
 */
export async function resolveTarget(options: TargetOptions, env: NodeJS.ProcessEnv): Promise<Target> {
  hushSdk();
  const expected = expectedAccount(options.expectAccount, env);
  if (options.state !== undefined && !options.local) {
    throw new LabError('usage', '--state goes with --local', { hint: 'it is where the embedded KMS keeps its keys' });
  }
  const place = await resolvePlace(options, env);
  let identity: Promise<Identity> | undefined;
  return {
    ...place,
    partition: partitionOf(place.region) ?? 'aws',
    identity: (signal) => {
      identity ??= askIdentity(place, signal).then((found) => guard(found, expected));
      return identity;
    },
  };
}

async function resolvePlace(options: TargetOptions, env: NodeJS.ProcessEnv): Promise<Place> {
  if (options.local) return (await import('./local.js')).localPlace(options, env);
  return (await import('./aws.js')).remotePlace(options, env);
}

/**
 * The SDK writes a notice on every run under Node.js 20, for programmers rather than for who runs this program. It asks this
 * variable when a client is made. Set for this process alone; the user's shell does not see it.
 */
function hushSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
}

function expectedAccount(option: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const account = option ?? (env.KMS_LAB_ACCOUNT || undefined);
  if (account === undefined || /^\d{12}$/.test(account)) return account;
  const source = option === undefined ? 'KMS_LAB_ACCOUNT' : '--expect-account';
  throw new LabError('usage', `"${account}" (${source}) is not an AWS account ID`, {
    hint: 'an account ID is 12 digits',
  });
}

function guard(found: Identity, expected: string | undefined): Identity {
  if (expected === undefined || found.account === expected) return found;
  throw new LabError('guard', `this is account ${found.account}, not the expected ${expected}`, {
    hint: 'nothing was changed; choose the right account with --profile, or correct --expect-account (KMS_LAB_ACCOUNT)',
  });
}
