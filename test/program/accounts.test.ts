import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { administratorAccess } from '../../src/emulator/authz/identities.js';
import { labKey, stateOf } from '../cleanup/lab-keys.js';
import { runHere } from '../support/here.js';
import { eventsOf, scratch } from '../support/program.js';
import { served, stsRefusal } from '../support/served.js';

const accounts = ['444455556666', '777788889999'] as const;
const role = (account: string, name = 'Cleanup') => `arn:aws:iam::${account}:role/${name}`;
const session = (account: string) => `arn:aws:sts::${account}:assumed-role/Cleanup/kms-lab`;
/** Two accounts with a key of a lab each, and a role in each that may do everything; of a third the role may not be assumed. */
async function workshop() {
  const identities = accounts.map((account) => ({
    accessKeyId: `of-${account}`,
    secretAccessKey: `of-${account}`,
    arn: `arn:aws:iam::${account}:user/ann`,
    policies: [administratorAccess],
  }));
  const roles = Object.fromEntries(accounts.map((account) => [role(account), [administratorAccess]]));
  const there = await served(
    (operation, { body }) =>
      operation === 'sts' && new TextDecoder().decode(body).includes('Forbidden')
        ? stsRefusal('AccessDenied')
        : undefined,
    { identities, roles },
  );
  const keys = await Promise.all(
    accounts.map((account) =>
      labKey(there, { accessKeyId: `of-${account}`, tags: { 'kms-lab:owner': session(account) } }),
    ),
  );
  const cwd = scratch();
  const file = join(cwd, 'accounts.txt');
  writeFileSync(file, `# the workshop\n${role(accounts[1])}  # second\n\n${role('111122223333', 'Forbidden')}\n`);
  const states = () => Promise.all(keys.map((id, at) => stateOf(there, id, 'us-east-1', `of-${accounts[at]}`)));
  return { there, cwd, states };
}

describe('many accounts', () => {
  it.each([
    ['one after another', []],
    ['side by side', ['--parallel']],
  ])('%s: one report, and who is not let in does not stop the others', async (_how, how) => {
    const { there, cwd, states } = await workshop();
    const args = ['--role-arn', role(accounts[0]), '--accounts', 'accounts.txt', '--region', 'us-east-1', ...how];
    const status = await runHere(['status', '--json', ...args], { cwd, env: there.env });
    expect(eventsOf(status.stdout).at(-1)).toMatchObject({ type: 'status:end', keys: 2, monthlyUsd: 2 });
    const { code, stdout, stderr } = await runHere(['cleanup', '--yes', '--json', ...args], { cwd, env: there.env });
    expect([code, status.code]).toEqual([4, 4]);
    expect(stderr).toMatch(/^kms-lab: error: arn:aws:iam::111122223333:role\/Forbidden: .+\nkms-lab: hint: .+\n$/);
    const events = eventsOf(stdout);
    expect(events.filter(({ type }) => type === 'cleanup:account')).toMatchObject(
      accounts.map((account) => ({ account, identity: session(account), role: role(account) })),
    );
    expect(events.filter(({ type }) => type === 'cleanup:account-failed')).toMatchObject([
      { role: role('111122223333', 'Forbidden'), kind: 'denied' },
    ]);
    expect(events.find(({ type }) => type === 'cleanup:plan')).toMatchObject({ accounts: 2, keys: 2, monthlyUsd: 2 });
    expect(events.at(-1)).toMatchObject({ type: 'cleanup:end', keys: 2, failed: 0, exitCode: 4 });
    expect(await states()).toEqual(['PendingDeletion', 'PendingDeletion']);
  });

  it('tells a person each account with its keys, then who is not let in', async () => {
    const { there, cwd } = await workshop();
    const args = ['--role-arn', role(accounts[0]), '--accounts', 'accounts.txt', '--region', 'us-east-1'];
    const { stdout } = await runHere(['cleanup', '--dry-run', ...args], { cwd, env: there.env });
    const told = stdout.split('\n').filter((line) => /^(Cleanup|✖ arn)|symmetric|^ {2}\d+ accounts/.test(line));
    expect(told).toEqual([
      expect.stringContaining(accounts[0]),
      expect.stringContaining('symmetric'),
      expect.stringContaining(accounts[1]),
      expect.stringContaining('symmetric'),
      expect.stringMatching(/^✖ arn:aws:iam::111122223333:role\/Forbidden: /),
      expect.stringMatching(/^ {2}2 accounts · 2 keys, 2 aliases · saves \$2\.00 a month/),
    ]);
    expect(stdout).not.toContain('\n\n\n');
  });

  it('leaves the files of whoever cleans up alone: they are of no account', async () => {
    const { there, cwd, states } = await workshop();
    await runHere(['symmetric', '--local', '--quiet'], { cwd });
    const file = join(cwd, 'kms-lab-files', 'symmetric', 'encrypted-data.bin');
    const args = ['cleanup', '--yes', '--json', '--role-arn', role(accounts[0]), '--region', 'us-east-1'];
    const { code, stdout } = await runHere(args, { cwd, env: there.env });
    expect({ code, end: eventsOf(stdout).at(-1) }).toMatchObject({ code: 0, end: { keys: 1, files: [] } });
    expect(await states()).toEqual(['PendingDeletion', expect.stringContaining('Enabled')]);
    expect(existsSync(file)).toBe(true);
    expect((await runHere(['cleanup', '--local'], { cwd })).code).toBe(0);
    expect(existsSync(file)).toBe(false);
  });
});
