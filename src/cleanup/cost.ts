import { keyMonthlyUsd, soFarUsd } from '../kms/price.js';
import type { FoundKey } from './found.js';

/** What a key costs a month while no deletion is scheduled, its rotations included, in US dollars. */
export const monthlyOf = ({ rotations = [] }: Pick<FoundKey, 'rotations'>): number => keyMonthlyUsd(rotations.length);

/** The same for several. */
export const monthlyOfAll = (keys: readonly Pick<FoundKey, 'rotations'>[]): number =>
  keys.reduce((sum, key) => sum + monthlyOf(key), 0);

/** What it has cost until now if its deletion was never scheduled, in US dollars. */
export function soFarOf({ created, ownership, rotations = [] }: FoundKey, now: number): number {
  const times = rotations.map((date) => date.getTime());
  return soFarUsd([created?.getTime() ?? Date.parse(ownership.created), ...times], now);
}
