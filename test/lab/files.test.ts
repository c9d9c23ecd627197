import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import symmetric from '../../labs/symmetric/lab.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { openRoom, type Room } from './room.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const posix = process.platform !== 'win32';

describe("the learner's files", () => {
  let room: Room;
  const folder = () => join(room.cwd, 'kms-lab-files', 'symmetric');
  const file = (name: string) => readFile(join(folder(), name));

  beforeAll(async () => {
    room = await openRoom();
    await room.run(symmetric);
  });
  afterAll(() => room.close());

  it('are those of the lesson, in a manifest that knows each', async () => {
    const plaintext = await readFile(join(packageRoot(), 'labs', 'symmetric', 'plaintext-data.txt'));
    const names = (await readdir(folder())).sort();
    expect(names).toMatchInlineSnapshot(`
      [
        "4096-bytes-encrypted.bin",
        "4096-bytes.bin",
        "4097-bytes.bin",
        "decrypted-data.txt",
        "encrypted-data.bin",
        "encrypted-with-context.bin",
        "manifest.json",
        "reencrypted-data.bin",
        "tampered-data.bin",
      ]
    `);
    expect(await file('decrypted-data.txt')).toEqual(plaintext);
    expect((await file('encrypted-data.bin')).includes(plaintext.subarray(0, 16))).toBe(false);
    expect([(await file('4096-bytes.bin')).length, (await file('4097-bytes.bin')).length]).toEqual([4096, 4097]);
    const [blob, changed] = await Promise.all([file('encrypted-data.bin'), file('tampered-data.bin')]);
    expect([...blob].filter((byte, index) => byte !== changed[index])).toHaveLength(1);
    const { files } = JSON.parse((await file('manifest.json')).toString());
    const others = names.filter((name) => name !== 'manifest.json');
    expect(Object.keys(files)).toEqual(others);
    for (const name of others) {
      const bytes = await file(name);
      expect(files[name]).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length });
    }
  });

  it.runIf(posix)('are for the learner alone', async () => {
    const modes = await Promise.all(
      (await readdir(folder())).map(async (name) => ((await stat(join(folder(), name))).mode & 0o777).toString(8)),
    );
    expect(new Set(modes)).toEqual(new Set(['600']));
    expect((await stat(folder())).mode & 0o777).toBe(0o700);
  });

  it('are spelt from where the learner is: a folder whose name needs quoting is in no line', async () => {
    const cwd = await mkdtemp(join(room.cwd, "it's here "));
    const told = await room.run(symmetric, { cwd });
    const lines = told.of('command').map(({ line }) => line);
    const written = lines.filter((line) => line.includes('kms-lab-files'));
    expect(written.length).toBeGreaterThan(8);
    for (const line of lines) expect(line).not.toContain(cwd);
    expect(told.end.files).toBe('kms-lab-files/symmetric/');
  });

  const spoiled: [string, (dir: string) => Promise<unknown>][] = [
    ['a file stands where the folder goes', (dir) => writeFile(join(dir, 'kms-lab-files'), 'mine')],
    [
      'a link stands where the folder goes',
      async (dir) => {
        await mkdir(join(dir, 'elsewhere'));
        await symlink(join(dir, 'elsewhere'), join(dir, 'kms-lab-files'), 'junction');
      },
    ],
    [
      "a file of the learner's own has the name",
      async (dir) => {
        await mkdir(join(dir, 'kms-lab-files', 'symmetric'), { recursive: true });
        await writeFile(join(dir, 'kms-lab-files', 'symmetric', 'encrypted-data.bin'), 'mine');
      },
    ],
    ...(posix && process.getuid?.() !== 0
      ? ([['the folder may not be written', (dir) => chmod(dir, 0o500)]] satisfies typeof spoiled)
      : []),
  ];
  it.each(spoiled)('stop the lab at 1.2 when %s, and nothing is written', async (_what, spoil) => {
    const dir = await mkdtemp(join(room.cwd, 'spoiled-'));
    await spoil(dir);
    const before = await readdir(dir, { recursive: true });
    const told = await room.run(symmetric, { cwd: dir });
    expect(told.error).toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^1\.2 Encrypt a file: .*kms-lab-files/),
    });
    expect(told.end.files).toBeUndefined();
    expect(await readdir(dir, { recursive: true })).toEqual(before);
  });
});
