import { prices } from '../kms/price.js';
import { bash } from './bash.js';
import { powershell } from './powershell.js';

/** What the lines take for granted, and a person may set otherwise. */
export const regions = { home: 'us-east-1', other: 'us-west-2' } as const;

const usd = (amount: number) => `$${amount.toFixed(2)}`;

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;

/** The same for PowerShell, folded away. */
export const folded = (text: string): string =>
  `<details><summary>PowerShell</summary>\n\n${fenced('powershell', text)}\n\n</details>`;

/** A block of lines in both shells. */
export const both = (inBash: string, inPowerShell: string): string =>
  `${fenced('bash', inBash)}\n\n${folded(inPowerShell)}`;

const endpoint = `\
$env:AWS_ENDPOINT_URL = 'http://127.0.0.1:4599'
$env:AWS_ACCESS_KEY_ID = 'test'
$env:AWS_SECRET_ACCESS_KEY = 'test'
Remove-Item Env:AWS_PROFILE, Env:AWS_SESSION_TOKEN -ErrorAction Ignore`;

/** The top of COMMANDS.md: how to use it. */
export const introduction = (contents: string): string => `\
# The masterclass by hand

Every lab of kms-lab in lines to paste into a shell: what the program does, you do, with
the AWS CLI. The program prints this document itself (\`kms-lab commands --markdown\`) from a
run of each lab on the embedded KMS, and a test pastes every line and checks what it ends with.
\`kms-lab commands symmetric\` prints one lab as a script, \`--shell powershell\` for PowerShell.

${contents}

## Before you start

You need the AWS CLI, version 1 or 2, and for some steps OpenSSL and Node.js. Begin with the
[setup](#setup), then take any lab: each stands by itself, and its steps follow one another.
The lines run in bash and in zsh; folded away below each block are those for PowerShell, from
version 7.5 on. Begin in the clone of this repository: there, and in the folders below it to
which the lines lead you, \`npx kms-lab\` is at hand.

**Where.** To try it without an AWS account, start the embedded KMS in another terminal:

\`\`\`bash
npx kms-lab serve
\`\`\`

and paste into yours what it prints (the address, and credentials that are good for nothing else).

${folded(endpoint)}

On AWS sign in as you do for the AWS CLI: \`AWS_PROFILE\`, \`aws configure sso\`. No line names
a profile or an endpoint: they go where your shell's AWS CLI goes.

**What it costs on AWS.** A KMS key costs ${usd(prices.keyPerMonth)} a month, by the hour, until its deletion is
scheduled; each of a key's first two rotations adds ${usd(prices.rotationPerMonth)} a month. Whoever cleans up the same
day pays a few cents. The embedded KMS costs nothing.

**What it leaves, and how to remove it.** Every key is made with the tags by which kms-lab
knows its own (\`kms_lab_tags\` in the setup), so cleanup finds what you made by hand:

\`\`\`bash
npx kms-lab cleanup
\`\`\`

It goes where the variables of its shell lead, as the AWS CLI does, schedules the deletion of
your keys and takes their aliases away. Files are in \`kms-lab-files/\`; those you delete
yourself. The names are those of the program: clean up between doing a lab by hand and
running it, or doing it again, since an alias is taken as long as its key has it.

**Have it graded.** In the shell where you did the lab, this looks at your keys and files and
says step by step what is right and what is missing; it changes nothing:

\`\`\`bash
npx kms-lab check symmetric
\`\`\`

**How to read the lines**

- \`# refused: InvalidCiphertextException\` ends a line that AWS refuses with that exception.
  It is part of the lesson; go on.
- \`… | base64 --decode | cmp - FILE\` compares what KMS decrypted with a file, byte for byte.
  \`cmp\` says nothing when all is the same.
- The AWS CLI prints bytes as base64, and \`fileb://\` wants them as they are: so ciphertexts are
  decoded before they go into a file. That way the lines are right for v1 and v2.
- A key is named by an id in a variable where AWS takes no alias.
- On AWS a change takes seconds, now and then minutes, until all of KMS knows it. When a line
  right after a change answers as if there had been none, send it again.

### Setup

Paste this first, once in each new shell. Other Regions, if you like: change them here.

${both(bash.setup(regions), powershell.setup(regions))}
`;
