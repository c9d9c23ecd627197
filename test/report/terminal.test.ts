import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import { width } from '../../src/report/layout.js';
import type { Screen } from '../../src/report/reporter.js';
import { noProgress } from '../../src/report/spinner.js';
import { type TerminalOptions, terminal } from '../../src/report/terminal.js';
import { claim, failed, keyId, labStart, paper, passed, runStart } from './events.js';

const next = { cleanup: ['--local', '--namespace', 'alice'] };

function told(events: LabEvent[], options: TerminalOptions = {}, kind: Partial<Omit<Screen, 'write'>> = {}): string {
  const { screen, tell } = paper(kind);
  return tell(terminal(screen, noProgress, options), events);
}

describe('on a terminal', () => {
  it('a lab that passes', () => {
    expect(told(passed(), { next })).toMatchInlineSnapshot(`
      "Lab 1 · Symmetric encryption                                    embedded KMS
      account 111122223333 · us-east-1 · as user/lab
      makes 1 KMS key ($1.00 a month while it exists; on the embedded KMS nothing)

      1.1  Create a symmetric key
           The key is made in an HSM and never leaves it. What you get is a name for
           it: an id, an ARN, and an alias that people can read.
           ✔ the key is Enabled, SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT, made by AWS_KMS
           ✔ alias/kms-lab-symmetric-key names 1234…90ab
             The alias can be moved to another key; the id can not.
             $ aws kms create-alias --alias-name alias/kms-lab-symmetric-key --target-key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region us-east-1 --endpoint-url http://127.0.0.1:4599

      1.5  Bind a ciphertext to its context
           The context is authenticated, not stored.
           ✔ the same context opens it, in any order
           ✔ another context is refused                 InvalidCiphertextException
           ✔ no context is refused                      InvalidCiphertextException

      ✔ proven  2 steps · 4 claims · 17 calls to KMS · 0.21 s
        left in place: 1 key (on AWS $1.00 a month). Remove it:
          kms-lab cleanup --lab symmetric --local --namespace alice
        your files: kms-lab-files/symmetric/
        try the lines above by hand: \`kms-lab serve\` in another terminal (it prints
          the credentials to set)
      "
    `);
  });
  it('a lab that fails', () => {
    expect(told(failed(), { next })).toMatchInlineSnapshot(`
      "Lab 1 · Symmetric encryption                                    embedded KMS
      account 111122223333 · us-east-1 · as user/lab
      makes 1 KMS key ($1.00 a month while it exists; on the embedded KMS nothing)

      1.1  Create a symmetric key
           The key is made in an HSM and never leaves it. What you get is a name for
           it: an id, an ARN, and an alias that people can read.
           ✔ the key is Enabled, SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT, made by AWS_KMS
           ✔ alias/kms-lab-symmetric-key names 1234…90ab
             The alias can be moved to another key; the id can not.
             $ aws kms create-alias --alias-name alias/kms-lab-symmetric-key --target-key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region us-east-1 --endpoint-url http://127.0.0.1:4599

      1.5  Bind a ciphertext to its context
           The context is authenticated, not stored.
           ✔ the same context opens it, in any order
           ✖ another context is refused
               expected  InvalidCiphertextException
               got       an answer from 1234…90ab
             This endpoint does not look at the context.

      1.6  Refuse what is wrong                                          – skipped
      1.7  Refuse what is wrong                                          – skipped

      ✖ not proven  step 1.5 of symmetric · 3 claims held, 1 failed
        steps 1.6, 1.7 skipped
        left in place: 1 key (on AWS $1.00 a month). Remove it:
          kms-lab cleanup --lab symmetric --local --namespace alice
        your files: kms-lab-files/symmetric/
        try the lines above by hand: \`kms-lab serve\` in another terminal (it prints
          the credentials to set)
      "
    `);
  });
  it('without Unicode', () => {
    expect(told(failed(), {}, { unicode: false })).toMatchInlineSnapshot(`
      "Lab 1 - Symmetric encryption                                    embedded KMS
      account 111122223333 - us-east-1 - as user/lab
      makes 1 KMS key ($1.00 a month while it exists; on the embedded KMS nothing)

      1.1  Create a symmetric key
           The key is made in an HSM and never leaves it. What you get is a name for
           it: an id, an ARN, and an alias that people can read.
           ok   the key is Enabled, SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT, made by
                AWS_KMS
           ok   alias/kms-lab-symmetric-key names 1234...90ab
             The alias can be moved to another key; the id can not.
             $ aws kms create-alias --alias-name alias/kms-lab-symmetric-key --target-key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region us-east-1 --endpoint-url http://127.0.0.1:4599

      1.5  Bind a ciphertext to its context
           The context is authenticated, not stored.
           ok   the same context opens it, in any order
           FAIL another context is refused
               expected  InvalidCiphertextException
               got       an answer from 1234...90ab
             This endpoint does not look at the context.

      1.6  Refuse what is wrong                                          - skipped
      1.7  Refuse what is wrong                                          - skipped

      FAIL not proven  step 1.5 of symmetric - 3 claims held, 1 failed
        steps 1.6, 1.7 skipped
        left in place: 1 key (on AWS $1.00 a month). Remove it:
          kms-lab cleanup --lab symmetric
        your files: kms-lab-files/symmetric/
        try the lines above by hand: \`kms-lab serve\` in another terminal (it prints
          the credentials to set)
      "
    `);
  });
  it('quiet: failures and the summary', () => {
    expect(told(passed(), { quiet: true })).toMatchInlineSnapshot(`
      "✔ proven  2 steps · 4 claims · 17 calls to KMS · 0.21 s
        left in place: 1 key (on AWS $1.00 a month). Remove it:
          kms-lab cleanup --lab symmetric
        your files: kms-lab-files/symmetric/
      "
    `);
    expect(told(failed(), { quiet: true })).toMatchInlineSnapshot(`
      "1.5  Bind a ciphertext to its context
           ✖ another context is refused
               expected  InvalidCiphertextException
               got       an answer from 1234…90ab
             This endpoint does not look at the context.

      ✖ not proven  step 1.5 of symmetric · 3 claims held, 1 failed
        steps 1.6, 1.7 skipped
        left in place: 1 key (on AWS $1.00 a month). Remove it:
          kms-lab cleanup --lab symmetric
        your files: kms-lab-files/symmetric/
      "
    `);
  });
  it('colours marks, dims what is secondary, and changes no character', () => {
    const plain = told(failed());
    const coloured = told(failed(), {}, { colour: true });
    expect(coloured).toContain('\u001b[31m✖');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});

describe('without a terminal', () => {
  it('failures come once more, and the last line is the outcome', () => {
    const text = told(failed(), { next }, { isTerminal: false });
    expect(text.slice(text.indexOf('1.7'))).toMatchInlineSnapshot(`
      "1.7  Refuse what is wrong                                          – skipped

        left in place: 1 key (on AWS $1.00 a month). Remove it:
          kms-lab cleanup --lab symmetric --local --namespace alice
        your files: kms-lab-files/symmetric/
        try the lines above by hand: \`kms-lab serve\` in another terminal (it prints
          the credentials to set)

      What failed, once more:
      1.5  Bind a ciphertext to its context
           ✖ another context is refused
               expected  InvalidCiphertextException
               got       an answer from 1234…90ab

      ✖ not proven  step 1.5 of symmetric · 3 claims held, 1 failed · steps 1.6, 1.7 skipped
      "
    `);
  });
  it('a lab that passes ends in its outcome too', () => {
    expect(told(passed(), {}, { isTerminal: false }).trimEnd().split('\n').at(-1)).toMatchInlineSnapshot(
      `"✔ proven  2 steps · 4 claims · 17 calls to KMS · 0.21 s"`,
    );
  });
});

describe('the summary', () => {
  const summary = (events: LabEvent[], options: TerminalOptions = {}) => {
    const text = told(events, options);
    return text.slice(text.search(/^[✔✖]/m));
  };
  it('names the older key, and says what AWS charges', () => {
    const older = [{ keyId, region: 'us-east-1', monthlyUsd: 1 }];
    expect(summary(passed({ lab: { older }, place: { kind: 'aws', label: 'AWS' } }))).toMatchInlineSnapshot(`
      "✔ proven  2 steps · 4 claims · 17 calls to KMS · 0.21 s
        left in place: 1 key ($1.00 a month). Remove it:
          kms-lab cleanup --lab symmetric
        older: key 1234…90ab in us-east-1, without an alias, still costs $1.00 a month
        your files: kms-lab-files/symmetric/
      "
    `);
  });
  it('tells what --cleanup did', () => {
    const key = { keyId, region: 'us-east-1', monthlyUsd: 1 };
    const other = { ...key, region: 'us-west-2' };
    const cleanup = { scheduled: [key], kept: [], failed: [other] };
    const run = { cleanup, outcome: 'failed' as const, exitCode: 6 };
    expect(summary(passed({ run }))).toMatchInlineSnapshot(`
      "✔ proven  2 steps · 4 claims · 17 calls to KMS · 0.21 s

      ✖ proven, but the run failed  4 claims held · 1 key not removed
        cleaned up: 1 key scheduled for deletion
        not removed: key 1234…90ab in us-west-2
        your files: kms-lab-files/symmetric/
        try the lines above by hand: \`kms-lab serve\` in another terminal (it prints
          the credentials to set)
      "
    `);
  });
  it('a run that breaks off has an outcome', () => {
    const error = { kind: 'credentials', message: 'expired', hint: 'sign in' };
    const end = passed({ run: { outcome: 'failed', exitCode: 3, error, claims: { passed: 0, failed: 0 } } }).at(
      -1,
    ) as LabEvent;
    expect(summary([runStart(), labStart, end])).toMatchInlineSnapshot(`
      "✖ not proven  not finished: symmetric · 0 claims held
        ended by an error (credentials)
      "
    `);
  });
  it('several labs: each has its line, the run has the last', () => {
    const labs = ['symmetric', 'rotation'].map((lab, at) => ({
      lab,
      number: at + 1,
      title: lab,
      keys: 1,
      monthlyUsd: 1,
    }));
    const events = passed().map((event) => (event.type === 'run:start' ? { ...event, labs } : event));
    const end = events.find((event) => event.type === 'lab:end') as LabEvent;
    const second = { ...end, lab: 'rotation', number: 2, files: 'kms-lab-files/rotation/' } as LabEvent;
    expect(summary([...events.slice(0, -1), second, events.at(-1) as LabEvent])).toMatchInlineSnapshot(`
      "✔ proven  symmetric · 2 steps · 4 claims · 17 calls to KMS · 0.21 s

      ✔ proven  rotation · 2 steps · 4 claims · 17 calls to KMS · 0.21 s

      ✔ proven  2 labs · 2 steps · 4 claims · 17 calls to KMS · 0.23 s
        left in place: 2 keys (on AWS $2.00 a month). Remove them: kms-lab cleanup
        your files: kms-lab-files/symmetric/, kms-lab-files/rotation/
        try the lines above by hand: \`kms-lab serve\` in another terminal (it prints
          the credentials to set)
      "
    `);
  });
});

describe('whatever comes from outside', () => {
  const hostile = '\u001b[2J\u001b[1;1H\r\n✔ proven\u009b31m\u202e';
  it('can not move the cursor or forge a line', () => {
    const text = told([
      runStart({ label: hostile, identity: `arn:aws:iam::1:user/${hostile}` }),
      claim('1.1', hostile, { outcome: 'failed', detail: hostile, expected: hostile, got: hostile }),
      { type: 'note', lab: 'symmetric', text: hostile },
      { type: 'command', lab: 'symmetric', step: '1.1', line: `aws kms create-key --description '${hostile}'` },
    ]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    expect(text).not.toMatch(/^✔ proven/m);
    expect(text).toContain('\\x1b[2J');
  });
  it('a long claim is wrapped; a line for the AWS CLI never is, and keeps its ids', () => {
    const long = 'a statement with many words in it '.repeat(9) + 'x'.repeat(150);
    const line = `aws kms describe-key --key-id ${keyId} ${'--filler '.repeat(20)}`;
    const text = told(
      [
        runStart({ label: 'https://kms.example.test/a/very/long/address'.repeat(2) }),
        claim('1.1', long, { detail: long }),
        { type: 'command', lab: 'symmetric', step: '1.1', line },
      ],
      {},
      { columns: 200 },
    );
    const lines = text.split('\n');
    expect(Math.max(...lines.filter((each) => !each.includes('$ aws')).map(width))).toBeLessThanOrEqual(100);
    expect(lines).toContain(`       $ ${line}`);
  });
  it('two ids that would look alike are shown in full', () => {
    const expected = `${'1234'.padEnd(36, '0')}90ab`;
    const got = `${'1234'.padEnd(36, 'f')}90ab`;
    const text = told([runStart(), claim('1.1', 'the same material', { outcome: 'failed', expected, got })]);
    expect(text).toContain(expected);
    expect(text).toContain(got);
  });
});
