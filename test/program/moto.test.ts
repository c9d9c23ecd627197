import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { onPath } from '../support/on-path.js';
import { eventsOf, launch, run, scratch } from '../support/program.js';
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
<<<<<<< HEAD
  /** What ends the lab, as stderr has it, and the exit code. */
  ends?: { at: string; code: number };
=======
  /** An error that ends the lab: its exit code, and what stderr has of it. */
  error?: { code: number; says: string };
>>>>>>> asym
}

/** What moto (seen with 5.2.1) does otherwise than AWS KMS, by lab. */
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
<<<<<<< HEAD
      '3.1 it has a key material with an id', // it tells no KeyMaterialId; what needs it is skipped
=======
      '3.1 it has a key material with an id', // it tells no KeyMaterialId, so that most steps are skipped
>>>>>>> asym
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
  envelope: { fails: [] },
  audit: {
    fails: [],
<<<<<<< HEAD
    ends: { at: '8.2 Find them in CloudTrail', code: 5 }, // it has no LookupEvents
  },
  troubleshooting: {
    fails: [
      '9.2 what worked before is denied', // it obeys no policy
      '9.2 a call that names no key is denied in other words',
      '9.2 asked with DryRun, KMS says only that it would work',
    ],
    ends: { at: '9.3 Invalid ciphertext', code: 4 }, // it denies access to a damaged ciphertext
=======
    error: { code: 5, says: '8.2 Find them in CloudTrail' }, // it has no LookupEvents
  },
  troubleshooting: {
    fails: [
      '9.2 what worked before is denied', // it stores policies and does not obey them
      '9.2 a call that names no key is denied in other words',
      '9.2 asked with DryRun, KMS says only that it would work',
    ],
    error: { code: 4, says: '9.3 Invalid ciphertext: UnknownError' }, // its refusal of what is no ciphertext has no name
>>>>>>> asym
  },
};

describe.skipIf(!hasMoto)(`against moto_server${hasMoto ? '' : ' (not on PATH)'}`, () => {
  it('has every lab in the table', () => {
    expect(Object.keys(known)).toEqual(labs.map(({ id }) => id));
  });

<<<<<<< HEAD
  it.each(Object.entries(known))(
    'every claim of %s holds but those that moto is known to fail, and cleanup removes its keys',
    async (lab, { fails, notOffered = [], untagged = 0, ends }) => {
      const cwd = scratch();
      const moto = launch('moto_server', ['-H', '127.0.0.1', '-p', '0'], { cwd });
      const url = /http:\S+/.exec(await moto.says('stderr', 'Press CTRL+C'))?.[0] ?? '';
      const env = { ...keys, AWS_ENDPOINT_URL: url };

=======
  it('every claim holds but those that moto is known to fail, and cleanup removes what each lab made', async () => {
    const cwd = scratch();
    const moto = launch('moto_server', ['-H', '127.0.0.1', '-p', '0'], { cwd });
    const url = /http:\S+/.exec(await moto.says('stderr', 'Press CTRL+C'))?.[0] ?? '';
    const env = { ...keys, AWS_ENDPOINT_URL: url };
    for (const [lab, { fails, notOffered = [], untagged = 0, error }] of Object.entries(known)) {
>>>>>>> asym
      const ended = await run([lab, '--json'], { cwd, env });
      const events = eventsOf(ended.stdout);
      const claims = events.filter(({ type }) => type === 'claim');
      const failed = claims.flatMap(({ outcome, step, claim }) => (outcome === 'passed' ? [] : [`${step} ${claim}`]));
      const left = events.flatMap(({ type, outcome, step }) =>
        type === 'step:end' && outcome === 'not offered' ? [step] : [],
      );
      // A later moto may do better.
<<<<<<< HEAD
      expect(fails).toEqual(expect.arrayContaining(failed));
      expect(notOffered).toEqual(expect.arrayContaining(left));
      expect(events.filter(({ type, outcome }) => type === 'claim' && outcome === 'passed')).not.toEqual([]);
      if (ends) expect(ended).toMatchObject({ code: ends.code, stderr: expect.stringContaining(ends.at) });
      else expect(ended).toMatchObject({ code: failed.length > 0 ? 1 : 0, stderr: '' });
=======
      expect(fails, lab).toEqual(expect.arrayContaining(failed));
      expect(notOffered, lab).toEqual(expect.arrayContaining(left));
      expect(claims.length, lab).toBeGreaterThan(failed.length);
      if (error) expect(ended, lab).toMatchObject({ code: error.code, stderr: expect.stringContaining(error.says) });
      else expect(ended, lab).toMatchObject({ code: failed.length > 0 ? 1 : 0, stderr: '' });
>>>>>>> asym

      const end = events.find(({ type }) => type === 'lab:end') as unknown as { keys: unknown[] };
      const found = end.keys.length - untagged;
      const many = `${found} key${found === 1 ? '' : 's'}`;
      expect(await run(['cleanup', '--lab', lab, '--yes'], { cwd, env }), lab).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringMatching(new RegExp(`✔ clean {2}${many} scheduled for deletion`)),
      });
<<<<<<< HEAD
    },
    120_000, // a claim about a change is given ten seconds before it fails
  );
=======
    }
  }, 300_000);
>>>>>>> asym
});
