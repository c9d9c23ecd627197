import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KMS, type Tag } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import multiRegion from '../../labs/multi-region/lab.js';
import symmetric from '../../labs/symmetric/lab.js';
import { readPermissions } from '../../src/cli/iam/permissions.js';
import { permissionsFile, policyOf } from '../../src/cli/iam/telling.js';
import { actions } from '../../src/emulator/authz/actions.js';
import { requestHandler } from '../../src/emulator/handler.js';
import { tagKeys } from '../../src/kms/tags.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { region } from '../lab/room.js';
import { account, running } from './scripts.js';
import { smallestRequest } from './smallest.js';
import { openStage, type Stage } from './stage.js';

const table = readPermissions(readFileSync(join(packageRoot(), permissionsFile), 'utf8'));
const everything = policyOf(['all', 'cleanup', 'doctor'], table, { partition: 'aws', namespace: 'ann' });

/** Operations that work on a key. */
const onKeys = Object.entries(actions).flatMap(([operation, needed]) =>
  needed.some(({ on }) => on === 'key' || on === 'also') ? [operation] : [],
);
const denied = { name: 'AccessDeniedException' };
const tagsOf = (namespace: string): Tag[] => [{ TagKey: tagKeys.namespace, TagValue: namespace }];

/** A key, and what leads to it or was made with it. */
interface Subject {
  KeyId: string;
  alias: string;
  blob: Uint8Array;
  GrantId: string;
}

describe('A student whose policy is for one namespace', () => {
  let stage: Stage;
  let administrator: KMS;
  let ann: KMS;
  const keys = new Map<string, Subject>();
  const keyOf = (whose: string) => keys.get(whose) as Subject;

  const clientOf = (name: string) =>
    new KMS({
      region,
      credentials: { accessKeyId: name, secretAccessKey: name },
      requestHandler: requestHandler(stage.emulator),
      maxAttempts: 1,
    });

  async function subject(alias: string): Promise<Subject> {
    const { KeyMetadata } = await administrator.describeKey({ KeyId: alias });
    const KeyId = KeyMetadata?.KeyId as string;
    const { CiphertextBlob: blob = new Uint8Array() } = await administrator.encrypt({
      KeyId,
      Plaintext: Buffer.from('hi'),
    });
    const GranteePrincipal = `arn:aws:iam::${account}:user/bob`;
    const { GrantId = '' } = await administrator.createGrant({ KeyId, GranteePrincipal, Operations: ['DescribeKey'] });
    return { KeyId, alias, blob, GrantId };
  }

  beforeAll(async () => {
    stage = await openStage({ ann: everything });
    [administrator, ann] = [clientOf('test'), clientOf('ann')];
    // `ann-marie` begins like `ann`; `default` stands in no alias.
    for (const [namespace, begins] of [
      ['ann', 'ann-'],
      ['bob', 'bob-'],
      ['ann-marie', 'ann-marie-'],
      ['default', ''],
    ] as const) {
      expect(await stage.play(running(symmetric, namespace), { on: stage.emulator })).toBeUndefined();
      keys.set(namespace, await subject(`alias/kms-lab-${begins}symmetric-key`));
    }
    expect(await stage.play(running(multiRegion, 'ann'), { on: stage.emulator })).toBeUndefined();
    const { KeyMetadata } = await administrator.createKey({ Description: 'of the company' });
    await administrator.createAlias({ AliasName: 'alias/payroll', TargetKeyId: KeyMetadata?.KeyId });
    keys.set('nobody', await subject('alias/payroll'));
  });
  afterAll(() => stage.close());

  /** Ask for an operation on somebody's key. */
  function ask(operation: string, { KeyId, alias, blob, GrantId }: Subject): Promise<unknown> {
    const request = smallestRequest(operation, {
      ...{ KeyId, TargetKeyId: KeyId, SourceKeyId: KeyId, DestinationKeyId: KeyId, GrantId },
      ...{ AliasName: operation === 'CreateAlias' ? 'alias/kms-lab-ann-symmetric-key-2' : alias },
      ...{ CiphertextBlob: blob, Tags: tagsOf('ann'), Policy: '{}', KeySpec: 'AES_256', Operations: ['Decrypt'] },
      ...{ GranteePrincipal: `arn:aws:iam::${account}:user/ann`, ReplicaRegion: 'eu-west-1', PolicyName: 'default' },
      ...{ PrimaryRegion: 'us-west-2', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
    });
    const method = (operation.charAt(0).toLowerCase() + operation.slice(1)) as 'encrypt';
    return (ann[method] as (input: object) => Promise<unknown>).call(ann, request);
  }

  describe.each(['bob', 'ann-marie', 'default', 'nobody'])('on the key of %s', (whose) => {
    it.each(onKeys)('is denied %s', async (operation) => {
      await expect(ask(operation, keyOf(whose))).rejects.toMatchObject(denied);
    });
  });

  it('is allowed on keys of the namespace', async () => {
    const { KeyId, alias, blob } = keyOf('ann');
    await ann.describeKey({ KeyId: alias });
    await ann.decrypt({ CiphertextBlob: blob });
    await ann.listResourceTags({ KeyId });
  });

  it.each([
    ['in another namespace', tagsOf('bob')],
    ['in one that begins alike', tagsOf('ann-marie')],
    ['that bears no namespace', [{ TagKey: tagKeys.lab, TagValue: 'symmetric' }]],
    ['without tags', undefined],
  ])('makes no key %s', async (_where, Tags) => {
    await expect(ann.createKey({ ...(Tags && { Tags }) })).rejects.toMatchObject(denied);
  });

  it('makes no replica in another namespace', async () => {
    const request = { KeyId: 'alias/kms-lab-ann-mrk', ReplicaRegion: 'eu-west-1' };
    const { KeyMetadata } = await administrator.describeKey({ KeyId: request.KeyId });
    const KeyId = KeyMetadata?.KeyId as string;
    for (const more of [{ Tags: tagsOf('bob') }, {}])
      await expect(ann.replicateKey({ ...request, KeyId, ...more })).rejects.toMatchObject(denied);
    await ann.replicateKey({ ...request, KeyId, Tags: tagsOf('ann') });
  });

  it.each(['bob', 'ann-marie', 'nobody'])('neither takes an alias of %s nor leads one of hers there', async (whose) => {
    const [own, other] = [keyOf('ann'), keyOf(whose)];
    const move = (AliasName: string, TargetKeyId: string) => ann.updateAlias({ AliasName, TargetKeyId });
    await expect(move(other.alias, own.KeyId)).rejects.toMatchObject(denied);
    await expect(move(own.alias, other.KeyId)).rejects.toMatchObject(denied);
    const free = other.alias.replace('symmetric-key', 'audit-key').replace('payroll', 'bills');
    await expect(ann.createAlias({ AliasName: free, TargetKeyId: own.KeyId })).rejects.toMatchObject(denied);
  });

  it('does not move a ciphertext under another’s key, nor from there', async () => {
    const [own, other] = [keyOf('ann'), keyOf('bob')];
    const move = (from: Subject, to: Subject) =>
      ann.reEncrypt({ CiphertextBlob: from.blob, DestinationKeyId: to.KeyId });
    await expect(move(own, other)).rejects.toMatchObject(denied);
    await expect(move(other, own)).rejects.toMatchObject(denied);
    await move(own, own);
  });

  it('does not give a key of the namespace away by its tags', async () => {
    const { KeyId } = keyOf('ann');
    await expect(ann.tagResource({ KeyId, Tags: tagsOf('ann') })).rejects.toMatchObject(denied);
    await expect(ann.untagResource({ KeyId, TagKeys: [tagKeys.namespace] })).rejects.toMatchObject(denied);
  });
});
