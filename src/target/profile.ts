import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../errors.js';

type Settings = Readonly<Record<string, string | undefined>>;

/** A profile of the shared AWS config and credentials files. */
export interface Profile {
  name: string;
  /** Its settings, those of the credentials file winning; nested ones are "outer.inner". Empty when there is none. */
  settings: Settings;
  /** Its `services` section; empty when it names none. */
  services: Settings;
}

/**
 * Read the profile that `--profile` or AWS_PROFILE names, else "default".
 * A profile that is named but not there is an error: the SDK would go on to look for other credentials.
 */
export async function readProfile(option: string | undefined, env: NodeJS.ProcessEnv): Promise<Profile> {
  const name = option ?? (env.AWS_PROFILE || 'default');
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    configFilepath: env.AWS_CONFIG_FILE || join(home(env), '.aws', 'config'),
    filepath: env.AWS_SHARED_CREDENTIALS_FILE || join(home(env), '.aws', 'credentials'),
    ignoreCache: true,
  });
  const found = configFile[name] ?? credentialsFile[name];
  if (!found && (option !== undefined || name !== 'default')) throw missing(name, option !== undefined);
  const settings = { ...configFile[name], ...credentialsFile[name] };
  return { name, settings, services: servicesOf(settings, configFile) };
}

function servicesOf(settings: Settings, configFile: Readonly<Record<string, Settings>>): Settings {
  const name = settings.services;
  if (name === undefined) return {};
  const section = configFile[`services.${name}`];
  if (!section) throw new LabError('usage', `the profile names the services section "${name}", which is not there`);
  return section;
}

function missing(name: string, byOption: boolean): LabError {
  const source = byOption ? '--profile' : 'AWS_PROFILE';
  return new LabError('credentials', `the profile "${name}" (${source}) is not in the AWS config files`, {
    hint: 'see `aws configure list-profiles`, sign in with `aws configure sso`, or add --local to work without an AWS account',
  });
}

/** The SDK's rule: HOME, then USERPROFILE, then the user database. */
function home(env: NodeJS.ProcessEnv): string {
  return env.HOME || env.USERPROFILE || homedir();
}
