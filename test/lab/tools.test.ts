import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError } from '../../src/errors.js';
import { Lab } from '../../src/lab/define.js';
import { openRoom, type Room } from './room.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 0, teaches: [] };

/** A lab that runs a script of Node.js's on a file it has written, and says what came of it. */
const labOf = (script: string) =>
  Lab.define('tools', facts).step('Run', 'why', async ({ kms, files, tools, note }) => {
    const given = await files.write('given.txt', Buffer.from('given'));
    await kms.listKeys({});
    const made = await tools.run('node', ['-e', script, files.pathOf(given)], 'made.txt');
    note(made.bytes ? 'made' : made.why);
  });

describe("a program of the learner's", () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('finds their files, its stdout becomes one, and its line stands among those of the calls', async () => {
    const told = await room.run(labOf('process.stdout.write(fs.readFileSync(process.argv[1], "utf8") + " and made")'));
    expect(told.of('note').map(({ text }) => text)).toEqual(['made']);
    expect(readFileSync(join(room.cwd, 'kms-lab-files/tools/made.txt'), 'utf8')).toBe('given and made');
    expect(told.of('command').map(({ line }) => line)).toEqual([
      'aws kms list-keys --region us-east-1 --endpoint-url http://127.0.0.1:4599',
      `node -e 'process.stdout.write(fs.readFileSync(process.argv[1], "utf8") + " and made")' kms-lab-files/tools/given.txt > kms-lab-files/tools/made.txt`,
    ]);
  });

  it.each([
    [
      'fails',
      'process.stdout.write("half"); console.error("no\\nmore"); process.exitCode = 3',
      'node did not succeed: no',
    ],
    ['says nothing', '', 'node said nothing'],
  ])('that %s has no line and leaves no file', async (_how, script, why) => {
    const told = await room.run(labOf(script));
    expect(told.of('note').map(({ text }) => text)).toEqual([why]);
    expect(told.of('command')).toHaveLength(1);
    expect(() => readFileSync(join(room.cwd, 'kms-lab-files/tools/made.txt'))).toThrow('ENOENT');
  });

  it('is ended by Ctrl-C', async () => {
    const stop = new AbortController();
    const lab = Lab.define('tools', facts).step('Hang', 'why', async ({ tools }) => {
      const hanging = tools.run('node', ['-e', 'setInterval(() => {}, 1000)'], 'made.txt');
      stop.abort(new LabError('interrupted', 'interrupted by SIGINT'));
      await hanging;
    });
    expect((await room.run(lab, { signal: stop.signal })).error).toMatchObject({ kind: 'interrupted' });
  });
});
