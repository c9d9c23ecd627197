import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { actionRows, operationsFile } from '../../src/cli/acting.js';
import { actionFacts } from '../../src/cli/action-facts.js';
import type { Lab } from '../../src/lab/define.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { runLab } from '../../src/lab/run.js';
import { actionLines } from '../../src/report/actions.js';
import { resolveTarget } from '../../src/target/target.js';
import { paper } from '../report/events.js';

/** Run a lab on an embedded KMS of its own, and give the operations of KMS that were answered, in alphabetical order. */
async function operationsOf(lab: Lab): Promise<string[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'kms-lab-actions-'));
  const target = await resolveTarget({ local: true, state: 'memory' }, {});
  const answered = new Set<string>();
  try {
    const { account, arn } = await target.identity();
    const { kind, label, region, connection } = target;
    const { end, error } = await runLab(lab, {
      connection,
      place: { kind, label, region, account, identity: arn },
      ownership: { lab: lab.id, namespace: 'default', run: 'a-run', owner: arn },
      fresh: false,
      cwd,
      emit: (event) => {
        if (event.type === 'call' && event.service === 'kms' && event.outcome === 'ok') answered.add(event.operation);
      },
    });
    expect({ lab: lab.id, outcome: end.outcome, error }).toEqual({ lab: lab.id, outcome: 'passed', error: undefined });
    return [...answered].sort();
  } finally {
    await target.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** "Important KMS Actions Reference" of the masterclass, table by table. Nowhere else does it name an action but ListAliases. */
const reference = {
  'Key Management': [
    'CreateKey',
    'CreateAlias',
    'DescribeKey',
    'ListKeys',
    'EnableKey',
    'DisableKey',
    'ScheduleKeyDeletion',
    'CancelKeyDeletion',
  ],
  Cryptographic: [
    'Encrypt',
    'Decrypt',
    'ReEncrypt',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateRandom',
  ],
  'Key Rotation': ['EnableKeyRotation', 'DisableKeyRotation', 'GetKeyRotationStatus', 'RotateKeyOnDemand'],
  'Multi-Region': ['ReplicateKey', 'UpdatePrimaryRegion'],
  'Asymmetric Key': ['GetPublicKey', 'Sign', 'Verify'],
  'Policy and Grant': ['GetKeyPolicy', 'PutKeyPolicy', 'CreateGrant', 'RetireGrant', 'RevokeGrant'],
};

describe('kms-lab actions', () => {
  /** What the labs call, as the committed file should say it. */
  let calls: string;
  beforeAll(async () => {
    const lines = await Promise.all(labs.map(async (lab) => `${lab.id}: ${(await operationsOf(lab)).join(' ')}\n`));
    calls = lines.join('');
  }, 120_000);

  it('tells what the labs really call (renew it with `npm run docs`)', async () => {
    await expect(calls).toMatchFileSnapshot(join(packageRoot(), operationsFile));
  });

  it('has a lab for every action of the masterclass', () => {
    const missing = actionRows(calls).filter(({ masterclass, labs: shownBy }) => masterclass && shownBy.length === 0);
    expect(missing.map(({ action }) => action)).toEqual([]);
  });

  it('knows those of the masterclass: the 28 of its reference, and one that only its commands use', () => {
    const taught = actionRows(calls).filter(({ masterclass }) => masterclass);
    const named = Object.values(reference).flat();
    expect(named).toHaveLength(28);
    expect(taught.map(({ action }) => action)).toEqual([...named, 'ListAliases'].sort());
  });

  it('has each operation of the API once, with a line of its own and the IAM actions that it needs', () => {
    const rows = actionRows(calls);
    expect(rows.map(({ action }) => action)).toEqual(Object.keys(actionFacts));
    expect(new Set(rows.map(({ does }) => does)).size).toBe(rows.length);
    expect(rows.find(({ action }) => action === 'ReEncrypt')?.iam).toEqual(['kms:ReEncryptFrom', 'kms:ReEncryptTo']);
    expect(rows.find(({ action }) => action === 'CreateAlias')?.iam).toEqual(['kms:CreateAlias']);
    expect(rows.find(({ action }) => action === 'CreateKey')?.iam).toEqual([
      'kms:CreateKey',
      'kms:TagResource with Tags',
      'iam:CreateServiceLinkedRole with MultiRegion',
    ]);
  });

  it('is read on 80 columns', () => {
    const lines = actionLines(actionRows('symmetric: Encrypt ReEncrypt\naudit: Encrypt\n'), paper().screen);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const at = lines.findIndex((line) => line.startsWith('Encrypt'));
    expect(lines.slice(at, at + 3).join('\n')).toMatchInlineSnapshot(`
      "Encrypt                              Write
          encrypt up to 4,096 bytes under a key
          lab symmetric, audit"
    `);
    const other = lines.findIndex((line) => line.startsWith('ReEncrypt'));
    expect(lines.slice(other, other + 4).join('\n')).toMatchInlineSnapshot(`
      "ReEncrypt                            Write
          move a ciphertext to another key or context, inside KMS
          needs kms:ReEncryptFrom and kms:ReEncryptTo
          lab symmetric"
    `);
  });
});
