import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bash, bashWord } from '../../src/by-hand/bash.js';
import { powershell, powershellWord } from '../../src/by-hand/powershell.js';
import type { AwsCall, Statement, Word } from '../../src/by-hand/statement.js';
import { onPath } from '../support/on-path.js';

const id = { variable: 'KEY' };
/** Texts that a shell might take for something else than themselves. */
const awkward = [
  'plain-word.txt',
  'two words',
  "it's",
  'a "quoted" word',
  '$HOME ${HOME} $(id)',
  '`id`',
  'back\\slash',
  'a=b,c=d',
  'EncryptionContextSubset={a=b}',
  '@splat',
  '#comment',
  '*',
  'semi;colon | pipe > file',
  '‘typographic’ ‚quotes‛',
  '“double” „ones”',
  '',
  '100%',
  '--%',
];

const hasPwsh = onPath('pwsh', '--version');
const posix = process.platform !== 'win32';

describe('a word', () => {
  it.skipIf(!posix)('comes through bash as it is, variables replaced', () => {
    const words: Word[] = [...awkward.map((text) => [text]), ...awkward.map((text) => [text, id, text])];
    const script = `KEY=1234; printf '%s\\0' ${words.map(bashWord).join(' ')}`;
    const said = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
    expect(said).toEqual(words.map((word) => word.map((part) => (typeof part === 'string' ? part : '1234')).join('')));
  });

  it.each<[string, Word, string]>([
    ['a plain word', ['alias/kms-lab-key'], 'alias/kms-lab-key'],
    ['an option', ['--key-id'], '--key-id'],
    ['what PowerShell would take for a list', ['a=b,c=d'], "'a=b,c=d'"],
    ['a blank', ['two words'], "'two words'"],
    ['nothing', [''], "''"],
    ['a quote', ["it's"], "'it''s'"],
    ['typographic quotes, which are quotes to PowerShell', ['KMS can’t'], "'KMS can’’t'"],
    ['a dollar sign', ['$HOME'], "'$HOME'"],
    ['a variable', [id], '$KEY'],
    ['a variable before a colon, which would be a scope', ['arn:', id, ':root'], '"arn:${KEY}:root"'],
    ['a dollar sign beside a variable', ['$', id], '"`$${KEY}"'],
    ['double quotes beside a variable', ['"', id, '”'], '"`"${KEY}`”"'],
    ['a backtick beside a variable', ['`', id], '"``${KEY}"'],
    ['the token that ends parsing', ['--%'], "'--%'"],
    ['a splat', ['@x'], "'@x'"],
  ])('for PowerShell: %s', (_what, word, expected) => {
    expect(powershellWord(word)).toBe(expected);
  });

  it.skipIf(!hasPwsh)(
    `comes through PowerShell as it is, variables replaced${hasPwsh ? '' : ' (no `pwsh` on PATH)'}`,
    () => {
      const words: Word[] = [...awkward.map((text) => [text]), ...awkward.map((text) => [text, id, text])];
      const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
      const script = `$KEY = '1234'; node -e '${print}' ${words.map(powershellWord).join(' ')}`;
      const { stdout } = spawnSync('pwsh', ['-NoProfile', '-Command', script], { encoding: 'utf8' });
      expect(JSON.parse(stdout)).toEqual(
        words.map((word) => word.map((part) => (typeof part === 'string' ? part : '1234')).join('')),
      );
    },
  );
});

const call = (more: Partial<AwsCall>): AwsCall => ({
  act: 'aws',
  command: 'kms decrypt',
  options: [[['--key-id'], [id]]],
  kept: [],
  ...more,
});

describe('a statement in bash and in PowerShell', () => {
  it.each<[string, Statement, string, string]>([
    [
      'a call whose answer is shown',
      call({ proves: 'it opens' }),
      '# it opens\naws kms decrypt --key-id "$KEY"',
      '# it opens\naws kms decrypt --key-id $KEY',
    ],
    [
      'a refused call',
      call({ refused: 'DisabledException' }),
      'aws kms decrypt --key-id "$KEY"  # refused: DisabledException',
      'aws kms decrypt --key-id $KEY  # refused: DisabledException',
    ],
    [
      'an id that is kept',
      call({ kept: [{ query: 'KeyMetadata.KeyId', as: 'variable', name: 'NEW_KEY' }] }),
      'NEW_KEY=$(aws kms decrypt --key-id "$KEY" --query KeyMetadata.KeyId --output text)',
      '$NEW_KEY = aws kms decrypt --key-id $KEY --query KeyMetadata.KeyId --output text',
    ],
    [
      'bytes that are kept',
      call({ kept: [{ query: 'Plaintext', as: 'bytes', name: 'a.bin' }] }),
      'aws kms decrypt --key-id "$KEY" --query Plaintext --output text | base64 --decode > a.bin',
      'aws kms decrypt --key-id $KEY --query Plaintext --output text | Save-Base64 a.bin',
    ],
    [
      'bytes that are compared',
      call({ kept: [{ query: 'Plaintext', as: 'same', name: 'a.txt' }] }),
      'aws kms decrypt --key-id "$KEY" --query Plaintext --output text | base64 --decode | cmp - a.txt',
      'aws kms decrypt --key-id $KEY --query Plaintext --output text | Compare-Base64 a.txt',
    ],
    [
      'two parts of an answer, as of GetParametersForImport',
      call({
        kept: [
          { query: 'PublicKey', as: 'bytes', name: 'public.der' },
          { query: 'ImportToken', as: 'bytes', name: 'token.bin' },
        ],
      }),
      `read -r PUBLIC_KEY IMPORT_TOKEN <<< "$(aws kms decrypt --key-id "$KEY" \\
  --query '[PublicKey,ImportToken]' --output text)"
base64 --decode <<< "$PUBLIC_KEY" > public.der
base64 --decode <<< "$IMPORT_TOKEN" > token.bin`,
      `$PUBLIC_KEY, $IMPORT_TOKEN = (aws kms decrypt --key-id $KEY \`
  --query '[PublicKey,ImportToken]' --output text) -split '\\s+'
$PUBLIC_KEY | Save-Base64 public.der
$IMPORT_TOKEN | Save-Base64 token.bin`,
    ],
    [
      'a call that a role makes',
      call({ session: 'APP_SESSION', refused: 'AccessDeniedException' }),
      'as_role "$APP_SESSION" aws kms decrypt --key-id "$KEY"  # refused: AccessDeniedException',
      'Use-Role $APP_SESSION { aws kms decrypt --key-id $KEY }  # refused: AccessDeniedException',
    ],
    [
      'something that is awaited',
      call({ until: { query: 'KeyMetadata.KeyState', is: 'Enabled' } }),
      `until aws kms decrypt --key-id "$KEY" --query KeyMetadata.KeyState --output text \\
  | grep -x Enabled; do sleep 2; done`,
      `while ((aws kms decrypt --key-id $KEY \`
  --query KeyMetadata.KeyState --output text) -ne 'Enabled') { Start-Sleep 2 }`,
    ],
    [
      'a file of text',
      { act: 'text', into: 'a b.txt', text: ['costs $1, `now`\n'] },
      "cat > 'a b.txt' << 'END'\ncosts $1, `now`\nEND",
      "@'\ncosts $1, `now`\n'@ | Save-Text 'a b.txt'",
    ],
    [
      'a file of text with a variable in it',
      { act: 'text', into: 'a.json', text: ['{"AWS": "', id, '", "$1": "`"}'] },
      'cat > a.json << END\n{"AWS": "${KEY}", "\\$1": "\\`"}\nEND',
      '@"\n{"AWS": "${KEY}", "`$1": "``"}\n"@ | Save-Text a.json',
    ],
    [
      'OpenSSL, whose bytes PowerShell would take for text',
      { act: 'program', program: 'openssl', words: [['dgst'], ['-binary'], ['a.bin']], into: 'a.sha256' },
      'openssl dgst -out a.sha256 -binary a.bin',
      'openssl dgst -out a.sha256 -binary a.bin',
    ],
    [
      'a program that reads a data key',
      { act: 'program', program: 'node', words: [['gcm.mjs'], ['open']], secret: 'DATA_KEY', refused: 'not authentic' },
      'node gcm.mjs open <<< "$DATA_KEY"  # refused: not authentic',
      '$DATA_KEY | node gcm.mjs open  # refused: not authentic',
    ],
  ])('%s', (_what, statement, inBash, inPowerShell) => {
    expect(bash.say(statement)).toBe(inBash);
    expect(powershell.say(statement)).toBe(inPowerShell);
  });
});
