import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
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

  it.each([ctrlC, `y${ctrlC}`])('ends the command as interrupted with %j', async (typed) => {
    await expect(asked(typed)).rejects.toMatchObject({ kind: 'interrupted', message: 'interrupted: nothing was done' });
  });
});
