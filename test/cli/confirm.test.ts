import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { question } from '../../src/cli/cleaning.js';
import { confirm } from '../../src/cli/confirm.js';

/** Ask, and type at the question. */
function asked(typed: string): Promise<void> {
  const input = new PassThrough();
  const answer = confirm('Go ahead?', { input, output: new PassThrough().resume() });
  input.write(typed);
  return answer;
}

const [ctrlC, ctrlD] = ['\u0003', '\u0004'];

describe('a question', () => {
  it.each(['y\r', 'Y\r', ' yes \r'])('is agreed to with %j', async (typed) => {
    await expect(asked(typed)).resolves.toBeUndefined();
  });

  it.each(['\r', 'n\r', 'yesterday\r', ctrlD])('is not agreed to with %j', async (typed) => {
    await expect(asked(typed)).rejects.toMatchObject({ kind: 'guard', message: 'not confirmed: nothing was done' });
  });

  it.each([ctrlC, ctrlD, 'y\r'])('leaves the cursor on a new line after %j', async (typed) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = confirm('Go ahead?', { input, output }).catch(() => {});
    input.write(typed);
    await answer;
    expect(String(output.read())).toMatch(/\(y\/N\) [^\n]*\n$/);
  });

  it.each([ctrlC, `y${ctrlC}`])('ends the command as interrupted with %j', async (typed) => {
    await expect(asked(typed)).rejects.toMatchObject({ kind: 'interrupted', message: 'interrupted: nothing was done' });
  });
});

describe('what cleanup asks', () => {
  const all = { color: true, rate: 0.5, window: 7 };
  it.each([
    [all, 2, 1, 'Go ahead?'],
    [{ ...all, quiet: true }, 1, 0, 'Remove 1 key. Go ahead?'],
    [{ ...all, quiet: true }, 2, 3, 'Remove 2 keys and 3 local files. Go ahead?'],
    [{ ...all, quiet: true, undo: true }, 2, 0, 'Give back 2 keys. Go ahead?'],
  ])('tells how much where the plan is not shown: %j', (options, keys, files, asks) => {
    expect(question(options, keys, files)).toBe(asks);
  });
});
