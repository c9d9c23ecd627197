import type { KeySummary, LabEnd, RunEnd } from '../lab/events.js';
import { cost } from './headline.js';
import { count, hang, keep } from './layout.js';
import type { Ink } from './mark.js';
import type { Story } from './story.js';

/** Options that make a `kms-lab` line we print reach the same place as this run, each word by itself. */
export interface FollowUp {
  /** For `kms-lab cleanup`, as given: `['--local', '--namespace', 'alice']`. */
  cleanup?: readonly string[];
  /** For `kms-lab serve`: `['--state', '/tmp/state']`. */
  serve?: readonly string[];
  /** The world was in memory and is gone with the run: nothing stays, and nothing can be reached by hand. */
  gone?: boolean;
}

/** What stays after a run, what it costs, and the lines that remove or repeat it. */
export function aftermath(
  end: RunEnd,
  story: Story,
  ink: Ink,
  limit: number,
  next: FollowUp,
  byHand: boolean,
): string[] {
  const removed = new Set(end.cleanup?.scheduled.map(nameOf));
  const stays = <Key extends KeySummary>(keys: Key[]) => keys.filter((key) => !removed.has(nameOf(key)));
  const serve = command(['kms-lab', 'serve', ...(next.serve ?? [])]);
  const sentences = [
    ...removals(end, ink),
    ...(next.gone
      ? ['nothing stays: the keys were kept in memory, and are gone with this run']
      : [
          ...leftInPlace(story, stays, next, ink),
          ...story.labs.flatMap(({ older }) => stays(older).map((key) => olderKey(key, story, ink))),
        ]),
    ...learnerFiles(story, ink),
    ...(byHand && !next.gone
      ? [`try the lines above by hand: ${keep(`\`${serve}\``)} in another terminal (it prints the credentials to set)`]
      : []),
  ];
  return sentences.flatMap((sentence) =>
    hang('  ', sentence, limit).map((line, at) => (at === 0 ? line : `  ${line}`)),
  );
}

function learnerFiles({ labs }: Story, ink: Ink): string[] {
  const folders = labs.flatMap(({ files }) => (files ? [ink.whole(files)] : []));
  return folders.length > 0 ? [`your files: ${folders.join(', ')}`] : [];
}

const nameOf = ({ keyId, region }: KeySummary) => `${region} ${keyId}`;

function removals({ cleanup }: RunEnd, ink: Ink): string[] {
  if (!cleanup) return [];
  const { scheduled, failed } = cleanup;
  return [
    ...(scheduled.length > 0 ? [`cleaned up: ${count(scheduled.length, 'key')} scheduled for deletion`] : []),
    ...failed.map((key) => ink.text(`not removed: key ${key.keyId} in ${key.region}`)),
  ];
}

function leftInPlace(
  story: Story,
  stays: (keys: LabEnd['keys']) => LabEnd['keys'],
  next: FollowUp,
  ink: Ink,
): string[] {
  const labs = story.labs.filter((lab) => stays(lab.keys).length > 0);
  const keys = labs.flatMap((lab) => stays(lab.keys));
  if (keys.length === 0) return [];
  const reused = keys.filter((key) => !key.made).length;
  const what =
    reused === keys.length
      ? count(keys.length, 'reused key')
      : `${count(keys.length, 'key')}${reused > 0 ? `, ${reused} of them reused` : ''}`;
  const price = cost(
    keys.reduce((sum, key) => sum + key.monthlyUsd, 0),
    story.kind,
  );
  const [only] = labs;
  const which = labs.length === 1 && only ? ['--lab', only.lab] : [];
  const line = command(['kms-lab', 'cleanup', ...which, ...(next.cleanup ?? [])]);
  return [`left in place: ${what} (${price}). Remove ${keys.length === 1 ? 'it' : 'them'}: ${keep(ink.whole(line))}`];
}

const olderKey = (key: KeySummary, story: Story, ink: Ink) =>
  ink.text(
    `older: key ${key.keyId} in ${key.region}, without an alias, still costs ${cost(key.monthlyUsd, story.kind)}`,
  );

/** Words as a line for a POSIX shell. */
export function command(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
