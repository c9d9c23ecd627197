import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Patient } from '../../src/cli/doctor/check.js';
import { credentialsFinding, identityFinding, regionFinding } from '../../src/cli/doctor/credentials.js';
import { nodeFinding, toolFindings } from '../../src/cli/doctor/machine.js';
import { permissionsFinding } from '../../src/cli/doctor/permissions.js';
import { clockFinding, keysFinding, surveyOf } from '../../src/cli/doctor/service.js';
import { requestHandler } from '../../src/emulator/handler.js';
import { LabError } from '../../src/errors.js';
import { createOwnedKey } from '../../src/kms/own.js';
import { tagsOf } from '../../src/kms/tags.js';
import type { Target } from '../../src/target/target.js';
import { ann, openRoom, type Room, region } from '../lab/room.js';

const minute = 60_000;
const now = Date.parse('2026-11-24T10:15:00Z');
const keys = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Somebody on AWS whose clients are configured so. */
function patient(config: Partial<KMSClientConfig> = {}, rest: Partial<Patient> = {}): Patient {
  const target = {
    kind: 'aws',
    label: 'AWS',
    region,
    identity: async () => ({ account: '111122223333', arn: ann }),
    connection: {
      config: (_service: string, at: string) => ({
        region: at,
        endpoint: 'http://127.0.0.1:1',
        credentials: keys,
        ...config,
      }),
      cli: {},
    },
  } as unknown as Target;
  return { target, env: {}, options: {}, now: () => now, signal: new AbortController().signal, ...rest };
}

describe('the doctor on Node.js', () => {
  it.each([
    ['18.20.0', 'failed', 'is not supported'],
    ['20.18.0', 'failed', 'is not supported'],
    ['20.19.0', 'warning', 'need Node.js 22'],
    ['22.11.0', 'failed', 'is not supported'],
    ['22.12.0', 'passed', ''],
    ['26.0.0', 'passed', ''],
  ])('%s: %s', (version, outcome, text) => {
    expect(nodeFinding(version)).toMatchObject({ outcome, text: expect.stringContaining(text) });
  });
});

describe('on credentials', () => {
  const lasting = (ms: number) => patient({ credentials: async () => ({ ...keys, expiration: new Date(now + ms) }) });

  it.each([
    ['6 h 12 min', 'passed', lasting((6 * 60 + 12) * minute)],
    ['14 min', 'warning', lasting(14 * minute)],
    ['expired', 'failed', lasting(-minute)],
    ['without an end', 'passed', patient()],
  ])('%s: %s', async (text, outcome, who) => {
    const finding = await credentialsFinding(who);
    expect(finding).toMatchObject({ outcome, text: expect.stringContaining(text) });
    if (outcome !== 'passed') expect(finding.advice).toContain('aws sso login');
  });

  it('that are not there: what the SDK says, and how to get some', async () => {
    const none = async () => {
      throw Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    };
    expect(await credentialsFinding(patient({ credentials: none }))).toMatchObject({
      outcome: 'failed',
      kind: 'credentials',
      text: 'Could not load credentials',
      advice: expect.stringContaining('aws configure sso'),
    });
  });

  it('names who AWS says it is, and what STS answered when it is nobody', async () => {
    expect(await identityFinding(patient())).toMatchObject({ outcome: 'passed', text: ann });
    const who = patient();
    who.target.identity = async () => {
      throw new LabError('credentials', 'The security token is expired');
    };
    expect(await identityFinding(who)).toMatchObject({ outcome: 'failed', kind: 'credentials' });
  });
});

describe('on the Region', () => {
  it.each([
    ['given', { options: { region: 'eu-west-1' } }, 'passed', 'eu-west-1 (--region)'],
    ['of the environment', { env: { AWS_REGION: 'eu-west-2' } }, 'passed', 'eu-west-2 (AWS_REGION)'],
    ['not named by anybody', {}, 'warning', 'none set: us-east-1 is assumed'],
  ])('%s', async (_what, rest, outcome, text) => {
    expect(await regionFinding(patient({}, rest))).toMatchObject({ outcome, text });
  });
});

describe('on the clock', () => {
  /** An endpoint whose clock is `ahead` of this machine's; it answers in no time. */
  const answering = (ahead: number | undefined) => ({
    handle: async () => {
      const date = ahead === undefined ? {} : { date: new Date(now + ahead).toUTCString() };
      return { response: { statusCode: 200, headers: date, body: Buffer.from('{}') } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
    metadata: { handlerProtocol: 'http/1.1' },
  });

  // A Date header has whole seconds: half a one is added for what it has lost.
  it.each([
    ['within a second', 0, 'passed'],
    ['9.5 s ahead of that of AWS', -10_000, 'passed'],
    ['2 min 1 s behind that of AWS', 2 * minute, 'warning'],
    ['7 min', 7 * minute, 'failed'],
    ['does not say what time it is', undefined, 'warning'],
  ])('%s', async (text, ahead, outcome) => {
    const who = patient({ requestHandler: answering(ahead) as never });
    expect(await clockFinding(who)).toMatchObject({ outcome, text: expect.stringContaining(text) });
  });

  it('of an endpoint that is not there', async () => {
    const gone = { handle: async () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) };
    const requestHandler = { ...answering(0), ...gone } as never;
    expect(await clockFinding(patient({ requestHandler }))).toMatchObject({ outcome: 'failed', kind: 'unreachable' });
  });
});

describe('on programs', () => {
  it('that are not found: what is lost without', async () => {
    for (const finding of await toolFindings({ PATH: '' }))
      expect(finding).toMatchObject({
        outcome: 'warning',
        text: 'not found',
        advice: expect.stringContaining('install it'),
      });
  });
});

describe('on keys and permissions', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  /** The room's KMS, which may refuse some operations; `asked` is what was asked of it. */
  function at(refusing: RegExp = /^$/) {
    const asked: string[] = [];
    const inner = requestHandler(room.emulator);
    const denied = {
      response: { statusCode: 400, headers: {}, body: Buffer.from('{"__type":"AccessDeniedException"}') },
    };
    const handler = {
      ...inner,
      handle: async (...args: Parameters<typeof inner.handle>) => {
        const operation = args[0].headers['x-amz-target']?.split('.')[1] ?? '';
        asked.push(operation);
        return refusing.test(operation) ? denied : await inner.handle(...args);
      },
    };
    return { who: patient({ requestHandler: handler as never }), asked };
  }

  async function labKey() {
    const ownership = { lab: 'symmetric', namespace: 'default', run: 'run-1', owner: ann };
    const Tags = tagsOf(ownership, 'alias/kms-lab-symmetric-key', '2026-11-24T10:15:00.000Z');
    return await createOwnedKey(room.kms, { Tags }, 'alias/kms-lab-symmetric-key');
  }

  it('counts the keys of the Region', async () => {
    await room.kms.createKey({});
    const { who } = at();
    expect(keysFinding(who, await surveyOf(who, ann))).toMatchObject({
      outcome: 'passed',
      text: '1 key in us-east-1, of 100,000 that an account may have',
    });
  });

  it('warns when they are about to be too many', async () => {
    const { who } = at();
    const survey = await surveyOf(who, ann);
    survey.counts.keys = 90_000;
    expect(keysFinding(who, survey)).toMatchObject({ outcome: 'warning', advice: expect.stringContaining('quota') });
  });

  it('without a key to try them on: not tested, and not guessed', async () => {
    const { who } = at();
    expect(await permissionsFinding(who, await surveyOf(who, ann), ann)).toMatchObject({
      outcome: 'warning',
      text: 'not tested: no enabled kms-lab key of yours in us-east-1 to try them on',
    });
  });

  it('tries them with DryRun on a key of a lab, and names what is denied; nothing is changed', async () => {
    const { KeyId } = await labKey();
    const allowed = at();
    expect(await permissionsFinding(allowed.who, await surveyOf(allowed.who, ann), ann)).toMatchObject({
      outcome: 'passed',
      text: expect.stringMatching(
        /^Encrypt, Decrypt, GenerateDataKey, CreateGrant allowed; CreateKey, ReplicateKey, .+ not tested/,
      ),
    });
    const { who } = at(/^Decrypt$/);
    expect(await permissionsFinding(who, await surveyOf(who, ann), ann)).toMatchObject({
      outcome: 'warning',
      text: expect.stringContaining('Decrypt denied'),
      advice: 'allow kms:Decrypt for the caller',
    });
    expect((await room.kms.listGrants({ KeyId })).Grants).toEqual([]);
    expect(
      allowed.asked.filter((each) => !/^(?:List|Describe|Encrypt|Decrypt|GenerateDataKey|CreateGrant)/.test(each)),
    ).toEqual([]);
  });
});
