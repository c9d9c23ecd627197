import { marked } from 'marked';
import { expect, it } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import { annotations, stepSummary } from '../../src/report/github.js';
import type { Reporter } from '../../src/report/reporter.js';
import { claim, failed, paper, passed } from './events.js';
import { hostile, masterclass } from './masterclass.js';

function told(make: (write: (text: string) => void) => Reporter, events: readonly LabEvent[]): string {
  const { screen, tell } = paper();
  return tell(make(screen.write), events);
}

it('annotates each failed claim with what was expected and what came', () => {
  expect(told(annotations, failed())).toMatchInlineSnapshot(`
    "::error title=1.5 Bind a ciphertext to its context::another context is refused%0Aexpected  InvalidCiphertextException%0Agot       an answer from 1234abcd-12ab-34cd-56ef-1234567890ab
    "
  `);
});

it('says nothing about a run that passes', () => {
  expect(told(annotations, passed())).toBe('');
});

it('annotates the error that ended a run', () => {
  const error = { kind: 'denied', message: 'not you', hint: 'ask' };
  expect(told(annotations, passed({ run: { error } }))).toBe('::error title=kms-lab::not you%0Aask\n');
});

it('a hostile text is one annotation, shown as it is', () => {
  const lines = told(annotations, hostile('a,b:c%0A\n::set-env name=x::y\u001b[2J')).split('\n');
  expect(lines.every((line) => line === '' || line.startsWith('::error title='))).toBe(true);
  expect(lines[0]).toBe(
    '::error title=4.2 a%2Cb%3Ac%250A%0A%3A%3Aset-env name=x%3A%3Ay\\x1b[2J::a,b:c%250A%0A::set-env name=x::y\\x1b[2J%0Aexpected  a,b:c%250A%0A::set-env name=x::y\\x1b[2J%0Agot       a,b:c%250A%0A::set-env name=x::y\\x1b[2J',
  );
});

it('tells ten errors at most, since GitHub shows no more, and how many it left out', () => {
  const more = Array.from({ length: 14 }, (_, at) => claim('1.5', `claim ${at}`, { outcome: 'failed' }));
  const events = failed();
  const lines = told(annotations, [...events.slice(0, -1), ...more, ...events.slice(-1)])
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('::error title=kms-lab::6 more: see the log');
});

it('sums a run up for the page of the workflow', () => {
  expect(told(stepSummary, masterclass())).toMatchInlineSnapshot(`
    "### ✖ 2 labs: not proven

    embedded KMS, us-east-1 · 4 steps · 7 of 8 claims held · 11 calls to KMS · 0.76 s

    | Lab | Outcome | Steps | Claims | Time |
    |---|---|---|---|---|
    | 2 Asymmetric keys | ✔ proven, 1 step not offered | 2 | 4 | 0.48 s |
    | 4 Multi-Region keys | ✖ not proven | 1 | 4 | 0.48 s |

    **4.2 Decrypt in another Region**

    - ✖ the answer names the replica
      - expected: \`arn:aws:kms:us-west-2:111122223333:key/mrk-1a2b3c4d5e6f47a8b9c0d1e2f3a49f0e\`
      - got: \`arn:aws:kms:us-east-1:111122223333:key/mrk-1a2b3c4d5e6f47a8b9c0d1e2f3a49f0e\`

    5 KMS keys stay: on AWS $5.00 a month, on the embedded KMS nothing.

    "
  `);
});

it('a hostile text adds neither lines nor markup to the summary', () => {
  const dirty = told(stepSummary, hostile('x|\n\n# <b>'));
  expect(dirty.split('\n')).toHaveLength(told(stepSummary, hostile('x')).split('\n').length);
  expect(marked.parse(dirty, { async: false })).not.toContain('<b>');
});
