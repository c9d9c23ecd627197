import { execFileSync } from 'node:child_process';
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

  it('has a line for what the step does itself: bytes flipped, random, as base64, compared', async () => {
    const lab = Lab.define('tools', facts).step('Do', 'why', async ({ files, tools, verify }) => {
      const given = await files.write('given.txt', Buffer.from('given'));
      const flipped = await tools.flipped(given, 'flipped.txt');
      verify.equal('one bit is another', Buffer.from(flipped).toString(), 'giveo');
      verify.equal('as many bytes as asked for', (await tools.random(40, 'random.bin')).length, 40);
      verify.equal('base64', Buffer.from(await tools.base64(given, 'given.b64')).toString(), 'Z2l2ZW4=');
      tools.compared('copy.txt', given);
      tools.onPaper({ act: 'random', bytes: 1, into: 'only-by-hand.bin' });
    });
    const told = await room.run(lab);
    expect(told.claims('failed')).toEqual([]);
    const lines = told.of('command').map(({ line }) => line);
    expect(lines.map((line) => line.replaceAll('kms-lab-files/tools/', ''))).toEqual([
      "node -e 'const b=require(`node:fs`).readFileSync(process.argv[1]);b[b.length-1]^=1;process.stdout.write(b)' given.txt > flipped.txt",
      'head -c 40 /dev/urandom > random.bin',
      "base64 < given.txt | tr -d '\\n' > given.b64",
      'cmp copy.txt given.txt',
    ]);
    if (process.platform === 'win32') return;
    const bytes = (name: string) => readFileSync(join(room.cwd, 'kms-lab-files/tools', name));
    const before = ['flipped.txt', 'given.b64'].map(bytes);
    execFileSync('bash', ['-ec', lines.slice(0, 3).join('\n')], { cwd: room.cwd });
    expect(['flipped.txt', 'given.b64'].map(bytes)).toEqual(before);
    expect(bytes('random.bin')).toHaveLength(40);
  });
});
