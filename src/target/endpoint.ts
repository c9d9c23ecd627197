import { LabError } from '../errors.js';
import type { Profile } from './profile.js';

export type Service = 'kms' | 'sts' | 'cloudtrail';

/** The URL each service is asked at; a service without one is at AWS. */
export type Endpoints = Partial<Record<Service, string>>;

const services: readonly Service[] = ['kms', 'sts', 'cloudtrail'];

/**
 * Where each service is asked. `--endpoint-url` counts for all of them. Else the SDK's order per service:
 * AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's services section, the profile's endpoint_url; unless
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS says to look at none.
 */
export function chooseEndpoints(option: string | undefined, env: NodeJS.ProcessEnv, profile: Profile): Endpoints {
  if (option !== undefined) {
    const url = parseUrl(option, '--endpoint-url');
    return together({ kms: url, sts: url, cloudtrail: url });
  }
  const ignored = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ?? profile.settings.ignore_configured_endpoint_urls;
  if (ignored?.toLowerCase() === 'true') return {};
  const found: Endpoints = {};
  for (const service of services) {
    const url = configured(service, env, profile);
    if (url !== undefined) found[service] = url;
  }
  return together(found);
}

function configured(service: Service, env: NodeJS.ProcessEnv, profile: Profile): string | undefined {
  const own = `AWS_ENDPOINT_URL_${service.toUpperCase()}`;
  const candidates: [string, string | undefined][] = [
    [own, env[own]],
    ['AWS_ENDPOINT_URL', env.AWS_ENDPOINT_URL],
    [`${service}.endpoint_url of profile "${profile.name}"`, profile.services[`${service}.endpoint_url`]],
    [`endpoint_url of profile "${profile.name}"`, profile.settings.endpoint_url],
  ];
  const found = candidates.find(([, value]) => value);
  return found?.[1] === undefined ? undefined : parseUrl(found[1], found[0]);
}

/**
 * All services are asked on the side on which KMS is. KMS at another server: STS never at AWS, where it would
 * be shown real credentials and tell an identity that means nothing there. KMS at AWS: STS never elsewhere, where
 * anything could claim to be the expected account.
 */
function together(found: Endpoints): Endpoints {
  const { kms } = found;
  const chosen: Endpoints = kms === undefined ? {} : { kms };
  for (const service of ['sts', 'cloudtrail'] as const) {
    const url = found[service];
    if (kms === undefined || isAws(kms, 'kms')) {
      if (url !== undefined && isAws(url, service)) chosen[service] = url;
    } else {
      chosen[service] = url === undefined || isAws(url, service) ? kms : url;
    }
  }
  return chosen;
}

/** Real AWS under a URL of its own: a VPC, FIPS or dual-stack endpoint of this service. It charges, so it is AWS to us. */
export function isAws(url: string, service: Service): boolean {
  const [own, suffix] = [
    `${service}(-fips)?`,
    '(amazonaws\\.(com(\\.cn)?|eu)|api\\.aws|api\\.amazonwebservices\\.(com\\.cn|eu))',
  ];
  return new RegExp(`^([a-z0-9-]+\\.)?${own}\\.([a-z0-9-]+\\.)?(vpce\\.)?${suffix}$`).test(new URL(url).hostname);
}

function parseUrl(text: string, source: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && !url.username && !url.password && !url.search && !url.hash && url.hostname;
  if (plain && (url.protocol === 'http:' || url.protocol === 'https:')) return text.trim().replace(/\/+$/, '');
  throw new LabError('usage', `"${withoutPassword(text)}" (${source}) is not the http(s) URL of a server`, {
    hint: 'write it like http://127.0.0.1:4599',
  });
}

const withoutPassword = (text: string): string => text.replace(/\/\/[^/@]*@/, '//…@');
