import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/build-program.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

/** As many as a hundred where there is time (`npm run test:long`). */
const rounds = process.env.LONG === undefined ? 12 : 100;
/** Writers that are alive at the same time, on one state. */
const atOnce = 2;

let program: Awaited<ReturnType<typeof buildProgram>>;
let dir: string;
beforeAll(async () => {
  program = await buildProgram('writer-child');
  dir = await mkdtemp(join(tmpdir(), 'kms-crash-'));
});
afterAll(async () => {
  await program.remove();
  await rm(dir, { recursive: true, force: true });
});

/** Let a writer write and kill it when it has had `lines` changes acknowledged; what it had by then. */
async function killed(round: number, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--no-warnings', program.file, dir, `round${round}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (acknowledged.push(line) === lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return acknowledged;
}

/** The acknowledged change is in the world, or has been overtaken by a later one. */
async function isThere({ kms }: KmsUnderTest, line: string): Promise<boolean> {
  const [what, KeyId = '', value = ''] = line.split(' ');
  if (what === 'alias') return (await kms.describeKey({ KeyId: value })).KeyMetadata?.KeyId === KeyId;
  if (what === 'tag') {
    const { Tags = [] } = await kms.listResourceTags({ KeyId });
    return Tags.some(({ TagKey, TagValue }) => TagKey === 'n' && TagValue === value);
  }
  const { KeyMetadata } = await kms.describeKey({ KeyId });
  return what === 'key' ? KeyMetadata?.KeyState === 'Enabled' : Number(KeyMetadata?.Description) >= Number(value);
}

describe('A process on a kept state', () => {
  it(`is killed ${rounds} times in the middle of its changes, and every acknowledged change is there`, async () => {
    const acknowledged: string[] = [];
    let round = 0;
    const next = async (): Promise<void> => {
      if (round >= rounds) return;
      round++;
      acknowledged.push(...(await killed(round, 1 + ((round * 7) % 23))));
      await next();
    };
    await Promise.all(Array.from({ length: atOnce }, next));
    expect(acknowledged.length).toBeGreaterThan(rounds * 8);

    const on = await kmsUnderTest({ state: { dir } });
    const lost: string[] = [];
    for (const line of acknowledged) if (!(await isThere(on, line).catch(() => false))) lost.push(line);
    expect(lost).toEqual([]);
    // What was not acknowledged is whole or not there: every key that is listed can be used.
    for (const { KeyId } of (await on.kms.listKeys({ Limit: 1000 })).Keys ?? []) {
      await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    }
    await on.close();
  }, 180_000);
});
