import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launch, mainFile, run, scratch } from '../support/program.js';

const readme = readFileSync(join(dirname(mainFile), '../../README.md'), 'utf8').replaceAll('\r\n', '\n');
const section = readme.split(/^## /m).find((text) => text.startsWith('Permissions\n')) ?? '';
/** README's commands about policies; a port of its own, so that nothing else is in the way. */
const [one, several, serving, asAlice] = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, script = '']) =>
  script
    .replaceAll('npx kms-lab serve', 'npx kms-lab serve --port 0 --state memory')
    .replaceAll('npx kms-lab', 'kms_lab'),
) as [string, string, string, string];
const shell = (script: string) => `set -e; kms_lab() { '${process.execPath}' '${mainFile}' "$@"; }\n${script}`;

describe.skipIf(process.platform === 'win32')('README’s commands for policies', () => {
  it('print policies; with hers a student proves a lab in her namespace, and in no other', async () => {
    const cwd = scratch();
    expect(await launch('bash', ['-c', shell(one + several)], { cwd }).ended).toMatchObject({ code: 0, stderr: '' });
    const { Statement } = JSON.parse(readFileSync(join(cwd, 'policy.json'), 'utf8'));
    expect(Statement.map(({ Sid }: { Sid: string }) => Sid)).toContain('WorkOnKeys');

    const server = launch('bash', ['-c', serving.replace('kms_lab', `exec '${process.execPath}' '${mainFile}'`)], {
      cwd,
    });
    const said = await server.says('stdout', 'unset AWS_PROFILE');
    const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(said)?.[1] ?? '';
    const env = { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' };
    expect(await launch('bash', ['-c', shell(asAlice)], { cwd, env }).ended).toMatchObject({ code: 0, stderr: '' });

    const elsewhere = launch('bash', ['-c', shell(asAlice.replace('--namespace alice', '--namespace bob'))], {
      cwd,
      env,
    });
    const { code, stderr } = await elsewhere.ended;
    expect(code).toBe(4);
    expect(stderr).toMatch(/1\.1 .*user\/alice is not authorized to perform: kms:CreateKey/);
    expect(stderr).toContain('`kms-lab iam symmetric --namespace bob`');
  });
});

describe('kms-lab iam', () => {
  it('prints a policy on one line with --json, for the partition of the Region and the roles that are named', async () => {
    const role = 'arn:aws-us-gov:iam::111122223333:role/Admin';
    const args = ['iam', 'key-policy', '--json', '--region', 'us-gov-west-1', '--role', role];
    const { code, stdout, stderr } = await run(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(stdout).toContain(`"Action":["sts:AssumeRole"],"Resource":["${role}"]`);
    expect(stdout).not.toContain('arn:aws:');
  });

  it.each([
    [['nothing'], /"nothing" is none of symmetric, .*, all, cleanup, doctor/],
    [['all', '--role', 'Admin'], /"Admin" \(--role\) is not the ARN of an IAM role/],
    [['all', '--region', 'us-east-9'], /"us-east-9" \(--region\) is not an AWS Region/],
  ])('%j is a usage error that names what it takes', async (args, error) => {
    const { code, stdout, stderr } = await run(['iam', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(error);
  });
});
