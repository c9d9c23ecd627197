import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { Emulator } from '../emulator/wire/message.js';
import { LabError } from '../errors.js';
import type { Connection } from '../kms/connection.js';
import { checkAwsRegion, defaultRegion } from './region.js';
import { simulatedWorld } from './simulated.js';
import { defaultServePort, stateFolder } from './state.js';
import type { Place, TargetOptions } from './target.js';

/** The embedded KMS, in this process. No AWS_* variable and no AWS config file has a say in it. */
export async function localPlace(options: TargetOptions, env: NodeJS.ProcessEnv): Promise<Place> {
  for (const [flag, value] of [
    ['--endpoint-url', options.endpointUrl],
    ['--profile', options.profile],
  ]) {
    if (value !== undefined) {
      throw new LabError('usage', `--local and ${flag} exclude each other`, {
        hint: '--local is the embedded KMS; leave one of the two away',
      });
    }
  }
  const region = options.region ?? defaultRegion;
  checkAwsRegion(region, '--region');
  const [{ createEmulator }, { requestHandler }] = await Promise.all([
    import('../emulator/emulator.js'),
    import('../emulator/handler.js'),
  ]);
  const folder = stateFolder(options.state, env);
  const emulator = await createEmulator({
    state: folder === 'memory' ? 'memory' : { dir: folder },
    simulate: env.KMS_LAB_SIMULATE,
  });
  const url = `http://127.0.0.1:${defaultServePort}`;
  const connect = (to: Emulator): Connection['config'] => {
    const handler = requestHandler(to);
    return (_service, at) => ({ ...sealed, region: at, endpoint: url, requestHandler: handler });
  };
  return {
    kind: 'local',
    label: 'embedded KMS',
    region,
    connection: {
      config: connect(emulator),
      cli: { endpointUrl: url },
      unmetered: true,
      simulate: () => simulatedWorld(emulator, connect),
    },
    close: () => emulator.close(),
  };
}

/** Every setting the SDK would else look up in the environment or in a config file. */
const sealed = {
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  ignoreConfiguredEndpointUrls: true,
  maxAttempts: 3,
  retryMode: 'standard',
  defaultsMode: 'standard',
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  userAgentAppId: async () => undefined,
  authSchemePreference: [],
} satisfies KMSClientConfig;
