import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import grants from '../../labs/grants/lab.js';
import { labs } from '../../labs/index.js';
import multiRegion from '../../labs/multi-region/lab.js';
import symmetric from '../../labs/symmetric/lab.js';
import { type Permission, readPermissions } from '../../src/cli/iam/permissions.js';
import { lengthOf, managedPolicyLimit } from '../../src/cli/iam/policy.js';
import { permissionsFile, policyOf, tooLong } from '../../src/cli/iam/telling.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { begin, linesOf, neededBy, playAll } from './needs.js';
import { cleanup, doctor, type Script, scriptOf } from './scripts.js';
import { openStage } from './stage.js';

const text = readFileSync(join(packageRoot(), permissionsFile), 'utf8').replaceAll('\r\n', '\n');
const table = readPermissions(text);
const linesFor = (what: string) => text.split('\n').filter((line) => line.startsWith(`${what} `));

/** Let Ann play a script under a policy and nothing else; what came of it. */
async function under(policy: object, script: Script) {
  const stage = await openStage({ ann: policy });
  try {
    await begin(stage, script);
    return await playAll(stage, script, 'ann');
  } finally {
    await stage.close();
  }
}

const inNamespace = (what: string) => policyOf([what], table, { partition: 'aws', namespace: 'ann' });

describe('The policy that kms-lab iam prints', () => {
  it.each(labs.map((lab) => [lab.id, scriptOf(lab, 'ann')] as const))(
    'for lab %s in a namespace proves it, first and again, and allows nothing that it does not ask for',
    async (id, script) => {
      const { why, asked } = await under(inNamespace(id), script);
      expect(why).toBeUndefined();
      expect(asked).toEqual(expect.arrayContaining(table.get(id) as Permission[]));
    },
  );

  it.each([cleanup('ann'), doctor('ann')].map((script) => [script.what, script] as const))(
    'for %s in a namespace is enough',
    async (what, script) => {
      expect((await under(inNamespace(what), script)).why).toBeUndefined();
    },
  );

  it.each([scriptOf(symmetric), scriptOf(grants), doctor()].map((script) => [script.what, script] as const))(
    'for %s has what it fails without, and nothing else (everything: npm run test:faults)',
    async (what, script) => {
      expect(linesOf(script, await neededBy(script))).toEqual(linesFor(what));
    },
  );

  it('for cleanup has the aliases of every lab', () => {
    const aliases = (permissions: readonly Permission[] = []) =>
      [...new Set(permissions.map(({ on }) => on))].filter((on) => on.startsWith('alias/'));
    const ofLabs = labs.flatMap(({ id }) => aliases(table.get(id)));
    expect(aliases(table.get('cleanup'))).toEqual(expect.arrayContaining(ofLabs));
  });

  it('for all labs lets a lab pass in whatever namespace', async () => {
    const policy = policyOf(['all'], table, { partition: 'aws' });
    for (const namespace of ['default', 'ann']) {
      expect((await under(policy, scriptOf(multiRegion, namespace))).why).toBeUndefined();
    }
  });

  it('does not let another lab', async () => {
    const { why } = await under(policyOf(['symmetric'], table, { partition: 'aws' }), scriptOf(multiRegion));
    expect(why).toMatch(/is not authorized to perform: iam:CreateServiceLinkedRole/);
  });

  it('has statements with names of their own, and no wildcard among the actions', () => {
    for (const namespace of [undefined, 'ann']) {
      const { Statement } = policyOf(['symmetric', 'all', 'cleanup', 'doctor'], table, { partition: 'aws', namespace });
      const names = Statement.map(({ Sid }) => Sid);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => !/^[A-Za-z0-9]+$/.test(name))).toEqual([]);
      expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    }
  });

  it('is a managed policy, also for everything in a namespace with a long name', () => {
    const options = { partition: 'aws-us-gov', namespace: 'a'.repeat(32) } as const;
    const policy = policyOf(['all', 'cleanup', 'doctor'], table, options);
    expect(lengthOf(policy)).toBeLessThanOrEqual(managedPolicyLimit);
    expect(tooLong(policy)).toBeUndefined();
  });

  it('says when it is too long for one', () => {
    const roles = Array.from({ length: 200 }, (_, at) => `arn:aws:iam::111122223333:role/App${at}`);
    expect(tooLong(policyOf(['key-policy'], table, { partition: 'aws', roles }))).toMatch(
      /^\d{4,} characters, and IAM takes 6144 in a managed policy: /,
    );
  });

  it('has something to say of every lab', () => {
    expect([...table.keys()]).toEqual([...labs.map(({ id }) => id), 'cleanup', 'doctor']);
  });
});
