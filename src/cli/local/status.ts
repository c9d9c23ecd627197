import { statSync } from 'node:fs';
import { stateFile } from '../../emulator/store/lmdb.js';
import type { Contents, KeysThere } from '../../emulator/upkeep/upkeep.js';
import { many } from '../../report/age.js';
import type { LocalOptions } from '../local.js';
import { isThere, keptFolder, withUpkeep } from './state.js';
import { happeningJson, happeningLines, instant, print, printJson, spanWords } from './words.js';

/** How many of the things to come are told. */
const next = 5;

/** Say what a state holds; makes none where there is none. */
export async function tellState({ state, json }: LocalOptions): Promise<void> {
  const folder = keptFolder(state);
  if (!isThere(folder)) {
    if (json) printJson({ type: 'local:status', state: folder, bytes: 0, ...jsonOf(nothing()) });
    else print(`The embedded KMS has no state in ${folder} yet: nothing was made.`);
    return;
  }
  const contents = await withUpkeep(folder, (upkeep) => upkeep.contents());
  const bytes = statSync(stateFile(folder)).size;
  if (json) printJson({ type: 'local:status', state: folder, bytes, ...jsonOf(contents) });
  else print(`The embedded KMS in ${folder} (${size(bytes)})`, ...linesOf(contents));
}

const nothing = (): Contents => ({ now: Date.now(), ahead: 0, keys: [], upcoming: [], events: 0 });

const jsonOf = ({ now, ahead, keys, upcoming, events }: Contents) => ({
  now: new Date(now).toISOString(),
  aheadMs: ahead,
  keys,
  upcoming: upcoming.map(happeningJson),
  auditEvents: events,
});

function linesOf({ now, ahead, keys, upcoming, events }: Contents): string[] {
  const more = upcoming.length > next ? [`… and ${upcoming.length - next} later (--json lists all)`] : [];
  return [
    ...part('clock', [
      `${instant(now)}${ahead > 0 ? `, ${spanWords(ahead)} ahead of this machine` : ', as this machine'}`,
    ]),
    ...part('keys', keys.length > 0 ? keys.map(keysLine) : ['none']),
    ...part('due', upcoming.length > 0 ? [...happeningLines(upcoming.slice(0, next)), ...more] : ['nothing']),
    ...part('audit', [many(events, 'event')]),
  ];
}

/** A name before the first line, and room for it before the others. */
const part = (name: string, lines: readonly string[]) =>
  lines.map((line, at) => `  ${(at === 0 ? name : '').padEnd(7)}${line}`);

function keysLine({ account, region, states }: KeysThere): string {
  const counts = Object.entries(states).map(([state, count]) => `${count} ${state}`);
  return `${region} of ${account}: ${counts.join(', ')}`;
}

const size = (bytes: number) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
