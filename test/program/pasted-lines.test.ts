import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { paste, pythonOfAws, warm } from '../by-hand/paste.js';
import { onPath } from '../support/on-path.js';
import { eventsOf, run, scratch, start } from '../support/program.js';
import { keys } from '../support/served.js';

const local = 'http://127.0.0.1:4599';
const hasAws = process.platform !== 'win32' && onPath('aws', '--version');

async function linesOf(cwd: string): Promise<string[]> {
  const { stdout } = await run(['symmetric', '--local', '--json'], { cwd });
  return eventsOf(stdout).flatMap((event) => (event.type === 'command' ? [`${event.line}`] : []));
}

describe('the AWS CLI lines of a --local run', () => {
  it('all lead to where `kms-lab serve` listens, and nowhere else', async () => {
    const lines = (await linesOf(scratch())).filter((line) => line.includes('aws '));
    expect(lines).toHaveLength(19);
    for (const line of lines) expect(line.match(/--endpoint-url \S+?(?=[ )]|$)/g)).toEqual([`--endpoint-url ${local}`]);
    expect((await run(['serve', '--help'])).stdout).toMatch(/\(default:\s+4599\)/);
  });

  it.skipIf(!hasAws)(
    `do what they say, pasted in order into bash${hasAws ? '' : ' (no `aws` on PATH)'}`,
    async () => {
      const cwd = scratch();
      const lines = await linesOf(cwd);
      const folder = join(cwd, 'kms-lab-files/symmetric');
      const before = readFileSync(join(folder, 'encrypted-data.bin'));
      const empty = start(['serve', '--port', '0', '--state', 'memory']);
      const url = /http:\S+/.exec(await empty.says('stdout', 'unset'))?.[0].replace(/;$/, '') ?? '';
      const env = { ...keys, AWS_ENDPOINT_URL: url };
      const python = pythonOfAws();
      const desk = join(cwd, '.desk');
      if (python) await warm(python, [desk], env);
      const here = lines.map((line) => line.replaceAll(local, url)).join('\n');
      const pasted = await paste(here, { shell: 'bash', cwd, desk, env, isWarm: python !== undefined });

      const calls = lines.filter((line) => line.includes('aws '));
      const promised = calls.map((line) => /# refused: (\w+)$/.exec(line)?.[1] ?? 'ok');
      expect(pasted.calls.map((call) => call.replace(/^.*: /, ''))).toEqual(promised);
      expect(pasted.failed).toBe(promised.filter((outcome) => outcome !== 'ok').length);
      // The files are now the learner's own work, which no later run overwrites.
      expect(readFileSync(join(folder, 'encrypted-data.bin'))).not.toEqual(before);
      const again = await run(['symmetric', '--local'], { cwd });
      expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('was changed since kms-lab wrote it') });
    },
    120_000,
  );
});
