import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { launch, scratch } from '../support/program.js';

const script = fileURLToPath(new URL('../../.github/actions/kms-lab/run.sh', import.meta.url));

describe.skipIf(process.platform === 'win32')("the action's script", () => {
  const github = { GITHUB_RUN_ID: '42', GITHUB_RUN_ATTEMPT: '2', INPUT_REPORTS: 'reports' };
  const start = (what: string, cwd: string) =>
    launch('bash', [script, what], { cwd, env: { ...github, RUNNER_TEMP: cwd } }).ended;

  it('runs every lab on the embedded KMS, writes three reports of each, and removes what it made', async () => {
    const cwd = scratch();
    const { code, stderr } = await start('labs', cwd);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const files = labs.flatMap(({ id }) => ['html', 'md', 'xml'].map((kind) => `${id}.${kind}`));
    expect(readdirSync(join(cwd, 'reports')).sort()).toEqual(files.sort());
    const cleaned = await start('cleanup', cwd);
    expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringContaining('gh-42-2') });
    expect(cleaned.stdout).toMatch(/\d+ keys? scheduled for deletion/);
  });
});
