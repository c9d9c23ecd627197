import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/here.js';
import { run, scratch } from '../support/program.js';

/** What no two runs have in common. */
const timeless = (text: string) =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{4}…[0-9a-f]{4}/g, 'ID')
    .replace(/\d{8}T\d{6}-[0-9a-f]{8}/g, 'RUN')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d\.\d{3}Z)?/g, 'TIME')
    .replace(/\d+(\.\d+)? (m?s|min|h)\b/g, 'DURATION')
    .replace(/\(\d+ kB\)/g, 'SIZE');

describe('the program run in this process', () => {
  it.each([
    [['list']],
    [['show', 'symmetric']],
    [['actions']],
    [['cost']],
    [['symetric']],
    [['symmetric', '--local', '--state', 'memory']],
    [['status', '--local']],
  ])('says what a started one says, and ends as it does: %j', async (args) => {
    const ends = [await run(args), await runHere(args)];
    const [there, here] = ends.map(({ stdout, stderr, ...end }) => ({
      ...end,
      stdout: timeless(stdout),
      stderr: timeless(stderr),
    }));
    expect(here).toEqual(there);
  });

  it('leaves this process as it was', async () => {
    const seen = () => ({
      env: { ...process.env },
      folder: process.cwd(),
      code: process.exitCode,
      terminal: process.stdout.isTTY,
      write: process.stdout.write,
      heard: ['SIGINT', 'SIGTERM', 'uncaughtException', 'unhandledRejection'].map((name) =>
        process.listenerCount(name),
      ),
      broken: [process.stdout.listenerCount('error'), process.stderr.listenerCount('error')],
    });
    const before = seen();
    await runHere(['symmetric', '--local'], { env: { KMS_LAB_NAMESPACE: 'ann', AWS_CONFIG_FILE: undefined } });
    await runHere(['symetric'], { env: { NO_COLOR: '1' } });
    expect(seen()).toEqual(before);
  });

  it('keeps what it keeps below its folder', async () => {
    const cwd = scratch();
    expect(await runHere(['symmetric', '--local'], { cwd, env: { KMS_LAB_STATE: undefined } })).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(cwd, '.xdg'))).toBe(true);
  });

  it('runs one at a time', async () => {
    const first = runHere(['list']);
    await expect(runHere(['cost'])).rejects.toThrow("`list` has not ended: two runs can't share a process");
    expect(await first).toMatchObject({ code: 0, signal: null });
    expect(await runHere(['cost'])).toMatchObject({ code: 0 });
  });
});
