import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import { junit } from '../../src/report/junit.js';
import { onPath } from '../support/on-path.js';
import { failed, paper, passed } from './events.js';
import { hostile, masterclass } from './masterclass.js';

const schema = fileURLToPath(new URL('junit.xsd', import.meta.url));
const nasty = ']]></failure><script>"\'&%0A\n\u001b[31m\u0000\ufffe\ud800<!--';

function told(events: readonly LabEvent[]): string {
  const { screen, tell } = paper();
  return tell(junit(screen.write), events);
}

it('has a suite per lab and a case per step, with expected and got', () => {
  expect(told(failed())).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="kms-lab" tests="4" failures="1" errors="0" time="0.230">
      <testsuite name="symmetric" package="kms-lab" tests="4" failures="1" errors="0" skipped="2" time="0.210" timestamp="2026-11-24T10:15:00">
        <properties>
          <property name="run" value="20261124T101500-1a2b3c4d"/>
          <property name="namespace" value="default"/>
          <property name="target" value="embedded KMS"/>
          <property name="account" value="111122223333"/>
          <property name="region" value="us-east-1"/>
          <property name="identity" value="arn:aws:iam::111122223333:user/lab"/>
        </properties>
        <testcase classname="kms-lab.symmetric" name="1.1 Create a symmetric key" time="0.009">
          <system-out>ok  the key is Enabled, SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT, made by AWS_KMS
    ok  alias/kms-lab-symmetric-key names 1234abcd-12ab-34cd-56ef-1234567890ab
    The alias can be moved to another key; the id can not.
    $ aws kms create-alias --alias-name alias/kms-lab-symmetric-key --target-key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region us-east-1 --endpoint-url http://127.0.0.1:4599</system-out>
        </testcase>
        <testcase classname="kms-lab.symmetric" name="1.5 Bind a ciphertext to its context" time="0.009">
          <failure type="claim" message="another context is refused">another context is refused
      expected  InvalidCiphertextException
      got       an answer from 1234abcd-12ab-34cd-56ef-1234567890ab</failure>
          <system-out>ok  the same context opens it, in any order
    FAIL  another context is refused
    This endpoint does not look at the context.</system-out>
        </testcase>
        <testcase classname="kms-lab.symmetric" name="1.6 Refuse what is wrong" time="0.000">
          <skipped message="it needs a step that did not succeed"/>
        </testcase>
        <testcase classname="kms-lab.symmetric" name="1.7 Refuse what is wrong" time="0.000">
          <skipped message="it needs a step that did not succeed"/>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

it('counts failures, errors and skipped steps', () => {
  const text = told(masterclass());
  expect(text).toContain('<testsuites name="kms-lab" tests="6" failures="1" errors="0"');
  expect(text).toMatch(/name="2\.3 Audit it in CloudTrail".*\n\s+<skipped message="this target does not offer it"\/>/);
  expect(text).toMatch(/name="4\.3 .*\n\s+<skipped message="it needs a step that did not succeed"\/>/);
});

describe('a run that ends by an error and not by a claim', () => {
  const error = { kind: 'denied', message: '1.5 not you', hint: 'ask' };

  it('has an error in the step that was under way', () => {
    const events = passed({ run: { outcome: 'failed', exitCode: 4, error } }).map((event) =>
      event.type === 'step:end' && event.step === '1.5' ? { ...event, outcome: 'failed' as const } : event,
    );
    expect(told(events)).toMatch(/name="1\.5 .*\n\s+<error type="denied" message="1\.5 not you">ask<\/error>/);
    expect(told(events)).toContain('errors="1"');
  });

  it('has a case of its own when no step failed, so that the file is not green', () => {
    const text = told(passed({ run: { outcome: 'failed', exitCode: 6, error: { ...error, kind: 'leftovers' } } }));
    expect(text).toMatch(/<testcase classname="kms-lab.run" name="the run ends well".*\n\s+<error type="leftovers"/);
    expect(text).toContain('tests="3" failures="0" errors="1"');
  });

  it('has it in addition to failed claims', () => {
    expect(told(masterclass({ run: { error } }))).toContain('tests="7" failures="1" errors="1"');
  });
});

it('writes nothing when the run breaks off', () => {
  expect(told(passed().slice(0, -1))).toBe('');
});

describe.skipIf(!onPath('xmllint', '--version'))('xmllint (skipped where it is not installed)', () => {
  const lint = (text: string, args: string[]) =>
    spawnSync('xmllint', [...args, '-'], { input: text, encoding: 'utf8' });

  it.each([
    ['a run that passes', passed()],
    ['a run that fails', failed()],
    ['two labs', masterclass()],
    ['an error', masterclass({ run: { error: { kind: 'denied', message: 'no', hint: 'ask' } } })],
    ['hostile texts', hostile(nasty)],
  ])('%s is valid JUnit for Jenkins', (_name, events) => {
    const { status, stderr } = lint(told(events), ['--noout', '--schema', schema]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '- validates\n' });
  });

  it('reads a hostile text back as it was shown', () => {
    const { stdout } = lint(told(hostile(nasty)), ['--xpath', 'string(//failure/@message)']);
    expect(stdout.trimEnd()).toBe(']]></failure><script>"\'&%0A\\x0a\\x1b[31m\\x00\\ufffe\\ud800<!--');
  });
});
