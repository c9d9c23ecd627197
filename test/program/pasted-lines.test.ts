import { describe, expect, it } from 'vitest';
import { onPath } from '../support/on-path.js';
import { eventsOf, launch, run, scratch, start } from '../support/program.js';
import { keys } from '../support/served.js';

const local = 'http://127.0.0.1:4599';
const hasAws = process.platform !== 'win32' && onPath('aws', '--version');

async function linesOf(cwd: string): Promise<string[]> {
  const { stdout } = await run(['symmetric', '--local', '--json'], { cwd });
  return eventsOf(stdout).flatMap((event) => (event.type === 'command' ? [`${event.line}`] : []));
}

/** Tampering is no call, so no line shows it: the learner does it by hand to the ciphertext that the lines have just made. */
const tampering = `node -e "const fs = require('fs'), b = fs.readFileSync('kms-lab-files/symmetric/encrypted-data.bin');
b[b.length - 1] ^= 1; fs.writeFileSync('kms-lab-files/symmetric/tampered-data.bin', b)"`;

/** Paste the lines one after another into one bash; what each ended with and wrote to stderr. */
async function paste(
  lines: readonly string[],
  cwd: string,
): Promise<{ line: string; status: number; stderr: string }[]> {
  const each = (line: string) =>
    `{ ${line}\n} 2>.stderr >/dev/null\nprintf '%s %s\\n' $? "$(tr '\\n' ' ' <.stderr)" >&3\n`;
  const script = `set -o pipefail\nexec 3>&1\n${lines.map(each).join('')}`;
  const { stdout, stderr } = await launch('bash', ['-c', script], { cwd, env: keys }).ended;
  expect(stderr).toBe('');
  const ends = stdout.trimEnd().split('\n');
  return lines.map((line, at) => {
    const [, status, said] = /^(\d+) (.*)$/.exec(ends[at] ?? '') ?? [];
    return { line, status: Number(status), stderr: said ?? '' };
  });
}

describe('the AWS CLI lines of a --local run', () => {
  it('all lead to where `kms-lab serve` listens, and nowhere else', async () => {
    const lines = await linesOf(scratch());
    expect(lines).toHaveLength(19);
    for (const line of lines) expect(line.match(/--endpoint-url \S+?(?=[ )]|$)/g)).toEqual([`--endpoint-url ${local}`]);
    expect((await run(['serve', '--help'])).stdout).toMatch(/\(default:\s+4599\)/);
  });

  it.skipIf(!hasAws)(
    `do what they say, pasted in order into bash${hasAws ? '' : ' (no `aws` on PATH)'}`,
    async () => {
      const cwd = scratch();
      const lines = await linesOf(cwd);
      const empty = start(['serve', '--port', '0', '--state', 'memory']);
      const url = /http:\S+/.exec(await empty.says('stdout', 'unset'))?.[0].replace(/;$/, '') ?? '';
      const here = lines
        .map((line) => line.replaceAll(local, url))
        .flatMap((line) => (line.includes('tampered-data.bin') ? [tampering, line] : [line]));
      for (const { line, status, stderr } of await paste(here, cwd)) {
        const refused = /# refused: (\w+)$/.exec(line)?.[1];
        expect({ line, ok: status === 0, stderr }).toEqual({
          line,
          ok: refused === undefined,
          stderr: refused === undefined ? '' : expect.stringContaining(`(${refused})`),
        });
      }
      // The files are now the learner's own work, which no later run overwrites.
      const again = await run(['symmetric', '--local'], { cwd });
      expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('was changed since kms-lab wrote it') });
    },
    120_000,
  );
});
