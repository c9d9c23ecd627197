import { LabError } from '../../src/errors.js';
import type { StepContext } from '../../src/lab/define.js';
import { partitionOf, regionsOf } from '../../src/regions.js';

type Place = Pick<StepContext['place'], 'region'>;

const flag = '--replica-region';
const refuse = (message: string, hint: string) => new LabError('usage', message, { hint });

/** Regions that every account has from the start; the first that fits is taken. */
const usual = ['us-west-2', 'us-east-1', 'eu-west-1'];

/** The Regions that the partition of `region` has beside those in `without`, usual ones first. */
function others(region: string, ...without: string[]): string[] {
  const partition = partitionOf(region);
  const all = partition ? regionsOf(partition) : usual;
  return [...usual.filter((name) => all.includes(name)), ...all].filter(
    (name) => name !== region && !without.includes(name),
  );
}

/** Where the replica goes: what was asked for, else us-west-2 or, when the primary is there, us-east-1. */
export function replicaRegion(asked: string | undefined, { region }: Place): string {
  const found = asked ?? others(region)[0];
  if (found !== undefined) return found;
  throw refuse(`the partition of ${region} has no second Region`, 'a multi-Region key needs two: use --region');
}

/** Refuse what can't be before anything is made. */
export function checkReplicaRegion(asked: string | undefined, place: Place): void {
  const there = replicaRegion(asked, place);
  const [from, to] = [partitionOf(place.region), partitionOf(there)];
  if (there === place.region) {
    throw refuse(
      `${flag} ${there} is the Region of the primary key`,
      `choose another one: ${flag} ${others(there)[0]}`,
    );
  }
  // A server that is not AWS may call its Regions what it likes.
  if (!from) return;
  if (!to) throw refuse(`"${there}" (${flag}) is not an AWS Region`, 'write it as in us-west-2');
  if (from !== to) {
    const message = `${flag} ${there} is in partition ${to}, and the primary key's Region ${place.region} in ${from}`;
    throw refuse(message, 'a multi-Region key stays within one partition');
  }
}

/** A third Region, to be named in a call that KMS refuses; the second where there is none. */
export const thirdRegion = (home: string, there: string): string => others(home, there)[0] ?? there;
