import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/here.js';
import { eventsOf, launch, mainFile, type Running, run, scratch, start } from '../support/program.js';
import { refusal, served } from '../support/served.js';

const posix = process.platform !== 'win32';
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the built program, to be broken. */
function copy(): { folder: string; main: string } {
  const folder = scratch();
  for (const part of ['dist', 'labs', 'package.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return { folder, main: join(folder, 'dist/src/main.js') };
}

describe('exit 6: left-overs', () => {
  it('--cleanup could not schedule the deletion, although the lab is proven', async () => {
    const { env } = await served((operation) =>
      operation === 'ScheduleKeyDeletion' ? refusal('AccessDeniedException', 'not you') : undefined,
    );
    const { code, stdout, stderr } = await runHere(['symmetric', '--cleanup', '--json'], { env });
    expect(code).toBe(6);
    expect(stderr).toMatch(/^kms-lab: error: .+\nkms-lab: hint: .*kms-lab cleanup.*\n$/);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ outcome: 'failed', exitCode: 6, error: { kind: 'leftovers' } });
  });

  it('cleanup could not, and counts more than the denial that caused it', async () => {
    const { env } = await served((operation) =>
      operation === 'ScheduleKeyDeletion' ? refusal('AccessDeniedException', 'not you') : undefined,
    );
    await runHere(['symmetric'], { env });
    const { code, stdout, stderr } = await runHere(['cleanup', '--yes'], { env });
    expect(code).toBe(6);
    expect(stdout).toContain('✖ not clean');
    expect(stderr).toMatch(/^kms-lab: error: .*not you\nkms-lab: hint: .+\n$/);
  });

  it('counts more than the error that ended the lab', async () => {
    const { env } = await served((operation) =>
      /^(Encrypt|ScheduleKeyDeletion)$/.test(operation) ? refusal('AccessDeniedException', 'not you') : undefined,
    );
    expect((await runHere(['symmetric', '--cleanup'], { env })).code).toBe(6);
  });
});

describe('exit 2: the program cannot read or write', () => {
  it('the sample file is missing', async () => {
    const { folder, main } = copy();
    rmSync(join(folder, 'labs/symmetric/plaintext-data.txt'));
    const { code, stderr } = await run(['symmetric', '--local'], { main });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^kms-lab: error: 1\.2 .*plaintext-data\.txt: ENOENT\nkms-lab: hint: .+\n$/);
  });

  it.skipIf(!existsSync('/dev/full'))('stdout is full', async () => {
    for (const args of ['list', 'symmetric --local', 'symmetric --local --json', '--help', 'cleanup --local']) {
      const command = `"${process.execPath}" "${mainFile}" ${args} > /dev/full`;
      const { code, stderr } = await launch('bash', ['-c', command]).ended;
      expect({ args, code, stderr }).toEqual({
        args,
        code: 2,
        stderr: expect.stringMatching(/^kms-lab: error: can't write the output: ENOSPC\nkms-lab: hint: .+\n$/),
      });
    }
  });
});

describe('exit 70: our own fault', () => {
  /** Node.js itself fails where nobody expects it: in the lab's step 1.7. */
  const fault = `import crypto from 'node:crypto'; import { syncBuiltinESMExports } from 'node:module';
    const { randomBytes } = crypto;
    crypto.randomBytes = (size) => { if (size === 4096) throw new TypeError('nobody expected this'); return randomBytes(size); };
    syncBuiltinESMExports();`;
  const env = {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS} --import=data:text/javascript,${encodeURIComponent(fault)}`,
  };

  it('says so in two lines and shows no stack', async () => {
    const { code, stdout, stderr } = await run(['symmetric', '--local', '--json'], { env });
    expect(code).toBe(70);
    expect(stderr).toMatch(/^kms-lab: error: 1\.7 .+nobody expected this\nkms-lab: hint: .*report.*\n$/);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'run:end', exitCode: 70, error: { kind: 'bug' } });
  });

  it('shows the stack with --debug', async () => {
    const { code, stderr } = await run(['symmetric', '--local', '--debug'], { env });
    expect(code).toBe(70);
    expect(stderr).toMatch(/TypeError: nobody expected this\n\s+at .+:\d+/);
  });
});

describe.skipIf(!posix)('a signal in the middle of a run', () => {
  /** The embedded KMS that signals the program in a call, and answers when the program has heard it. */
  async function interrupted(signal: NodeJS.Signals, args: string[] = []) {
    let running: Running | undefined;
    const { env, asked } = await served(async (operation) => {
      if (operation !== 'Encrypt' || asked.filter((each) => each === operation).length > 1) return undefined;
      running?.child.kill(signal);
      await running?.says('stderr', 'finishing the call in flight');
      return undefined;
    });
    running = start(['symmetric', '--json', ...args], { env });
    return { ...(await running.ended), asked };
  }

  it.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const)('%s ends it with %i after the call in flight', async (signal, code, kind) => {
    const ended = await interrupted(signal);
    expect(ended.code).toBe(code);
    expect(ended.asked.at(-1)).toBe('Encrypt');
    expect(ended.asked.filter((operation) => operation === 'Encrypt')).toHaveLength(1);
    expect(ended.stderr).toMatch(/\nkms-lab: error: .+\nkms-lab: hint: .*kms-lab cleanup.*\n$/);
    expect(eventsOf(ended.stdout).at(-1)).toMatchObject({ type: 'run:end', exitCode: code, error: { kind } });
  });

  it('in the very last call is heard too, though every claim held', async () => {
    let running: Running | undefined;
    const { env } = await served(async (operation, _request, honest) => {
      // 1.8 decrypts last: the old context, which is refused.
      if (operation !== 'Decrypt' || ++decrypts < 9) return undefined;
      const answer = await honest();
      running?.child.kill('SIGINT');
      await running?.says('stderr', 'finishing the call in flight');
      return answer;
    });
    let decrypts = 0;
    running = start(['symmetric', '--json'], { env });
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(eventsOf(stdout).at(-2)).toMatchObject({ type: 'lab:end', steps: { passed: 8 } });
    expect(eventsOf(stdout).at(-1)).toMatchObject({ exitCode: 130, error: { kind: 'interrupted' } });
  });

  it('--cleanup still removes what the run made', async () => {
    const { code, asked, stdout } = await interrupted('SIGINT', ['--cleanup']);
    expect(code).toBe(130);
    expect(asked).toContain('ScheduleKeyDeletion');
    expect(eventsOf(stdout).at(-1)).toMatchObject({ cleanup: { scheduled: { length: 1 }, failed: [] } });
  });

  it('the second one ends it at once', async () => {
    let running: Running | undefined;
    const { env } = await served(async (operation) => {
      if (operation !== 'Encrypt') return undefined;
      running?.child.kill('SIGINT');
      await running?.says('stderr', 'again to stop at once');
      running?.child.kill('SIGINT');
      await running?.ended;
      return undefined;
    });
    running = start(['symmetric'], { env });
    expect(await running.ended).toMatchObject({ code: null, signal: 'SIGINT' });
  });
});
