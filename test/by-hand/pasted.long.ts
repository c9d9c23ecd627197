import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { onPath } from '../support/on-path.js';
import { run, scratch, start } from '../support/program.js';
import { keys, served } from '../support/served.js';
import { commandsMd, expectedCalls, expectedFailures, type Section, settled } from './commands-md.js';
import { paste, pythonOfAws, warm } from './paste.js';

const { setup, labs } = commandsMd();
const missing = ['aws', 'openssl', 'base64', 'cmp'].filter(
  (program) => process.platform === 'win32' || !onPath(program, program === 'openssl' ? 'version' : '--version'),
);
const python = missing.length === 0 ? pythonOfAws() : undefined;

/**
 * An AWS CLI that can't be loaded once takes minutes for all lines, and so the suite pastes one lab. `npm run test:commands`
 * pastes them all and loads it for each line.
 */
const each = process.env.PASTE_EACH !== undefined;
const chosen = each || python ? labs : labs.slice(0, 1);
const hasZsh = missing.length === 0 && onPath('zsh', '--version');

const idOf = (section: Section | undefined) => /labs\/([\w-]+)\/README/.exec(section?.text ?? '')?.[1] ?? '';

/** Paste labs side by side, each into a shell of its own, have them graded, and clean up: everything ends as the lines say. */
async function proveByPasting(shell: 'bash' | 'zsh', sections: readonly Section[]): Promise<void> {
  const home = scratch();
  const server = start(['serve', '--port', '0', '--state', 'memory'], { cwd: home });
  const url = /http:\S+/.exec(await server.says('stdout', 'unset'))?.[0].replace(/;$/, '') ?? '';
  const env = { ...keys, AWS_ENDPOINT_URL: url, AWS_CONFIG_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
  const desks = sections.map((_section, at) => join(home, `.desk-${at}`));
  const isWarm = python !== undefined && !each;
  if (isWarm) await warm(python, desks, env);

  const shells = sections.map(async ({ title, lines }, at) => {
    const text = `${setup}${lines}`;
    const { calls, failed, stderr } = await paste(text, { shell, cwd: home, desk: desks[at] as string, env, isWarm });
    const expected = expectedCalls(text);
    const promised = expected.map(({ outcome }) => outcome);
    expect({ title, calls: settled(calls, expected) }).toEqual({ title, calls: settled(promised, expected) });
    // What else fails, a comparison say, is no call.
    expect({ title, failed, stderr }).toEqual({ title, failed: expectedFailures(text), stderr });
  });
  await Promise.all(shells);

  const what = sections.length === labs.length ? 'all' : idOf(sections[0]);
  const { code, stdout, stderr } = await run(['check', what], { cwd: home, env });
  expect({ code, stderr, failed: stdout.match(/^FAIL: .*/gm) }).toEqual({ code: 0, stderr: '', failed: null });
  expect(await run(['cleanup', '--yes'], { cwd: home, env })).toMatchObject({ code: 0 });
  const made = sections.flatMap(({ lines }) => expectedCalls(lines)).map(({ outcome }) => outcome);
  const left = await whatIsLeft(url);
  expect(left.states).toHaveLength(made.filter((outcome) => /^kms (create|replicate)-key: ok$/.test(outcome)).length);
  expect(left.states.filter((state) => !/^Pending(Replica)?Deletion$/.test(state))).toEqual([]);
  expect(left.aliases).toEqual([]);
}

describe.skipIf(missing.length > 0)(
  `COMMANDS.md${missing.length > 0 ? ` (not here: ${missing.join(', ')})` : ''}`,
  () => {
    it('would not get away with a line that ends otherwise than it says, or bytes that differ', async () => {
      const { env } = await served();
      const lines = `${setup}
aws kms describe-key --key-id alias/nobody-made-it
aws kms list-keys  # refused: AccessDeniedException
printf one > one; printf other | cmp - one`;
      const cwd = scratch();
      const { calls, failed } = await paste(lines, {
        shell: 'bash',
        cwd,
        desk: join(cwd, '.desk'),
        env,
        isWarm: false,
      });
      const promised = expectedCalls(lines).map(({ outcome }) => outcome);
      expect(promised.slice(1)).toEqual(['kms describe-key: ok', 'kms list-keys: AccessDeniedException']);
      expect(calls.slice(1)).toEqual(['kms describe-key: NotFoundException', 'kms list-keys: ok']);
      expect(failed).toBe(2);
    });

    it(`does what it says, pasted into bash, and is cleaned up (${chosen.length} of ${labs.length} labs)`, async () => {
      await proveByPasting('bash', chosen);
    }, 900_000);

    it.skipIf(!hasZsh || each)(
      `is understood by zsh${hasZsh ? '' : ' (no `zsh` here)'}`,
      async () => {
        // It has here-documents, tokens, and the function of the tags.
        const some = labs.filter(({ title }) => title.includes('Grants'));
        await proveByPasting('zsh', some);
      },
      300_000,
    );
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
