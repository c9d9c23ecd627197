import { timeouts } from './http.js';

/** Milliseconds for one question to instance metadata; the SDK asks at most two. It is on the machine's own network. */
const metadataTimeout = 600;

/** The SDK would warn on stderr when AWS_PROFILE and static keys are both set; the screen shows who we are anyway. */
const quiet = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

type Chain = ReturnType<typeof import('@aws-sdk/credential-providers').fromNodeProviderChain>;

/** Keys in the environment come first in every chain, unless a profile is named; the other providers need not be loaded. */
async function fromEnvironment(profile: string | undefined): Promise<Chain | undefined> {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
  if (profile !== undefined || AWS_PROFILE || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return (await import('@aws-sdk/credential-provider-env')).fromEnv();
}

/** The SDK's credential chain, loaded when the first request is signed. `profile` only where it was asked for. */
export function awsCredentials(profile: string | undefined): Chain {
  return lazily(async () => {
    const fromKeys = await fromEnvironment(profile);
    if (fromKeys) return fromKeys;
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
    return fromNodeProviderChain({ ...init(profile), timeout: metadataTimeout, maxRetries: 0 });
  });
}

/**
 * The same chain without its last link, instance metadata: a server that is not AWS can do nothing with an
 * instance's role, and a laptop would wait for it.
 */
export function endpointCredentials(profile: string | undefined, env: NodeJS.ProcessEnv): Chain {
  return lazily(async () => {
    const fromKeys = await fromEnvironment(profile);
    if (fromKeys) return fromKeys;
    const sdk = await import('@aws-sdk/credential-providers');
    const named = profile ?? (env.AWS_PROFILE || undefined);
    const container = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
    return sdk.createCredentialChain(
      ...(named === undefined ? [sdk.fromEnv()] : []),
      sdk.fromIni(init(profile)),
      sdk.fromProcess(init(profile)),
      sdk.fromTokenFile(init(profile)),
      ...(container ? [sdk.fromHttp()] : []),
      none,
    );
  });
}

/** The last link: says what the SDK's own chain says. */
async function none(): Promise<never> {
  const error = new Error('Could not load credentials from any providers');
  throw Object.assign(error, { name: 'CredentialsProviderError', tryNextLink: false });
}

function init(profile: string | undefined) {
  const requestHandler = { connectionTimeout: timeouts.connect, requestTimeout: timeouts.request };
  // clientConfig is that of the STS and SSO clients inside the chain (role_arn, sso_session).
  return {
    ...(profile === undefined ? {} : { profile }),
    logger: quiet,
    clientConfig: { requestHandler, maxAttempts: 2 },
  };
}

function lazily(load: () => Promise<Chain>): Chain {
  let chain: Promise<Chain> | undefined;
  return async (properties) => {
    chain ??= load();
    return (await chain)(properties);
  };
}
