import { describe, expect, it } from 'vitest';
import type { WireResponse } from '../../src/emulator/wire/message.js';
import { runHere } from '../support/here.js';
import { eventsOf, run } from '../support/program.js';
import { type Answering, bodyOf, json, served } from '../support/served.js';

/** The honest answer with some members changed. */
async function changed(honest: () => Promise<WireResponse>, change: (answer: Record<string, string>) => object) {
  const answer = await honest();
  return answer.status === 200 ? json(change(bodyOf(answer))) : answer;
}

const flipped = (base64: string): string => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
};

const elsewhere = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** A KMS that opens everything: what a refusal would have been is an answer. */
const opensAll: Answering = async (operation, _request, honest) => {
  const answer = await honest();
  if (operation !== 'Decrypt' || answer.status === 200) return answer;
  return json({ KeyId: elsewhere, Plaintext: 'aGk=', EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
};

describe('exit 1: a KMS that lies proves nothing', () => {
  it.each<[string, Answering, string[]]>([
    [
      'gives other bytes back',
      (operation, _request, honest) =>
        operation === 'Decrypt'
          ? changed(honest, (answer) => ({ ...answer, Plaintext: flipped(answer.Plaintext ?? '') }))
          : undefined,
      ['the decrypted file is the original, byte for byte', 'the same context opens it'],
    ],
    [
      'answers from another key',
      (operation, _request, honest) =>
        operation === 'Decrypt' ? changed(honest, (answer) => ({ ...answer, KeyId: elsewhere })) : undefined,
      ['the answer names the key that opened it'],
    ],
    [
      'returns the plaintext as ciphertext',
      (operation, request, honest) =>
        operation === 'Encrypt'
          ? changed(honest, (answer) => ({ ...answer, CiphertextBlob: bodyOf(request).Plaintext }))
          : undefined,
      ['the plaintext does not stand in the ciphertext', 'the same file encrypted again gives another ciphertext'],
    ],
    [
      'ignores the context, and accepts a flipped byte',
      opensAll,
      ['another context is refused', 'no context is refused', 'the last byte changed by one bit is refused'],
    ],
  ])('%s', async (_name, answering, lies) => {
    const { env } = await served(answering);
    const { code, stdout, stderr } = await runHere(['symmetric', '--json'], { env });
    const events = eventsOf(stdout);
    const failed = events.filter(({ type, outcome }) => type === 'claim' && outcome === 'failed');
    expect(failed.map(({ claim }) => claim)).toEqual(expect.arrayContaining(lies));
    expect(events.at(-1)).toMatchObject({ type: 'run:end', outcome: 'failed', exitCode: 1 });
    expect(events.at(-1)).not.toHaveProperty('error');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('is told on the screen: the claim, what was expected, and what stands in the way of the rest', async () => {
    const { env } = await served((operation, _request, honest) =>
      operation === 'Decrypt' ? changed(honest, (answer) => ({ ...answer, KeyId: elsewhere })) : undefined,
    );
    const { code, stdout } = await run(['symmetric', '--quiet'], { env });
    expect(code).toBe(1);
    expect(stdout).toContain('✖ the answer names the key that opened it');
    expect(stdout).toMatch(/got +arn:aws:kms:us-east-1:111122223333:key\/1234…90ab/);
    expect(stdout).toMatch(/✖ not proven {2}step 1\.3 of symmetric/);
    expect(stdout).not.toContain('✔ it is Enabled');
  });
});
