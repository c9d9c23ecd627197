import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import type { AccountSwept, CleanupEvent, KeyFacts, StatusEvent, StatusKey } from '../../src/cleanup/events.js';
import { cleanupScreen } from '../../src/report/cleanup.js';
import { width } from '../../src/report/layout.js';
import { noProgress } from '../../src/report/spinner.js';
import { statusScreen } from '../../src/report/status.js';

const day = 86_400_000;
const counts = { keys: 40, foreign: 38, ofOthers: 0, filtered: 0, unreadable: 0 };
const account: AccountSwept = {
  type: 'cleanup:account',
  account: '111122223333',
  identity: 'arn:aws:iam::111122223333:user/ann',
  swept: ['us-east-1', 'us-west-2'],
  unswept: [],
  counts,
  owners: [],
};
const facts = (over: Partial<KeyFacts> = {}): KeyFacts => ({
  account: '111122223333',
  region: 'us-east-1',
  keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  alias: 'alias/kms-lab-rotation-key',
  aliases: ['alias/kms-lab-rotation-key'],
  lab: 'rotation',
  namespace: 'default',
  owner: 'arn:aws:iam::111122223333:user/ann',
  run: '20261124T101500-1a2b3c4d',
  created: '2026-11-24T10:15:00.000Z',
  ageMs: 2 * day,
  state: 'Enabled',
  ...over,
});
const key = (over: Partial<StatusKey> = {}): StatusKey => ({
  ...facts(over),
  type: 'status:key',
  monthlyUsd: 3,
  soFarUsd: 0.2,
  rotations: 2,
  ...over,
});
const mrk = 'mrk-1a2b3c4d5e6f47089a0b1c2d3e4f9f0e';
const owner = 'arn:aws:sts::111122223333:assumed-role/Workshop/ann.smith@example.com';
const ends = new Date('2026-12-04T00:00:00Z');

function status(columns: number, keys: StatusKey[], everyone = false, swept = account): string {
  let text = '';
  const screen = statusScreen(
    { write: (more) => (text += more), columns, colour: false, unicode: true, isTerminal: true },
    false,
  );
  const common = { target: 'AWS', kind: 'aws', everyone, filter: {} } as const;
  const end = { outcome: 'passed', exitCode: 0, keys: 2, pending: 1, monthlyUsd: 4, soFarUsd: 0.2 } as const;
  const events: StatusEvent[] = [{ type: 'status:start', ...common }, swept, ...keys, { type: 'status:end', ...end }];
  for (const event of events) screen.on(event);
  return text;
}

/** Words of the table in full, or in the parts between their hyphens. */
function cut(text: string, words: readonly string[]): string[] {
  const said = new Set(text.split(/\s+/));
  return words.filter(
    (word) => !said.has(word) && !word.split(/(?<=\p{L}-)(?=\p{L})/u).every((part) => said.has(part)),
  );
}

describe('status', () => {
  it('has a row for each key, and the sum', () => {
    const dying = { state: 'PendingDeletion', deletionDate: ends, monthlyUsd: 0, soFarUsd: null } as const;
    expect(status(100, [key(), key({ region: 'us-west-2', keyId: mrk, lab: 'multi-region', ...dying })])).toBe(
      `Status · account 111122223333 · 2 Regions swept · keys of ann

  REGION     KEY            LAB           AGE  SO FAR  A MONTH  STATE
  us-east-1  1234…90ab      rotation      2 d   $0.20    $3.00  Enabled
  us-west-2  mrk-1a2b…9f0e  multi-region  2 d       –    $0.00  gone from 2026-12-04

  38 other keys in the account are not kms-lab's and stay untouched

2 keys · cost $0.20 so far, $4.00 a month · 1 key pending deletion, which costs nothing more
`,
    );
  });

  it('counts keys that can not be read', () => {
    const locked = { ...account, counts: { ...counts, unreadable: 2 } };
    expect(status(100, [], false, locked)).toContain("\n  2 keys can't be read: what that is, and costs, is unknown\n");
  });

  it.each(labs.map(({ id }) => [id]))('cuts no word on 80 columns: %s', (lab) => {
    const state = 'PendingReplicaDeletion';
    const text = status(
      80,
      [
        key({ lab, region: 'ap-southeast-2', keyId: mrk, ageMs: 120 * day, soFarUsd: 0.001 }),
        key({ lab, owner, keyId: mrk, monthlyUsd: 0, soFarUsd: null, state, deletionDate: ends }),
      ],
      true,
    );
    expect(text).toContain('  ann.smith@example.com · 1 key · $0.00 a month');
    for (const line of text.split('\n')) expect(width(line)).toBeLessThanOrEqual(80);
    const words = [lab, 'ap-southeast-2', 'mrk-1a2b…9f0e', '120', '<$0.01', '$3.00', 'gone'];
    expect(cut(text, [...words, '2026-12-04', 'REGION', 'MONTH', 'STATE'])).toEqual([]);
  });
});

describe('the end of a cleanup', () => {
  it('says when the last key goes, also that of a primary which waits for its replica', () => {
    let text = '';
    const to = { write: (more: string) => (text += more), columns: 80, colour: false, unicode: true, isTerminal: true };
    const screen = cleanupScreen(to, noProgress, { quiet: true, undoLine: 'kms-lab cleanup --undo' });
    const later = new Date(ends.getTime() + 7 * day);
    const plan = { accounts: 1, keys: 2, aliases: 0, files: 0, skipped: 0, monthlyUsd: 2, seconds: 1, rate: 0.5 };
    const [primary, replica] = [facts({ keyId: mrk }), facts({ keyId: mrk, region: 'us-west-2' })];
    const events: CleanupEvent[] = [
      { type: 'cleanup:start', action: 'remove', target: 'AWS', kind: 'aws', everyone: false, filter: {} },
      account,
      { type: 'cleanup:remove', ...replica, steps: [], reason: 'schedule deletion, 7 days', endDate: ends },
      { type: 'cleanup:remove', ...primary, steps: [], reason: 'schedule deletion: waits', endDate: later },
      { type: 'cleanup:plan', ...plan },
      { type: 'cleanup:removed', ...replica, state: 'PendingDeletion', deletionDate: ends },
      { type: 'cleanup:removed', ...primary, state: 'PendingReplicaDeletion' },
      {
        type: 'cleanup:end',
        ...{ action: 'remove', outcome: 'passed', exitCode: 0, dryRun: false },
        ...{ keys: 2, failed: 0, files: [], durationMs: 2000 },
      },
    ];
    for (const event of events) screen.on(event);
    expect(text.replace(/\s+/g, ' ')).toBe(
      '✔ clean 2 keys scheduled for deletion, gone from 2026-12-04 to 2026-12-11 2.0 s ',
    );
  });
});

describe('the plan of a cleanup', () => {
  it.each(labs.map(({ id }) => [id]))('cuts no word on 80 columns: %s', (lab) => {
    let text = '';
    const to = { write: (more: string) => (text += more), columns: 80, colour: false, unicode: true, isTerminal: true };
    const screen = cleanupScreen(to, noProgress, { quiet: false, undoLine: 'kms-lab cleanup --undo' });
    const reason = 'schedule deletion: waits for its replica in ap-southeast-2, then 7 days';
    const plan = { accounts: 1, keys: 1, aliases: 1, files: 0, skipped: 0, monthlyUsd: 3, seconds: 1, rate: 0.5 };
    const events: CleanupEvent[] = [
      { type: 'cleanup:start', action: 'remove', target: 'AWS', kind: 'aws', everyone: false, filter: {} },
      account,
      {
        type: 'cleanup:remove',
        ...facts({ lab, owner, region: 'ap-southeast-2', keyId: mrk }),
        steps: [],
        reason,
        endDate: ends,
      },
      { type: 'cleanup:plan', ...plan },
    ];
    for (const event of events) screen.on(event);
    for (const line of text.split('\n')) expect(width(line)).toBeLessThanOrEqual(80);
    expect(cut(text, [lab, 'ap-southeast-2', 'mrk-1a2b…9f0e', 'deletion:', '2026-12-04', 'ACTION'])).toEqual([]);
    expect(text).toContain('saves $3.00 a month');
  });
});
