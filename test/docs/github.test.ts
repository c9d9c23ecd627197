import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { launch, scratch } from '../support/program.js';
import { refusal, served } from '../support/served.js';

const folder = fileURLToPath(new URL('../../.github/', import.meta.url));
const script = join(folder, 'actions/kms-lab/run.sh');
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  shell?: string;
  with?: Record<string, string>;
  env?: Record<string, string>;
}

interface Job {
  if?: string;
  needs?: string;
  environment?: string;
  permissions?: Record<string, string>;
  steps: Step[];
  'timeout-minutes'?: number;
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency: Record<string, unknown>;
  jobs: Record<string, Job>;
}

const workflows: Record<string, Workflow> = Object.fromEntries(
  readdirSync(join(folder, 'workflows')).map((name) => [name, parse(read(`workflows/${name}`))]),
);
const action: { inputs: Record<string, { default: string }>; runs: { steps: Step[] } } = parse(
  read('actions/kms-lab/action.yml'),
);

/** Every step of every workflow and of the action. */
const steps: Step[] = [
  ...Object.values(workflows).flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps)),
  ...action.runs.steps,
];

describe('workflows and the action', () => {
  it('put no expression into a script: what comes from outside is a variable of the environment', () => {
    expect(steps.flatMap(({ run }) => run ?? []).filter((run) => run.includes('${{'))).toEqual([]);
  });

  it('use only actions with a version, or of this repository', () => {
    const uses = steps.flatMap(({ uses }) => uses ?? []);
    expect(uses.filter((name) => !/^(\.\/|[\w-]+\/[\w-]+@v\d+$)/.test(name))).toEqual([]);
  });

  it('have the rights they need, and a limit of time', () => {
    for (const { permissions, jobs } of Object.values(workflows)) {
      expect(permissions).toMatchObject({ contents: 'read' });
      for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
    }
    expect(workflows['ci.yml']?.permissions).toEqual({ contents: 'read' });
  });
});

describe('labs.yml', () => {
  const workflow = workflows['labs.yml'];
  const job = workflow?.jobs.labs;
  const settings = new Set(Object.keys(action.inputs));

  it('starts by hand and weekly, never by a push or a pull request', () => {
    expect(Object.keys(workflow?.on ?? {}).sort()).toEqual(['schedule', 'workflow_dispatch']);
  });

  it('is off until the repository sets a role and an account', () => {
    expect(job?.if).toBe("vars.KMS_LAB_ROLE != '' && vars.KMS_LAB_ACCOUNT != ''");
  });

  it('runs one at a time and is not stopped by the next', () => {
    expect(workflow?.concurrency).toEqual({ group: 'labs-on-aws', 'cancel-in-progress': false });
  });

  it('cleans up and uploads the reports also when a lab failed or the run was cancelled', () => {
    const always = job?.steps.filter((step) => step.if === 'always()') ?? [];
    expect(always.map(({ run, uses }) => run ?? uses)).toEqual([
      '.github/actions/kms-lab/run.sh cleanup',
      expect.stringContaining('actions/upload-artifact@'),
    ]);
    expect(job?.steps.at(-1)?.with?.path).toBe(action.inputs.reports?.default);
  });

  it('gives the action inputs that it has', () => {
    const given = job?.steps.find(({ uses }) => uses?.startsWith('./'))?.with ?? {};
    expect(Object.keys(given).filter((name) => !settings.has(name))).toEqual([]);
  });
});

describe('release.yml', () => {
  const { on, permissions, jobs } = workflows['release.yml'] ?? ({ jobs: {} } as Workflow);
  const { publish, test } = jobs;

  it('starts by a tag alone, and is off until the repository names the package', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } });
    for (const job of Object.values(jobs)) expect(job.if).toBe("vars.KMS_LAB_NPM_NAME != ''");
    expect(Object.keys(jobs)).toEqual(['test', 'publish']);
  });

  it('publishes with provenance, after the tests, with rights that nothing else has', () => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(test?.permissions).toBeUndefined();
    expect(test?.steps.flatMap(({ run }) => run ?? [])).toEqual(
      expect.arrayContaining(['.ci/run', 'npm audit', 'npm run peers && npm run test:package']),
    );
    expect(publish).toMatchObject({
      needs: 'test',
      environment: 'npm',
      permissions: { contents: 'read', 'id-token': 'write' },
    });
    const runs = publish?.steps.flatMap(({ run }) => run ?? []);
    expect(runs?.at(0)).toBe('node .github/release-check.mjs');
    expect(runs?.at(-1)).toBe('npm publish --provenance --access public');
    const withToken = Object.values(jobs).flatMap(({ steps }) => steps.filter(({ env }) => env?.NODE_AUTH_TOKEN));
    expect(withToken).toEqual([publish?.steps.at(-1)]);
  });

  it.each([
    ['all agree', {}, {}, ''],
    ['the package is private', { private: true }, {}, 'not released: package.json says "private": true\n'],
    [
      'another name',
      {},
      { NAME: 'other' },
      'not released: KMS_LAB_NPM_NAME is "other", and package.json\'s name is "x"\n',
    ],
    [
      'another version',
      {},
      { TAG: 'v2.0.0' },
      'not released: the tag is "v2.0.0", and package.json\'s version is "1.2.3"\n',
    ],
    [
      'another repository, which provenance would belie',
      { repository: undefined },
      {},
      'not released: this repository is "https://github.com/an/x", and package.json\'s repository is ""\n',
    ],
  ])('looks whether it is meant: %s', async (_what, fields, environment, says) => {
    const cwd = scratch();
    const released = { name: 'x', version: '1.2.3', repository: { url: 'git+https://github.com/an/x.git' } };
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ ...released, ...fields }));
    const env = { NAME: 'x', TAG: 'v1.2.3', GITHUB_REPOSITORY: 'an/x', ...environment };
    const { code, stderr } = await launch(process.execPath, [join(folder, 'release-check.mjs')], { cwd, env }).ended;
    expect({ code, stderr }).toEqual({ code: says ? 1 : 0, stderr: says });
  });

  it('and package.json is private as long as the name is not ours', () => {
    const { private: kept } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const told = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    // `npx kms-lab` runs what is built in the clone, and whatever the registry has under the name elsewhere.
    const fromRegistry = told.match(/npm (i|install) (-g )?kms-lab\b|npx (-y|--yes) kms-lab/g);
    expect(kept ? fromRegistry : null).toBeNull();
  });
});

describe.skipIf(process.platform === 'win32')("the action's script", () => {
  const github = { GITHUB_RUN_ID: '42', GITHUB_RUN_ATTEMPT: '2', INPUT_REPORTS: 'reports' };
  const start = (what: string, env: Record<string, string | undefined>, cwd = scratch()) =>
    launch('bash', [script, what], { cwd, env: { ...github, RUNNER_TEMP: cwd, ...env } }).ended;

  it('runs the labs that are named, a line or a blank between them', async () => {
    const { code, stdout } = await start('labs', { INPUT_LABS: 'symmetric\n symmetric\n' });
    expect(code).toBe(0);
    expect(stdout.match(/^✔ proven/gm)).toHaveLength(2);
  });

  it.each(['--help', 'symmetric; touch owned', '$(touch owned)', '../x', 'cleanup'])(
    'takes nothing but a lab for a lab: %s',
    async (INPUT_LABS) => {
      const cwd = scratch();
      const { code, stdout, stderr } = await start('labs', { INPUT_LABS }, cwd);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^kms-lab: error: no lab of this name: /);
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it('goes on after a lab that fails and ends with its exit code', async () => {
    const { env } = await served((name) => (name === 'Encrypt' ? refusal('AccessDeniedException', 'no') : undefined));
    const role = { ...env, INPUT_ROLE: 'arn:aws:iam::111122223333:role/labs', INPUT_LABS: 'symmetric symmetric' };
    const { code, stdout } = await start('labs', role);
    expect(code).toBe(4);
    expect(stdout.match(/^✖ not proven/gm)).toHaveLength(2);
  });

  it('with a role works in no other account than the role', async () => {
    const { env, asked } = await served();
    const { code, stderr } = await start('labs', { ...env, INPUT_ROLE: 'arn:aws:iam::999999999999:role/labs' });
    expect(code).toBe(2);
    expect(stderr).toContain('999999999999');
    expect(asked.filter((name) => name !== 'sts')).toEqual([]);
  });
});

describe('issue forms and dependabot', () => {
  it.each(['bug.yml', 'lab.yml'])('%s asks for what is needed, each field once', (name) => {
    const form: { name: string; description: string; body: { type: string; id?: string; attributes: object }[] } =
      parse(read(`ISSUE_TEMPLATE/${name}`));
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
    const ids = form.body.filter(({ type }) => type !== 'markdown').map(({ id }) => id);
    expect(ids.every((id) => /^[\w-]+$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(
      form.body.every(({ type }) => ['markdown', 'input', 'textarea', 'dropdown', 'checkboxes'].includes(type)),
    ).toBe(true);
  });

  it('dependabot looks after packages and after the actions of workflows and of our action', () => {
    const { updates }: { updates: Record<string, unknown>[] } = parse(read('dependabot.yml'));
    expect(updates.map((each) => each['package-ecosystem'])).toEqual(['npm', 'github-actions']);
    expect(updates[1]?.directories).toEqual(['/', '/.github/actions/kms-lab']);
  });
});
