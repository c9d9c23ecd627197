import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import troubleshooting from '../../labs/troubleshooting/lab.js';
import { longPolicy } from '../../labs/troubleshooting/policy.js';
import { removeRun } from '../../src/cleanup/run.js';
import { requestHandler } from '../../src/emulator/handler.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { describeLies } from './lies/noticed.js';
import { aboutTroubles } from './lies/troubleshooting.js';
import { aboutWeather, badWeather } from './lies/weather.js';
import { type Between, openRoom, type Room, region, type Told } from './room.js';

const alias = 'alias/kms-lab-troubleshooting-key';

describe('troubleshooting on the embedded KMS', () => {
  let room: Room;
  let told: Told;
  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(troubleshooting, { simulated: true });
  });
  afterAll(() => room.close());

  it('proves every claim of the lesson, in its order, with the exception of each refusal', () => {
    const proven = told
      .of('claim')
      .map(({ step, claim, outcome, detail }) => `${step} ${outcome}: ${claim}${detail ? ` (${detail})` : ''}`);
    expect(proven).toMatchInlineSnapshot(`
      [
        "9.1 passed: the key opens what it encrypted",
        "9.1 passed: its alias does",
        "9.2 passed: what worked before is denied (AccessDeniedException)",
        "9.2 passed: a call that names no key is denied in other words (AccessDeniedException)",
        "9.2 passed: the policy says why: it asks for an encryption context",
        "9.2 passed: repaired by the caller: with the context it is allowed",
        "9.2 passed: repaired in the policy: what was denied opens again",
        "9.2 passed: asked with DryRun, KMS says only that it would work (DryRunOperationException)",
        "9.3 passed: damaged on its way: one bit is enough (InvalidCiphertextException)",
        "9.3 passed: repaired: an undamaged copy opens",
        "9.3 passed: base64 text in place of the bytes it stands for (InvalidCiphertextException)",
        "9.3 passed: repaired: decoded, it opens",
        "9.3 passed: an encryption context in other letters (InvalidCiphertextException)",
        "9.3 passed: no encryption context at all (InvalidCiphertextException)",
        "9.3 passed: repaired: the context it was encrypted with",
        "9.4 passed: an alias that exists is not made again (AlreadyExistsException)",
        "9.4 passed: repaired: UpdateAlias leads it to the other key",
        "9.4 passed: which is the wrong one for what was encrypted before (IncorrectKeyException)",
        "9.4 passed: repaired: without a key id KMS takes the right one",
        "9.4 passed: repaired: the alias leads back, and opens it",
        "9.5 passed: a key that signs does not encrypt (InvalidKeyUsageException)",
        "9.5 passed: nor is it rotated (UnsupportedOperationException)",
        "9.5 passed: a signature is not that of a changed message (KMSInvalidSignatureException)",
        "9.5 passed: repaired: used to sign and verify, it does",
        "9.5 passed: nor is a MAC (KMSInvalidMacException)",
        "9.5 passed: repaired: with the message it was made of, it is valid",
        "9.6 passed: a disabled key opens nothing (DisabledException)",
        "9.6 passed: nor does it encrypt (DisabledException)",
        "9.6 passed: DescribeKey says why",
        "9.6 passed: repaired: enabled, it opens what it encrypted before",
        "9.7 passed: a key that is pending deletion opens nothing (KMSInvalidStateException)",
        "9.7 passed: enabling it is not the way back (KMSInvalidStateException)",
        "9.7 passed: DescribeKey says why",
        "9.7 passed: cancelled in time, the key is back, but disabled",
        "9.7 passed: so it still opens nothing (DisabledException)",
        "9.7 passed: nor is there a deletion left to cancel (KMSInvalidStateException)",
        "9.7 passed: repaired: cancelled and enabled, it opens",
        "9.8 passed: an alias that nobody made (NotFoundException)",
        "9.8 passed: ListAliases says what the key is called",
        "9.8 passed: repaired: by that name it is found",
        "9.8 passed: us-west-2 has no key of that id (NotFoundException)",
        "9.8 passed: nor does it look where an ARN points (NotFoundException)",
        "9.8 passed: asked to find the key by itself, it denies (AccessDeniedException)",
        "9.8 passed: the ARN tells the Region",
        "9.8 passed: repaired: us-east-1 opens it",
        "9.9 passed: more than a key policy may hold: 32 KB (LimitExceededException)",
        "9.9 passed: repaired: one pattern in place of a list",
        "9.9 passed: and the policy of before again",
        "9.9 passed: more than one call may encrypt: an error of another kind (ValidationException)",
        "9.9 passed: repaired: one byte less",
        "9.10 passed: a policy that ends too early (MalformedPolicyDocumentException)",
        "9.10 passed: a statement without a principal (MalformedPolicyDocumentException)",
        "9.10 passed: an effect that is none (MalformedPolicyDocumentException)",
        "9.10 passed: meanwhile the old policy held",
        "9.10 passed: repaired: the policy, well-formed, is taken",
        "9.11 passed: faster than the quota is too fast (ThrottlingException)",
        "9.11 passed: repaired: a second later it is done",
        "9.11 passed: KMS waits in vain for a system behind it (DependencyTimeoutException)",
        "9.11 passed: repaired: an SDK that may try twice does, and gets its answer",
        "9.11 passed: something goes wrong inside KMS (KMSInternalException)",
        "9.11 passed: repaired: an SDK that may try twice does, and gets its answer",
        "9.11 passed: a rotation on demand ten minutes before an automatic one (ConflictException)",
        "9.11 passed: repaired: after that one it is done",
      ]
    `);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 11, failed: 0, skipped: 0, notOffered: 0 },
      keys: [{ alias, made: true, monthlyUsd: 1 }],
      files: 'kms-lab-files/troubleshooting/',
    });
    expect(troubleshooting.facts.keys).toBe(told.end.keys.length);
  });

  it('shows what KMS says with each exception', () => {
    const key = told.end.keys[0]?.keyId ?? '';
    const said = told
      .of('note')
      .map(({ text }) => text.replaceAll(key, 'KEY').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'PASSING-KEY'));
    expect([...new Set(said)]).toMatchInlineSnapshot(`
      [
        "KMS says: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:111122223333:key/KEY with an explicit deny in a resource-based policy",
        "KMS says: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
        "KMS says: The request would have succeeded, but the DryRun option is set.",
        "KMS says no more than the exception’s name",
        "KMS says: An alias with the name arn:aws:kms:us-east-1:111122223333:alias/kms-lab-troubleshooting-key already exists",
        "KMS says: The key ID in the request does not identify a CMK that can perform this operation.",
        "PASSING-KEY was made for this step alone: its deletion is scheduled, and until then it costs nothing",
        "KMS says: arn:aws:kms:us-east-1:111122223333:key/PASSING-KEY key usage is SIGN_VERIFY which is not valid for Encrypt.",
        "KMS says: arn:aws:kms:us-east-1:111122223333:key/KEY is disabled.",
        "KMS says: arn:aws:kms:us-east-1:111122223333:key/KEY is pending deletion.",
        "KMS says: arn:aws:kms:us-east-1:111122223333:key/KEY is not pending deletion.",
        "KMS says: Alias arn:aws:kms:us-east-1:111122223333:alias/kms-lab-troubleshooting-key-misspelt is not found.",
        "KMS says: Key 'arn:aws:kms:us-west-2:111122223333:key/KEY' does not exist",
        "KMS says: Invalid arn us-east-1",
        "a policy that names each of 2,150 tenants has 33 KB",
        "KMS says: The key policy exceeds 32768 bytes.",
        "KMS says: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
        "KMS says: Policy is not valid JSON.",
        "KMS says: Policy contains a statement with no principal.",
        "KMS says: Policy statement must contain a valid Effect.",
        "KMS says: You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
        "KMS says: The system timed out while trying to fulfill the request. You can retry the request.",
        "KMS says: The request was rejected because an internal exception occurred. The request can be retried.",
        "KMS says: An automatic rotation of arn:aws:kms:us-east-1:111122223333:key/KEY is scheduled to begin within 20 minutes.",
      ]
    `);
  });

  it('leaves one key, Enabled, under its alias and its first policy; the keys for one step are dying', async () => {
    const { Keys = [] } = await room.kms.listKeys({});
    const keys = await Promise.all(Keys.map(async ({ KeyId }) => (await room.kms.describeKey({ KeyId })).KeyMetadata));
    expect(keys.map((key) => key?.KeyState).sort()).toEqual([
      'Enabled',
      'PendingDeletion',
      'PendingDeletion',
      'PendingDeletion',
    ]);
    const { KeyMetadata: key } = await room.kms.describeKey({ KeyId: alias });
    expect(key).toMatchObject({ KeyId: told.end.keys[0]?.keyId, KeyState: 'Enabled' });
    const { Policy = '' } = await room.kms.getKeyPolicy({ KeyId: key?.KeyId });
    expect(JSON.parse(Policy).Statement).toHaveLength(1);
  });

  it('has a line for the AWS CLI for every call but the simulated ones; policies are read from their files', () => {
    const lines = told.of('command').map(({ line }) => line);
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([]);
    expect(lines.filter((line) => line.includes('aws kms'))).toHaveLength(told.end.calls);
    const policies = lines.filter((line) => line.includes('put-key-policy'));
    const paths = policies.map((line) => / --policy file:\/\/kms-lab-files\/troubleshooting\/(\S+) /.exec(line)?.[1]);
    expect(paths).toEqual([
      'policy-that-denies.json',
      'policy.json',
      'policy-too-long.json',
      'policy-with-pattern.json',
      'policy.json',
      'policy-cut-off.json',
      'policy-without-principal.json',
      'policy-wrong-effect.json',
      'policy.json',
    ]);
  });

  it('never tells the message', async () => {
    const message = await readFile(join(packageRoot(), 'labs', 'troubleshooting', 'order.txt'), 'utf8');
    const said = JSON.stringify(told.events);
    for (const line of message.split('\n').filter(Boolean)) expect(said).not.toContain(line);
  });

  it('makes a new key each run, to which the alias moves', async () => {
    const again = await room.run(troubleshooting, { simulated: true });
    expect(again.end).toMatchObject({ outcome: 'passed', older: [{ keyId: told.end.keys[0]?.keyId }] });
    expect(again.end.keys[0]?.keyId).not.toBe(told.end.keys[0]?.keyId);
  });
});

describe('troubleshooting', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('passes when every change is seen late', async () => {
    room.emulator.eventualConsistency(1500);
    const told = await room.run(troubleshooting, { simulated: true });
    expect(told.claims('failed')).toEqual([]);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 11 } });
  });

  it('is proven without its last step where there is no simulation', async () => {
    const told = await room.run(troubleshooting);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 10, notOffered: 1 } });
  });

  it('looks in another Region than its own', async () => {
    const told = await room.run(troubleshooting, { at: 'us-west-2' });
    expect(told.claims('passed')).toContain('us-east-1 has no key of that id');
    expect(told.end.outcome).toBe('passed');
  });

  it('provokes the limit with a policy that is a policy, and not much more than AWS takes', () => {
    const policy = longPolicy('{"Version":"2012-10-17","Statement":[]}', '111122223333');
    expect(JSON.parse(policy).Statement).toHaveLength(1);
    expect(policy.length).toBeGreaterThan(33 * 1024);
    expect(policy.length).toBeLessThan(40 * 1024);
  });

  it('denies nobody, in any policy, what it takes to administer the key or to remove it', async () => {
    const sent: unknown[] = [];
    await room.run(troubleshooting, {
      between: async ({ operation, input, pass }) => {
        if (operation === 'PutKeyPolicy') sent.push(input);
        return await pass();
      },
    });
    for (const input of sent as { Policy: string }[]) {
      expect(input).not.toHaveProperty('BypassPolicyLockoutSafetyCheck');
      expect(input.Policy).toContain('Enable IAM User Permissions');
      expect(input.Policy).not.toContain('user/');
      const denied = input.Policy.split('"Sid"').filter((statement) => /"Effect":\s*"(Deny|Forbid)"/.test(statement));
      for (const statement of denied) expect(statement).toMatch(/"Action":\s*"kms:Decrypt"/);
    }
    expect(sent).toHaveLength(9);
  });
});

/** What leaves something behind when the run ends right after it. */
const changes = /^(Create|Update|Put|Disable|Enable|Schedule|Cancel)/;

describe('troubleshooting, interrupted', () => {
  /** Run until the `nth` change is made; give what cleanup says, and what is there afterwards. */
  async function interruptedAfter(nth: number) {
    const room = await openRoom();
    const stop = new AbortController();
    let seen = 0;
    const between: Between = async ({ operation, pass }) => {
      const answer = await pass();
      if (answer.status === 200 && changes.test(operation) && ++seen === nth) stop.abort();
      return answer;
    };
    const config = (_service: string, at: string) => ({
      region: at,
      endpoint: 'http://127.0.0.1:1',
      requestHandler: requestHandler(room.emulator),
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    try {
      const told = await room.run(troubleshooting, { between, signal: stop.signal });
      const { failed, kept } = await removeRun({ connection: { config, cli: {} }, region }, 'run-1');
      const { Keys = [] } = await room.kms.listKeys({});
      const { Aliases = [] } = await room.kms.listAliases({});
      const states = Keys.map(
        async ({ KeyId }) => (await room.kms.describeKey({ KeyId })).KeyMetadata?.KeyState ?? 'unknown',
      );
      return {
        ended: told.end.outcome === 'passed',
        left: [...failed, ...kept.filter(({ reason }) => !reason.startsWith('already pending deletion'))],
        states: new Set(await Promise.all(states)),
        aliases: Aliases.filter(({ AliasName }) => AliasName?.includes('kms-lab')),
      };
    } finally {
      await room.close();
    }
  }

  it('after any change, is removed as a whole', async () => {
    let nth = 0;
    for (let ended = false; !ended; ) {
      const { ended: last, ...found } = await interruptedAfter(++nth);
      expect({ nth, ...found }).toEqual({ nth, left: [], states: new Set(['PendingDeletion']), aliases: [] });
      ended = last;
    }
    expect(nth).toBeGreaterThan(15);
  });
});

describeLies(troubleshooting, aboutTroubles, { elsewhere: aboutWeather });
describeLies(badWeather, aboutWeather);
