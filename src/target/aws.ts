import type { Connection } from '../kms/connection.js';
import { awsCredentials, endpointCredentials } from './credentials.js';
import { chooseEndpoints, isAws } from './endpoint.js';
import { httpHandler } from './http.js';
import { readProfile } from './profile.js';
import { checkAnyRegion, checkAwsRegion, chooseRegion } from './region.js';
import type { Place, TargetOptions } from './target.js';

/** AWS, or the server that `--endpoint-url`, an AWS_ENDPOINT_URL variable or the profile names. */
export async function remotePlace(options: TargetOptions, env: NodeJS.ProcessEnv): Promise<Place> {
  const profile = await readProfile(options.profile, env);
  const endpoints = chooseEndpoints(options.endpointUrl, env, profile);
  const { region, source } = chooseRegion({ region: options.region, env, profile });
  const { kms: url } = endpoints;
  const kind = url === undefined || isAws(url, 'kms') ? 'aws' : 'endpoint';
  if (url === undefined) checkAwsRegion(region, source);
  else checkAnyRegion(region, source);
  const credentials = kind === 'aws' ? awsCredentials(options.profile) : endpointCredentials(options.profile, env);
  const config: Connection['config'] = (service, at) => ({
    region: at,
    credentials,
    requestHandler: httpHandler(service),
    // What counts has been decided here, for all services together; the SDK must not look again.
    ignoreConfiguredEndpointUrls: true,
    ...(endpoints[service] === undefined ? {} : { endpoint: endpoints[service] }),
  });
  const label = kind === 'endpoint' ? `${url}` : url === undefined ? 'AWS' : `AWS (${url})`;
  const cli = { ...(url === undefined ? {} : { endpointUrl: url }), ...cliProfile(options.profile, env) };
  return { kind, label, region, connection: { config, cli }, close: async () => {} };
}

/**
 * `--profile` as given. AWS_PROFILE too where static keys are also set: then the SDK follows the profile and the AWS CLI
 * the keys, so a pasted line would reach another account.
 */
function cliProfile(option: string | undefined, env: NodeJS.ProcessEnv): { profile?: string } {
  const keys = env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY;
  const profile = option ?? (keys ? env.AWS_PROFILE || undefined : undefined);
  return profile === undefined ? {} : { profile };
}
