import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { onPath } from '../support/on-path.js';
import { run, scratch, start } from '../support/program.js';
import { keys } from '../support/served.js';
import { commandsMd, expectedCalls, expectedFailures, settled } from './commands-md.js';
import { paste, pythonOfAws, warm } from './paste.js';

const { setup, labs } = commandsMd();
const missing = ['aws', 'openssl', 'base64', 'cmp'].filter(
  (program) => process.platform === 'win32' || !onPath(program, program === 'openssl' ? 'version' : '--version'),
);
const python = missing.length === 0 ? pythonOfAws() : undefined;

/** Every line is more than a minute's work for an AWS CLI that has to be loaded for each: `npm run test:commands` does it. */
const each = process.env.KMS_LAB_PASTE === 'each';
const chosen = each || python ? labs : labs.slice(0, 1);

/** The embedded KMS as learners serve it, and what they paste to reach it. */
async function serve(cwd: string) {
  const server = start(['serve', '--port', '0', '--state', 'memory'], { cwd });
  const said = await server.says('stdout', 'unset');
  const url = /http:\S+/.exec(said)?.[0].replace(/;$/, '') ?? '';
  return {
    url,
    env: { ...keys, AWS_ENDPOINT_URL: url, AWS_CONFIG_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' },
  };
}

describe.skipIf(missing.length > 0)(
  `COMMANDS.md${missing.length > 0 ? ` (not here: ${missing.join(', ')})` : ''}`,
  () => {
    it(`does what it says, pasted into bash: ${chosen.length} of ${labs.length} labs`, async () => {
      const home = scratch();
      const { url, env } = await serve(home);
      const folders = chosen.map((_lab, at) => join(home, String(at)));
      for (const folder of folders) mkdirSync(folder);
      const isWarm = python !== undefined && !each;
      if (isWarm) await warm(python, folders, env);

      const shells = chosen.map(async ({ title, lines }, at) => {
        const text = `${setup}${lines}`;
        const expected = expectedCalls(text);
        const { calls, failed, stderr } = await paste(text, folders[at] as string, env, isWarm);
        const promised = expected.map(({ outcome }) => outcome);
        expect({ title, calls: settled(calls, expected) }).toEqual({ title, calls: settled(promised, expected) });
        // What else fails, a comparison say, is no call.
        expect({ title, failed: failed.length, stderr }).toEqual({ title, failed: expectedFailures(text), stderr });
      });
      await Promise.all(shells);

      const cleanup = await run(['cleanup', '--yes'], { cwd: home, env });
      expect(cleanup).toMatchObject({ code: 0 });
      const made = chosen.flatMap(({ lines }) => expectedCalls(lines)).map(({ outcome }) => outcome);
      const count = (call: string) => made.filter((outcome) => outcome === `kms ${call}: ok`).length;
      const left = await whatIsLeft(url);
      expect(left.states).toHaveLength(count('create-key') + count('replicate-key'));
      expect(left.states.filter((state) => !/^Pending(Replica)?Deletion$/.test(state))).toEqual([]);
      expect(left.aliases).toEqual([]);
    }, 900_000);
  },
);

/** The states of all keys of the account's own, and its aliases, in the Regions of the labs. */
async function whatIsLeft(endpoint: string) {
  const states: string[] = [];
  const aliases: string[] = [];
  for (const region of ['us-east-1', 'us-west-2']) {
    const kms = new KMS({ region, endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    for (const { KeyId } of (await kms.listKeys({ Limit: 1000 })).Keys ?? []) {
      const { KeyMetadata } = await kms.describeKey({ KeyId });
      states.push(KeyMetadata?.KeyState ?? '');
    }
    for (const { AliasName = '' } of (await kms.listAliases({})).Aliases ?? [])
      if (AliasName.startsWith('alias/kms-lab-')) aliases.push(AliasName);
    kms.destroy();
  }
  return { states, aliases };
}
