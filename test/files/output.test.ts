import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLearnerFile } from '../../src/files/learner-files.js';
import { discardUnfinished, openOutput } from '../../src/files/output.js';
import { removeLearnerFiles } from '../../src/files/remove-files.js';

const posix = process.platform !== 'win32';
let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kms-lab-output-'));
  path = join(dir, 'out');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('a file has its name when it is kept, not before', async () => {
  const output = await openOutput(path);
  await output.file.write('all of it');
  expect(readdirSync(dir)).toEqual([expect.stringMatching(/^\.out\.[0-9a-f]{16}\.part$/)]);
  if (posix) expect((await output.file.stat()).mode & 0o777).toBe(0o600);
  await output.keep();
  await output.discard();
  expect(readdirSync(dir)).toEqual(['out']);
  expect(readFileSync(path, 'utf8')).toBe('all of it');
});

it('a file that is discarded leaves nothing', async () => {
  const output = await openOutput(path);
  await output.file.write('half of');
  await output.discard();
  await output.discard();
  expect(readdirSync(dir)).toEqual([]);
});

it('a file that took the name meanwhile is not replaced, unless that was asked for', async () => {
  for (const replace of [false, true]) {
    const output = await openOutput(path, { replace });
    await output.file.write('new');
    writeFileSync(path, 'old');
    if (replace) await output.keep();
    else await expect(output.keep()).rejects.toMatchObject({ code: 'EEXIST' });
    await output.discard();
    expect(readFileSync(path, 'utf8')).toBe(replace ? 'new' : 'old');
    expect(readdirSync(dir)).toEqual(['out']);
  }
});

it('a process without time left removes what is unfinished', async () => {
  const outputs = [await openOutput(path), await openOutput(path)];
  discardUnfinished();
  expect(readdirSync(dir)).toEqual([]);
  for (const output of outputs) await output.discard();
});

it('a large file of the learner’s is recorded like a small one, and removed like one', async () => {
  const folder = join(dir, 'kms-lab-files', 'envelope');
  const piece = Buffer.alloc(700_000, 'x');
  const write = (pieces: number) =>
    createLearnerFile(folder, 'large.bin', async (file) => {
      for (let n = 0; n < pieces; n++) await file.write(piece);
    });
  const { bytes, sha256 } = await write(3);
  expect(statSync(join(folder, 'large.bin')).size).toBe(2_100_000);
  expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).files['large.bin']).toEqual({ sha256, bytes });
  await write(2);
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(1_400_000, 'y'));
  await expect(write(1)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('was changed since'),
  });
  expect(removeLearnerFiles(folder).kept).toMatchObject([{ reason: 'was changed since kms-lab wrote it' }]);
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(1_400_000, 'x'));
  removeLearnerFiles(folder);
  expect(readdirSync(dir)).toEqual([]);
});

it('a large file whose writing fails leaves neither file nor temporary name, and the old one as it was', async () => {
  const folder = join(dir, 'kms-lab-files', 'envelope');
  await createLearnerFile(folder, 'a.bin', (file) => file.write(Buffer.from('first')));
  const failing = createLearnerFile(folder, 'a.bin', async (file) => {
    await file.write(Buffer.from('sec'));
    throw new RangeError('the tag is wrong');
  });
  await expect(failing).rejects.toThrow(RangeError);
  expect(readdirSync(folder).sort()).toEqual(['a.bin', 'manifest.json']);
  expect(readFileSync(join(folder, 'a.bin'), 'utf8')).toBe('first');
});
