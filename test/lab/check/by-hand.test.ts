import { createCipheriv } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import envelope from '../../../labs/envelope/lab.js';
import grants from '../../../labs/grants/lab.js';
import multiRegion from '../../../labs/multi-region/lab.js';
import rotation from '../../../labs/rotation/lab.js';
import symmetric from '../../../labs/symmetric/lab.js';
import { administrator } from '../../../src/emulator/authz/identities.js';
import { createEmulator, type LocalEmulator } from '../../../src/emulator/emulator.js';
import { openReadOnly } from '../../../src/kms/read-only.js';
import { tagsOf } from '../../../src/kms/tags.js';
import { deadline } from '../../../src/lab/deadline.js';
import { Lab } from '../../../src/lab/define.js';
import { packageRoot } from '../../../src/lab/package-root.js';
import { ann } from '../room.js';
import { check, type Scene, sceneOf } from './scene.js';

/** A world in which nobody has run a lab: all is done through the SDK, as the AWS CLI would. */
describe('a lab done by hand', () => {
  let emulator: LocalEmulator;
  let cwd: string;
  beforeEach(async () => {
    emulator = await createEmulator({ state: 'memory', identities: [{ ...administrator, arn: ann }] });
    cwd = await mkdtemp(join(tmpdir(), 'kms-lab-by-hand-'));
  });
  afterEach(async () => {
    await emulator.close();
    await rm(cwd, { recursive: true, force: true });
  });

  const scene = (lab: Lab) => sceneOf(lab, emulator, cwd);

  it('symmetric, step by step: what is done is done, what is not yet is told', async () => {
    const by = scene(symmetric);
    const { kms, files } = by;
    const told = async () => {
      const { steps, outcome } = await check(by);
      return [outcome, steps('done').join(' '), steps('missing').join(' '), steps('waiting').join(' ')];
    };
    expect(await told()).toEqual(['failed', '', '1.1 1.3', '1.2 1.4 1.5 1.6 1.7 1.8']);

    await makeKey(by, 'symmetric-key');
    const KeyId = 'alias/kms-lab-symmetric-key';
    expect(await told()).toEqual(['failed', '1.1', '1.2 1.3 1.5 1.6 1.7 1.8', '1.4']);

    const Plaintext = await sample(symmetric, 'plaintext-data.txt');
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext });
    await files.write('encrypted-data.bin', CiphertextBlob);
    await files.write('decrypted-data.txt', (await kms.decrypt({ CiphertextBlob })).Plaintext);
    expect(await told()).toEqual(['failed', '1.1 1.2 1.3 1.4', '1.5 1.6 1.7 1.8', '']);

    const EncryptionContext = { department: 'finance', purpose: 'lab' };
    const bound = await kms.encrypt({ KeyId, Plaintext, EncryptionContext });
    await files.write('encrypted-with-context.bin', bound.CiphertextBlob);
    await files.write('tampered-data.bin', flipped(CiphertextBlob));
    const largest = Buffer.alloc(4096, 7);
    await files.write('4096-bytes.bin', largest);
    await files.write('4096-bytes-encrypted.bin', (await kms.encrypt({ KeyId, Plaintext: largest })).CiphertextBlob);
    expect(await told()).toEqual(['failed', '1.1 1.2 1.3 1.4 1.5 1.6 1.7', '1.8', '']);

    const moved = await kms.reEncrypt({
      CiphertextBlob: bound.CiphertextBlob,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: KeyId,
      DestinationEncryptionContext: { department: 'archive', purpose: 'lab' },
    });
    await files.write('reencrypted-data.bin', moved.CiphertextBlob);
    expect(await told()).toEqual(['passed', '1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8', '', '']);
  });

  it('rotation, in the middle of it: the schedule is graded while it is on', async () => {
    const by = scene(rotation);
    const { kms, files } = by;
    const KeyId = await makeKey(by, 'rotation-key');
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 365 });
    expect((await check(by)).fails).toContainEqual(
      `3.2 every 180 days (it is every 365 days: aws kms enable-key-rotation --key-id ${KeyId} --rotation-period-in-days 180)`,
    );
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 180 });
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: await sample(rotation, 'rotation-test.txt') });
    await files.write('encrypted-before-rotation.bin', CiphertextBlob);
    expect((await check(by)).steps('done')).toEqual(['3.1', '3.2', '3.3']);
    await kms.rotateKeyOnDemand({ KeyId });
    emulator.advance(60_000);
    expect((await check(by)).steps('done')).toEqual(['3.1', '3.2', '3.3', '3.4']);
  });

  it('multi-region, with the primary away: that step is graded while it is there', async () => {
    const by = scene(multiRegion);
    const { kms, kmsIn } = by;
    const KeyId = await makeKey(by, 'mrk', { MultiRegion: true });
    expect((await check(by)).fails.filter((fail) => fail.startsWith('4.2'))).toEqual([
      `4.2 alias/kms-lab-mrk has a replica (aws kms replicate-key --key-id ${KeyId} --replica-region REGION --tags …)`,
    ]);
    await kms.replicateKey({ KeyId, ReplicaRegion: 'eu-west-1', Tags: tags('multi-region', 'mrk') });
    emulator.advance(60_000);
    await kmsIn('eu-west-1').createAlias({ AliasName: 'alias/kms-lab-mrk', TargetKeyId: KeyId });
    expect((await check(by)).steps('done')).toEqual(['4.1', '4.2']);
    await kms.updatePrimaryRegion({ KeyId, PrimaryRegion: 'eu-west-1' });
    emulator.advance(60_000);
    const checked = await check(by);
    expect(checked.steps('done')).toEqual(['4.1', '4.2', '4.8']);
    expect(checked.fails).toContainEqual(
      `4.10 the primary key is in us-east-1 (aws kms update-primary-region --key-id ${KeyId} --primary-region us-east-1 --region eu-west-1)`,
    );
  });

  it('grants, while the grant is there: who, what and where are graded', async () => {
    const by = scene(grants);
    const { kms, files } = by;
    const policy = (await sample(grants, 'grants-key-policy.json')).toString();
    const Policy = policy.replace('PARTITION', 'aws').replace('ACCOUNT_ID', '111122223333');
    const KeyId = await makeKey(by, 'grants', { Policy });
    const EncryptionContext = { department: 'finance' };
    await kms.createGrant({
      KeyId,
      Name: 'kms-lab-finance',
      GranteePrincipal: ann,
      Operations: ['Encrypt', 'Decrypt'],
      Constraints: { EncryptionContextSubset: EncryptionContext },
    });
    const Plaintext = await sample(grants, 'salaries.txt');
    await files.write('salaries.bin', (await kms.encrypt({ KeyId, Plaintext, EncryptionContext })).CiphertextBlob);
    const checked = await check(by);
    expect(checked.steps('done')).toEqual(['7.1', '7.2']);
    expect(checked.fails).toEqual([
      expect.stringMatching(/^7.5 the key has no grant kms-lab-finance \(aws kms retire/),
    ]);
  });

  it('envelope, with a file that was sealed by hand: opened with the data key that KMS unwraps', async () => {
    const by = scene(envelope);
    const { kms, files } = by;
    const KeyId = await makeKey(by, 'envelope-key');
    const EncryptionContext = { project: 'masterclass', purpose: 'envelope' };
    const { Plaintext = new Uint8Array(), CiphertextBlob } = await kms.generateDataKey({
      ...{ KeyId, EncryptionContext },
      KeySpec: 'AES_256',
    });
    const nonce = Buffer.alloc(12, 1);
    const cipher = createCipheriv('aes-256-gcm', Plaintext, nonce);
    const body = Buffer.concat([cipher.update('a file'), cipher.final()]);
    await files.write('wrapped-key-of-file.bin', CiphertextBlob);
    await files.write('file.sealed', Buffer.concat([nonce, body, cipher.getAuthTag()]));
    await files.write('file.opened', Buffer.from('a file'));
    expect((await check(by)).steps('done')).toEqual(['5.1', '5.3', '5.4']);
    await files.write('file.sealed', Buffer.concat([nonce, flipped(body), cipher.getAuthTag()]));
    expect((await check(by)).fails).toContainEqual(expect.stringMatching(/^5.4 file.sealed is as it was sealed/));
  });

  it('without the tags, by which cleanup would find the key, is told so', async () => {
    const by = scene(symmetric);
    const { KeyMetadata } = await by.kms.createKey({});
    await by.kms.createAlias({ AliasName: 'alias/kms-lab-symmetric-key', TargetKeyId: KeyMetadata?.KeyId });
    expect((await check(by)).fails[0]).toMatch(/^1\.1 it bears the tags .*kms-lab:owner.*COMMANDS\.md|tag-resource/);
  });

  it('in a namespace is looked for under its names', async () => {
    const by = scene(symmetric);
    await makeKey(by, 'alice-symmetric-key');
    expect((await check(by, { namespace: 'alice' })).steps('done')).toEqual(['1.1']);
    expect((await check(by)).steps('done')).toEqual([]);
  });
});

describe('a check', () => {
  const lab = Lab.define('odd', { number: 9, title: 'Odd', minutes: 1, keys: 0, teaches: [] })
    .step('One', 'why', async () => {})
    .step('Two', 'why', async () => {});

  it('of a lab that says not how grades nothing', async () => {
    const checked = await gradedNowhere(lab);
    expect([checked.steps('not graded'), checked.asked]).toEqual([['9.1', '9.2'], []]);
  });

  it('can change nothing: any other operation than one that reads is never sent', async () => {
    const changing = lab.checkedBy({
      One: ({ kms }) => kms.createKey({}),
      Two: ({ kms }) => kms.generateDataKey({ KeyId: 'alias/x', KeySpec: 'AES_256' }),
    });
    const checked = await gradedNowhere(changing);
    expect(checked).toMatchObject({
      outcome: 'failed',
      error: { message: 'CreateKey is no operation that only reads' },
    });
    expect(checked.asked).toEqual([]);
  });

  it('must be of steps that exist, and of all of them: tsc says so', () => {
    // @ts-expect-error step two is left out
    lab.checkedBy({ One: async () => {} });
    // @ts-expect-error there is no step three
    lab.checkedBy({ One: async () => {}, Two: async () => {}, Three: async () => {} });
    expect(lab.steps).toHaveLength(2);
  });

  it('ends when its time is up, though a call hangs, and sends nothing more', async () => {
    let up = () => {};
    const time = deadline(50_000, () => new Promise((resolve) => (up = resolve)));
    const hanging = gradedNowhere(symmetric, {
      signal: time.signal,
      instead: () => {
        up();
        return new Promise(() => {});
      },
    });
    const { outcome, error, asked, events } = await hanging;
    expect([outcome, error]).toMatchObject(['failed', { kind: 'unreachable', message: 'no answer within 50 s' }]);
    expect(asked.map(({ operation }) => operation)).toEqual(['DescribeKey']);
    expect(events.filter(({ type }) => type === 'check:step')).toEqual([]);
  });

  it('whose time is over before it is up leaves no timer behind', async () => {
    let left = true;
    const time = deadline(
      50_000,
      (_ms, signal) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('over')))).finally(
          () => (left = false),
        ) as Promise<void>,
    );
    time.done();
    await Promise.resolve();
    expect([left, time.signal.aborted]).toEqual([false, false]);
  });

  it('that is denied what it must read says so, with what KMS said', async () => {
    const denied = JSON.stringify({ __type: 'AccessDeniedException', message: 'User: ann is not authorized' });
    const { fails, error } = await gradedNowhere(symmetric, {
      instead: async () => ({ status: 400, headers: {}, body: denied }),
    });
    expect(error).toBeUndefined();
    expect(fails[0]).toMatch(/^1\.1 KMS answers what this step is graded by \(User: ann is not authorized; allow/);
  });

  it('of a KMS that is too busy ends with that: it says nothing about a file', async () => {
    const emulator = await createEmulator({ state: 'memory' });
    const by = sceneOf(symmetric, emulator, await mkdtemp(join(tmpdir(), 'kms-lab-busy-')));
    await makeKey(by, 'symmetric-key');
    await by.files.write('tampered-data.bin', Buffer.from('some bytes'));
    await by.files.write('encrypted-data.bin', Buffer.from('some bytes'));
    const busy = JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' });
    for (const answered of [0, 1]) {
      let decrypts = 0;
      const { error, fails } = await check(by, {
        instead: (operation) =>
          operation === 'Decrypt' && ++decrypts > answered
            ? Promise.resolve({ status: 400, headers: {}, body: busy })
            : undefined,
      });
      expect(error).toMatchObject({ kind: 'unreachable', message: 'Rate exceeded' });
      expect(fails.filter((fail) => fail.includes('Throttling'))).toEqual([]);
    }
    await emulator.close();
    await rm(by.cwd, { recursive: true });
  });

  it('whose network breaks after something was found missing ends with that all the same', async () => {
    const emulator = await createEmulator({ state: 'memory' });
    const by = sceneOf(symmetric, emulator, tmpdir());
    await makeKey(by, 'symmetric-key', { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
    const { error, events } = await check(by, {
      instead: (operation) =>
        operation === 'ListResourceTags'
          ? Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
          : undefined,
    });
    expect(error).toMatchObject({ kind: 'unreachable' });
    expect(events.filter(({ type }) => type === 'check:step')).toEqual([]);
    await emulator.close();
  });

  it('of nobody listening ends with that', async () => {
    const { error } = await gradedNowhere(symmetric, {
      instead: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
    });
    expect(error).toMatchObject({ kind: 'unreachable' });
  });

  it('that is stopped sends nothing at all', async () => {
    const clients = await openReadOnly(
      { config: (_service, region) => ({ region }), cli: {} },
      AbortSignal.abort(new Error('stopped')),
    );
    await expect(clients.in('us-east-1').describeKey({ KeyId: 'x' })).rejects.toThrow('stopped');
    clients.close();
    clients.close();
  });
});

/** Grade a lab in a world in which there is nothing. */
async function gradedNowhere(lab: Lab, how: Parameters<typeof check>[1] = {}) {
  const emulator = await createEmulator({ state: 'memory' });
  try {
    return await check(sceneOf(lab, emulator, tmpdir()), how);
  } finally {
    await emulator.close();
  }
}

/** As the lines of COMMANDS.md do it: the tags inside CreateKey, then the alias. */
async function makeKey({ kms, lab }: Scene, name: string, input: Parameters<Scene['kms']['createKey']>[0] = {}) {
  const { KeyMetadata } = await kms.createKey({ ...input, Tags: tags(lab.id, name) });
  await kms.createAlias({ AliasName: `alias/kms-lab-${name}`, TargetKeyId: KeyMetadata?.KeyId });
  return KeyMetadata?.KeyId ?? '';
}

const tags = (lab: string, name: string) =>
  tagsOf({ lab, namespace: 'default', run: 'by-hand', owner: ann }, `alias/kms-lab-${name}`, '2026-11-24T10:15:00Z');

const sample = (lab: Lab, name: string) => readFile(join(packageRoot(), 'labs', lab.id, name));

function flipped(bytes: Uint8Array = new Uint8Array()): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}
