import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Lab } from '../../src/lab/define.js';
import type { LabEvent } from '../../src/lab/events.js';
import { runLab } from '../../src/lab/run.js';
import { resolveTarget, type Target } from '../../src/target/target.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 1, teaches: [] };
const hi = Buffer.from('hi');

let target: Target;
let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'kms-lab-simulate-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));
beforeEach(async () => {
  target = await resolveTarget({ local: true, state: 'memory' }, {});
});
afterEach(() => target.close());

/** Run a lab on the embedded KMS, or on a target that has no simulation. */
async function told(lab: Lab, { offered = true } = {}) {
  const { connection } = target;
  const events: LabEvent[] = [];
  const result = await runLab(lab, {
    connection: offered ? connection : { config: connection.config, cli: connection.cli },
    place: {
      ...(await target.identity().then(({ account, arn }) => ({ account, identity: arn }))),
      kind: 'local',
      label: '',
      region: target.region,
    },
    ownership: { lab: lab.id, namespace: 'default', run: 'run-1', owner: 'arn:aws:iam::111122223333:user/lab' },
    fresh: false,
    cwd,
    emit: (event) => events.push(event),
  });
  if (result.error) throw result.error;
  const of = <Type extends LabEvent['type']>(type: Type) =>
    events.filter((event): event is Extract<LabEvent, { type: Type }> => event.type === type);
  return { end: result.end, of };
}

const withKey = Lab.define('a-lab', facts).step('Make a key', '', async ({ own }) => ({ key: await own.key('a-key') }));

describe('A step that simulates', () => {
  it('finds the keys of the lab in a copy of the world, and leaves no trace of what it did to them', async () => {
    const lab = withKey
      .step('Lose it', '', ({ simulate, verify, key: { KeyId } }) =>
        simulate.world(async ({ kms, advance }) => {
          const { CiphertextBlob } = await kms().encrypt({ KeyId, Plaintext: hi });
          await kms().scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
          advance({ days: 7, hours: 1 });
          await verify.refused('nobody decrypts', kms().decrypt({ CiphertextBlob }), 'AccessDeniedException');
          return { lost: KeyId };
        }),
      )
      .step('It is there', '', async ({ kms, verify, lost }) => {
        const { KeyMetadata } = await kms.describeKey({ KeyId: lost });
        verify.equal('its state', KeyMetadata?.KeyState, 'Enabled');
      });
    const { end, of } = await told(lab);
    expect(of('claim').map(({ claim, outcome, got }) => [claim, outcome, got])).toContainEqual([
      'its state',
      'passed',
      undefined,
    ]);
    expect(end.outcome).toBe('passed');
  });

  it('tells of its calls as simulated ones, without AWS CLI lines, and counts none as a call to KMS', async () => {
    const lab = Lab.define('a-lab', facts).step('Simulate', '', async ({ simulate }) => {
      await simulate.world(async ({ kms }) => void (await kms('eu-west-1').createKey({})));
    });
    const { end, of } = await told(lab);
    expect(of('call')).toMatchObject([{ operation: 'CreateKey', region: 'eu-west-1', outcome: 'ok', simulated: true }]);
    expect(of('command')).toEqual([]);
    expect(end).toMatchObject({ calls: 0, outcome: 'passed' });
  });

  it('sees a Region go down and come back', async () => {
    const lab = Lab.define('a-lab', facts).step('Outage', '', async ({ simulate, verify }) => {
      await simulate.world(async ({ kms, outage }) => {
        const back = outage('us-east-1');
        await verify.refused('gone', kms('us-east-1').listKeys({}), 'ServiceUnavailable');
        await kms('eu-west-1').listKeys({});
        back();
        await kms('us-east-1').listKeys({});
      });
    });
    expect((await told(lab)).of('claim')).toMatchObject([{ outcome: 'passed' }]);
  });

  it('meets quotas, faults and eventual consistency as they are, since its client neither waits nor tries again', async () => {
    const lab = Lab.define('a-lab', facts).step('Weather', '', async ({ simulate, verify }) => {
      await simulate.world(async ({ kms, quotas, advance }) => {
        quotas({ perSecond: { GenerateRandom: 1 } });
        await kms().generateRandom({ NumberOfBytes: 1 });
        await verify.refused('too fast', kms().generateRandom({ NumberOfBytes: 1 }), 'ThrottlingException');
        advance({ seconds: 1 });
        await kms().generateRandom({ NumberOfBytes: 1 });
      });
      await simulate.world(async ({ kms, fault }) => {
        fault('ListKeys', { code: 'KMSInternalException', times: 3 });
        await verify.refused('broken', kms().listKeys({}), 'KMSInternalException');
        verify.equal('attempts', (await kms('us-east-1', { attempts: 3 }).listKeys({})).$metadata.attempts, 3);
      });
      await simulate.world(async ({ kms, eventualConsistency, advance }) => {
        eventualConsistency(60_000);
        const { KeyMetadata } = await kms().createKey({});
        const look = () => kms().describeKey({ KeyId: KeyMetadata?.KeyId });
        await verify.refused('not yet', look(), 'NotFoundException');
        advance({ minutes: 1 });
        await look();
      });
    });
    expect((await told(lab)).of('claim').map(({ outcome }) => outcome)).toEqual(Array(4).fill('passed'));
  });

  it('is not offered by another target, and neither is what needs it', async () => {
    const lab = withKey
      .step('Simulate', '', ({ simulate }) => simulate.world(async () => ({ seen: 1 })), { optional: true })
      .step('Use it', '', async ({ seen, verify }) => verify.equal('seen', seen, 1), { optional: true });
    const { end, of } = await told(lab, { offered: false });
    expect(of('step:end').map(({ outcome }) => outcome)).toEqual(['passed', 'not offered', 'not offered']);
    expect(end).toMatchObject({ outcome: 'passed', steps: { notOffered: 2 } });
  });
});
