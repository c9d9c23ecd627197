import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import { oneLine } from '../../src/report/clean.js';
import { markdown } from '../../src/report/markdown.js';
import { code, text } from '../../src/report/markdown-text.js';
import { failed, paper, passed } from './events.js';
import { hostile, masterclass } from './masterclass.js';

function told(events: readonly LabEvent[]): string {
  const { screen, tell } = paper();
  return tell(markdown(screen.write, { cleanup: ['--local'] }), events);
}

it('a lab report that a learner can hand in', () => {
  expect(told(failed())).toMatchInlineSnapshot(`
    "# Lab 1 · Symmetric encryption

    ✖ **not proven** · 2 steps · 3 of 4 claims held · 17 calls to KMS

    | Run |  |
    |---|---|
    | Target | embedded KMS |
    | Account | 111122223333 |
    | Region | us-east-1 |
    | Identity | arn:aws:iam::111122223333:user/lab |
    | Namespace | default |
    | Run | 20261124T101500-1a2b3c4d |
    | Started | 2026-11-24 10:15:00 UTC |
    | Took | 0.23 s |

    ## 1.1 Create a symmetric key

    The key is made in an HSM and never leaves it. What you get is a name for it: an id, an ARN, and an alias that people can read.

    *passed · 0.01 s*

    - ✔ the key is Enabled, SYMMETRIC\\_DEFAULT, ENCRYPT\\_DECRYPT, made by AWS\\_KMS
    - ✔ alias/kms-lab-symmetric-key names 1234abcd-12ab-34cd-56ef-1234567890ab
    - The alias can be moved to another key; the id can not.

    \`\`\`sh
    aws kms create-alias --alias-name alias/kms-lab-symmetric-key --target-key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region us-east-1 --endpoint-url http://127.0.0.1:4599
    \`\`\`

    ## 1.5 Bind a ciphertext to its context

    The context is authenticated, not stored.

    *failed · 0.01 s*

    - ✔ the same context opens it, in any order
    - ✖ another context is refused
      - expected: \`InvalidCiphertextException\`
      - got: \`an answer from 1234abcd-12ab-34cd-56ef-1234567890ab\`
    - This endpoint does not look at the context.

    ## 1.6 Refuse what is wrong

    *skipped: it needs a step that did not succeed*

    ## 1.7 Refuse what is wrong

    *skipped: it needs a step that did not succeed*

    ## What was made, and what it costs

    | Alias | Key | Region | State | Price on AWS |
    |---|---|---|---|---|
    | alias/kms-lab-symmetric-key | 1234abcd-12ab-34cd-56ef-1234567890ab | us-east-1 | made | $1.00 a month |

    1 KMS key stays: on AWS $1.00 a month, on the embedded KMS nothing. Remove it:

    \`\`\`sh
    kms-lab cleanup --lab symmetric --local
    \`\`\`

    Files: \`kms-lab-files/symmetric/\`
    "
  `);
});

it('says what was made, used again, left from earlier runs, and what each costs', () => {
  const text = told(masterclass());
  expect(text.slice(text.indexOf('## What was made'))).toMatchInlineSnapshot(`
    "## What was made, and what it costs

    | Alias | Key | Region | State | Price on AWS |
    |---|---|---|---|---|
    | alias/kms-lab-signing-key | 0c9d8e7f-1122-4334-9556-77889900aabb | us-east-1 | used again | $1.00 a month |
    | – | 55e10b3c-aaaa-4bbb-8ccc-ddddeeeeffff | us-east-1 | of an earlier run, without an alias | $1.00 a month |
    | alias/kms-lab-multi-region-key | mrk-1a2b3c4d5e6f47a8b9c0d1e2f3a49f0e | us-west-2 | made | $1.00 a month |
    | alias/kms-lab-multi-region-key | mrk-1a2b3c4d5e6f47a8b9c0d1e2f3a49f0e | us-east-1 | made | $1.00 a month |
    | alias/kms-lab-multi-region-key | mrk-1a2b3c4d5e6f47a8b9c0d1e2f3a49f0e | eu-west-1 | made | $1.00 a month |

    5 KMS keys stay: on AWS $5.00 a month, on the embedded KMS nothing. Remove them:

    \`\`\`sh
    kms-lab cleanup --local
    \`\`\`

    Files: \`kms-lab-files/asymmetric/\`

    Files: \`kms-lab-files/multi-region/\`
    "
  `);
});

it('says what went when the run cleaned up', () => {
  const keys = [{ keyId: '1234abcd-12ab-34cd-56ef-1234567890ab', region: 'us-east-1', monthlyUsd: 1 }];
  const text = told(passed({ run: { cleanup: { scheduled: keys, kept: [], failed: [] } } }));
  expect(text).toContain('| made, scheduled for deletion | nothing more |');
  expect(text).toContain('Nothing is left that costs money.');
  expect(text).not.toContain('kms-lab cleanup');
});

it('tells the error that ended the run, with the way out', () => {
  const error = { kind: 'denied', message: '1.5 AWS refused', hint: 'allow it' };
  expect(told(passed({ run: { error, outcome: 'failed', exitCode: 4 } }))).toContain(
    '**Error:** 1.5 AWS refused\n\nHint: allow it\n',
  );
});

describe('a hostile text', () => {
  const decode = (html: string) =>
    html
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, '&');
  const nasty = fc.string({
    unit: fc.constantFrom(
      ...'`*_[]()<>&|~#+-=.!\\"\' 1ab\n\u001b'.split(''),
      '<b>',
      '&lt;',
      '](x)',
      '```',
      '1. ',
      '# ',
    ),
  });
  const shown = (value: string) => oneLine(value).trim().replace(/ +/g, ' ');

  it('is shown as it is, in a paragraph', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const html = marked.parse(text(value), { async: false });
        expect(decode(html.replace(/^<p>|<\/p>\n$/g, '')).replace(/ +/g, ' ')).toBe(shown(value));
      }),
    );
  });

  it('is shown as it is, as code', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        const html = marked.parse(`- ${code(value)}`, { async: false });
        const inside = /^<ul>\n<li>(?:<code>([\s\S]*)<\/code>)?<\/li>\n<\/ul>\n$/.exec(html);
        expect(decode(inside?.[1] ?? '').replace(/ +/g, ' ')).toBe(shown(value));
      }),
    );
  });

  it('adds no line, heading, row or markup to a report', () => {
    const clean = told(hostile('x'));
    const dirty = told(hostile('x|\n\n# <img src=x onerror=y>```\n```\n| \u001b[2J'));
    const shape = (report: string) => report.split('\n').map((line) => /^#* ?|^\| |^```/.exec(line)?.[0]);
    expect(shape(dirty.replaceAll('````', '```'))).toEqual(shape(clean));
    expect(marked.parse(dirty, { async: false })).not.toContain('<img');
    expect(dirty).not.toContain('\u001b');
  });
});
