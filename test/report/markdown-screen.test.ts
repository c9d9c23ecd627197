import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { width } from '../../src/report/layout.js';
import { renderMarkdown } from '../../src/report/markdown-screen.js';

const screen = { colour: false, unicode: true, columns: 80 };

const lesson = `# Lab 1 · Symmetric encryption

<!-- for editors only -->
KMS keeps the key in an **HSM**; \`Encrypt\` sends up to 4,096 bytes &mdash; no more &amp; no less. See
[the guide](https://docs.aws.amazon.com/kms/) and [below](#why).

## Why

1. The key never leaves.
2. Every use is logged:
   - in CloudTrail, with the encryption context, which is therefore never the place for a secret
   - for 90 days
- [x] done

| Operation | What it does | Price |
|---|---|--:|
| Encrypt | seals at most 4,096 bytes under a KMS key, bound to an encryption context | $0.03 |
| \`Decrypt\` | opens | $0.03 |

\`\`\`bash
aws kms encrypt --key-id alias/kms-lab-symmetric-key --plaintext fileb://plaintext-data.txt --region us-east-1
  # indented
\`\`\`

> The key id is **in** the blob.

---
<details><summary>more</summary></details>

![a picture](key.png) <https://example.com>
`;

it('sets a lesson for the terminal', () => {
  expect(renderMarkdown(lesson, screen)).toMatchInlineSnapshot(`
    "Lab 1 · Symmetric encryption
    ════════════════════════════

    KMS keeps the key in an HSM; \`Encrypt\` sends up to 4,096 bytes &mdash; no more &
    no less. See the guide (https://docs.aws.amazon.com/kms/) and below.

    Why
    ───

      1. The key never leaves.
      2. Every use is logged:
           • in CloudTrail, with the encryption context, which is therefore never
             the place for a secret
           • for 90 days

      • [x] done

    Operation  What it does                                                    Price
    ────────────────────────────────────────────────────────────────────────────────
    Encrypt    seals at most 4,096 bytes under a KMS key, bound to an          $0.03
               encryption context
    \`Decrypt\`  opens                                                           $0.03

        aws kms encrypt --key-id alias/kms-lab-symmetric-key --plaintext fileb://plaintext-data.txt --region us-east-1
          # indented

    │ The key id is in the blob.

    ────────────────────────────────────────────────────────────────────────────────

    [a picture] https://example.com
    "
  `);
});

it('colour adds styles and takes only the back-ticks away', () => {
  const coloured = stripVTControlCharacters(renderMarkdown('**a** `b` *c*', { ...screen, colour: true }));
  expect(coloured).toBe('a b c\n');
});

it('prose stays within 80 columns, in a wide terminal too; code is never wrapped', () => {
  const lines = renderMarkdown(lesson, { ...screen, columns: 300, colour: true }).split('\n');
  expect(Math.max(...lines.filter((line) => !line.includes('aws kms')).map(width))).toBeLessThanOrEqual(80);
  expect(lines.some((line) => line.includes('fileb://plaintext-data.txt --region us-east-1'))).toBe(true);
});

it('needs ASCII alone where there is no more', () => {
  expect(renderMarkdown(lesson, { ...screen, unicode: false })).toMatch(/^\p{ASCII}*$/u);
});

it('a control character in a lesson is shown, not obeyed', () => {
  expect(renderMarkdown('a \u001b[2J b\n\n    code \u009b1m', screen)).toBe('a \\x1b[2J b\n\n    code \\x9b1m\n');
});
