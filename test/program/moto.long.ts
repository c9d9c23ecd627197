import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { onPath } from '../support/on-path.js';
import { type Env, eventsOf, run, scratch } from '../support/program.js';
import { keys } from '../support/served.js';

const hasMoto = onPath('moto_server', '--help');

/** How a lab fares on a server that is not AWS KMS. */
interface Known {
  /** The claims that fail. */
  fails: string[];
  /** The steps that are not offered. */
  notOffered?: string[];
  /** How many of the lab's keys cleanup does not find, since they do not bear their tags. */
  untagged?: number;
  /** No claim of it holds. */
  nothing?: true;
}

/** What moto (seen with 5.2.1) does otherwise than AWS KMS, by lab. A lab without a row is to be proven there. */
const known: Readonly<Record<string, Known>> = {
  symmetric: {
    fails: ['1.3 it was opened with SYMMETRIC_DEFAULT'], // its Decrypt leaves EncryptionAlgorithm out
  },
  asymmetric: {
    fails: [
      '2.2 the answer names the key by its ARN', // its GetPublicKey gives the id; what needs the public key is skipped
      '2.6 RSAES_OAEP_SHA_1: 215 bytes are refused',
      '2.6 RSAES_OAEP_SHA_256: 191 bytes are refused',
      '2.8 a changed message is refused by KMS', // it answers SignatureValid: false
      '2.8 a changed signature is refused by KMS',
      '2.8 the algorithm of another curve is refused',
      '2.8 a key that signs does not encrypt',
      '2.9 4,097 bytes are refused',
      '2.9 the public key alone verifies it for all 65,536 bytes', // it hashes digests once more
      '2.9 the digest of another file is refused',
    ],
    notOffered: ['2.10', '2.11'],
  },
  rotation: {
    fails: [
      '3.1 it has a key material with an id', // it has no CurrentKeyMaterialId; what needs the key is skipped
      '3.8 it is not rotated on a schedule',
      '3.8 nor on demand',
    ],
    notOffered: ['3.9'],
  },
  'multi-region': {
    fails: [
      '4.2 both have the same key material', // it tells no KeyMaterialId
      '4.2 the replica bears them too: its own, none is copied', // it drops the tags of ReplicateKey
    ],
    notOffered: ['4.7'],
    untagged: 1,
  },
  'key-policy': {
    fails: ['6.1 KMS answers every call of this step'], // it has no policy for a key that was made without one
    nothing: true,
  },
  grants: {
    fails: ['7.1 you may not encrypt with it', '7.1 nor make a data key'], // it obeys no key policy; the rest is skipped
  },
  audit: {
    fails: ['8.2 CloudTrail answers every call of this step'], // it has no LookupEvents
  },
  troubleshooting: {
    fails: [
      '9.2 what worked before is denied', // it stores key policies and obeys none
      '9.2 a call that names no key is denied in other words',
      '9.2 asked with DryRun, KMS says only that it would work',
      '9.3 base64 text in place of the bytes it stands for', // it denies where AWS says what is wrong
      '9.4 which is the wrong one for what was encrypted before',
      '9.5 a key that signs does not encrypt', // it looks at no usage
      '9.5 nor is it rotated',
      '9.5 a signature is not that of a changed message',
      '9.6 a disabled key opens nothing', // and at no state
      '9.6 nor does it encrypt',
      '9.7 a key that is pending deletion opens nothing',
      '9.7 enabling it is not the way back',
      '9.7 DescribeKey says why',
      '9.7 so it still opens nothing',
      '9.7 nor is there a deletion left to cancel',
      '9.9 more than a key policy may hold: 32 KB', // it takes any text for a policy
      '9.10 a policy that ends too early',
      '9.10 a statement without a principal',
      '9.10 an effect that is none',
    ],
    notOffered: ['9.11'],
  },
};

describe.skipIf(!hasMoto)(`against moto_server${hasMoto ? '' : ' (not on PATH)'}`, () => {
  let moto: ChildProcess | undefined;
  let env: Env;
  beforeAll(async () => {
    moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    env = { ...keys, AWS_ENDPOINT_URL: await addressOf(moto) };
  }, 60_000);
  afterAll(() => void moto?.kill('SIGKILL'));

  it('the table names labs that there are, in their order', () => {
    expect(Object.keys(known)).toEqual(labs.map(({ id }) => id).filter((id) => id in known));
  });

  // In one spec, side by side: some labs wait long for a change that moto never shows.
  it('every claim of every lab holds but those that moto is known to fail, and cleanup removes their keys', async () => {
    await Promise.all(labs.map(({ id }) => fares(id, env)));
  }, 180_000);
});

/** Run a lab on moto, compare with what is known, and clean up after it. */
async function fares(lab: string, env: Env): Promise<void> {
  const { fails, notOffered = [], untagged = 0, nothing } = known[lab] ?? { fails: [] };
  const cwd = scratch();
  const ended = await run([lab, '--json'], { cwd, env });
  const events = eventsOf(ended.stdout);
  const failed = events.flatMap(({ type, outcome, step, claim }) =>
    type === 'claim' && outcome !== 'passed' ? [`${step} ${claim}`] : [],
  );
  const left = events.flatMap(({ type, outcome, step }) =>
    type === 'step:end' && outcome === 'not offered' ? [step] : [],
  );
  // A later moto may do better.
  expect(fails, lab).toEqual(expect.arrayContaining(failed));
  expect(notOffered, lab).toEqual(expect.arrayContaining(left));
  const held = events.filter(({ type, outcome }) => type === 'claim' && outcome === 'passed');
  if (!nothing) expect(held, lab).not.toEqual([]);
  expect(ended, lab).toMatchObject({ code: failed.length > 0 ? 1 : 0, stderr: '' });

  const end = events.find(({ type }) => type === 'lab:end') as unknown as { keys: unknown[] };
  const found = end.keys.length - untagged;
  const many = `${found} key${found === 1 ? '' : 's'}`;
  expect(await run(['cleanup', '--yes', '--lab', lab], { cwd, env }), lab).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(new RegExp(`✔ clean {2}${many} scheduled for deletion`)),
  });
}

/** Where a moto server that has just been started listens. */
function addressOf(moto: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    moto.once('error', reject);
    moto.once('exit', () => reject(new Error(`moto_server ended: ${said}`)));
    moto.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const url = /http:\/\/\S+/.exec(said)?.[0];
      if (url && said.includes('Press CTRL+C')) resolve(url);
    });
  });
}
