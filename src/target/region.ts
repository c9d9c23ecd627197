import { LabError } from '../errors.js';
import { partitionOf, partitions } from '../regions.js';
import type { Profile } from './profile.js';

/** Where nobody says otherwise. */
export const defaultRegion = 'us-east-1';

/** Who may name a Region, in order: `--region`, AWS_REGION, AWS_DEFAULT_REGION, the profile. */
export interface RegionSources {
  region?: string | undefined;
  env: NodeJS.ProcessEnv;
  profile?: Profile | undefined;
}

/** The Region and, for an error message, who named it. */
export function chooseRegion({ region, env, profile }: RegionSources): { region: string; source: string } {
  const said: [string, string | undefined][] = [
    ['--region', region],
    ['AWS_REGION', env.AWS_REGION || undefined],
    ['AWS_DEFAULT_REGION', env.AWS_DEFAULT_REGION || undefined],
    [`profile "${profile?.name}"`, profile?.settings.region],
  ];
  const found = said.find(([, value]) => value !== undefined);
  return { region: found?.[1] ?? defaultRegion, source: found?.[0] ?? 'the default' };
}

/** AWS has this Region, or it is a usage error: a typing error would else end as a DNS failure. */
export function checkAwsRegion(region: string, source: string): void {
  if (partitionOf(region)) return;
  throw new LabError('usage', `"${region}" (${source}) is not an AWS Region`, {
    hint:
      `did you mean ${nearest(region)}? ` +
      'A Region newer than this program is reached with --endpoint-url https://kms.REGION.amazonaws.com',
  });
}

/** Other servers name Regions as they like, but a Region is part of signatures and ARNs. */
export function checkAnyRegion(region: string, source: string): void {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(region)) return;
  throw new LabError('usage', `"${region}" (${source}) is not a Region`, {
    hint: 'a Region is written like us-east-1',
  });
}

function nearest(region: string): string {
  const all = Object.values(partitions).flat();
  return all.reduce((best, each) => (distance(region, each) < distance(region, best) ? each : best), defaultRegion);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
