import type { Connection } from '../kms/connection.js';
import { askIdentity, type Identity } from './identity.js';
import type { Place } from './target.js';

/** Another account, entered by a role of it. */
export interface RolePlace {
  role: string;
  connection: Connection;
  /** Who we are there. The first to call STS: throws LabError `denied` when the role may not be assumed. */
  identity(): Promise<Identity>;
}

/** `arn:aws:iam::111122223333:role/name`, with a path or without (IAM User Guide, "IAM ARNs"). */
export const roleArn = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;

/** Reach the same services as `place` does, as a role: its credentials come from STS when first needed, and are renewed. */
export function asRole(place: Place, role: string): RolePlace {
  const credentials = lazily(async () => {
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    const { credentials: own, requestHandler, endpoint } = place.connection.config('sts', place.region);
    return fromTemporaryCredentials({
      params: { RoleArn: role, RoleSessionName: 'kms-lab' },
      ...(own && {
        masterCredentials: own as NonNullable<Parameters<typeof fromTemporaryCredentials>[0]['masterCredentials']>,
      }),
      clientConfig: { region: place.region, ...(requestHandler && { requestHandler }), ...(endpoint && { endpoint }) },
    });
  });
  const connection: Connection = {
    config: (service, region) => ({ ...place.connection.config(service, region), credentials }),
    cli: place.connection.cli,
  };
  let identity: Promise<Identity> | undefined;
  return {
    role,
    connection,
    identity: () => {
      identity ??= askIdentity({ ...place, connection });
      return identity;
    },
  };
}

type Provider = ReturnType<typeof import('@aws-sdk/credential-providers').fromTemporaryCredentials>;

/** One provider for all clients, and one answer of it until shortly before it expires: each client would ask STS again. */
function lazily(load: () => Promise<Provider>): Provider {
  let provider: Promise<Provider> | undefined;
  let current: ReturnType<Provider> | undefined;
  let until = 0;
  return async (properties) => {
    provider ??= load();
    if (current && Date.now() < until) return current;
    const answer = (await provider)(properties);
    current = answer;
    until = Number.POSITIVE_INFINITY; // all who ask meanwhile wait for the same answer
    try {
      until = ((await answer).expiration?.getTime() ?? Number.POSITIVE_INFINITY) - 5 * 60_000;
      return await answer;
    } catch (error) {
      current = undefined;
      throw error;
    }
  };
}
