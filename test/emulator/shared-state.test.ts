import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/build-program.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let program: Awaited<ReturnType<typeof buildProgram>>;
const folders: string[] = [];
let dir: string;
beforeAll(async () => {
  program = await buildProgram('kms-child');
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kms-shared-'));
  folders.push(dir);
});
afterAll(async () => {
  await program.remove();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Start a process that makes keys; `made` grows with what it has been told is done. */
function startChild(count?: number) {
  const child = spawn(process.execPath, ['--no-warnings', program.file, dir, ...(count ? [String(count)] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const made: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => made.push(line));
  return { child, made, lines };
}

async function keysOf({ kms }: KmsUnderTest): Promise<string[]> {
  const { Keys = [], Truncated } = await kms.listKeys({ Limit: 1000 });
  expect(Truncated).toBe(false);
  return Keys.map(({ KeyId }) => KeyId as string);
}

describe('A state in a folder', () => {
  it('is there again after closing', async () => {
    const first = await kmsUnderTest({ state: { dir } });
    const KeyId = await first.key();
    const { CiphertextBlob } = await first.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    await first.close();
    await first.close();
    const second = await kmsUnderTest({ state: { dir } });
    const { Plaintext } = await second.kms.decrypt({ CiphertextBlob: CiphertextBlob as Uint8Array });
    expect(Buffer.from(Plaintext as Uint8Array).toString()).toBe('hi');
    await second.close();
  });

  it('is one world for two processes that write at once: nothing is lost', async () => {
    const on = await kmsUnderTest({ state: { dir } });
    const { child, made, lines } = startChild(40);
    await once(lines, 'line');
    const ours: string[] = [];
    for (let n = 0; n < 40; n++) {
      ours.push(await on.key());
      const theirs = made.at(-1) as string;
      expect((await on.kms.describeKey({ KeyId: theirs })).KeyMetadata?.KeyState).toBe('Enabled');
    }
    if (child.exitCode === null) await once(child, 'close');
    expect(await keysOf(on)).toEqual([...ours, ...made].sort());
    expect(made).toHaveLength(40);
    await on.close();
  });
});
