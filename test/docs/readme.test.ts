import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { exitCodes, gravity } from '../../src/errors.js';
import { runHere } from '../support/here.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the program prints differs in ids, times and where the clone lies; README shows one example of each. */
function normalised(output: string): string {
  return output
    .replaceAll(`${root.replaceAll('\\', '/')}/`, '')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '1234abcd-12ab-34cd-56ef-1234567890ab')
    .replace(/\b\d{8}T\d{6}-[0-9a-f]{8}\b/g, '20261124T101500-1a2b3c4d')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-11-24T10:15:00.000Z')
    .replace(/\bmrk-[0-9a-f]{32}\b/g, 'mrk-1234abcd12ab34cd56ef1234567890ab')
    .replace(/\b[0-9a-f]{16}…/g, '0123456789abcdef…')
    .replace(/\d+\.\d+ s$/gm, '0.14 s')
    .trimEnd();
}

/** The head, the named steps with one AWS CLI line each, and the end of a run: enough to see what a run looks like. */
function excerpt(output: string, steps: readonly string[]): string {
  const blocks = output.split('\n\n');
  const kept = blocks.map((block) => {
    const step = /^(\d+\.\d+) /.exec(block)?.[1];
    return step === undefined || steps.includes(step) ? block.replace(/^( +)(\$ .*)(\n +\$ .*)+$/m, '$1$2\n$1…') : '…';
  });
  return kept.filter((block, at) => block !== '…' || kept[at - 1] !== '…').join('\n\n');
}

/** What the last of these commands prints, after the others in the same folder. */
async function printed(args: string[], ...more: string[][]): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'kms-lab-readme-'));
  try {
    let stdout = '';
    for (const each of [args, ...more])
      ({ stdout } = await runHere(each, { cwd, env: { KMS_LAB_STATE: join(cwd, 'state') } }));
    return normalised(stdout);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

const fenced = (text: string) => `\`\`\`text\n${text}\n\`\`\``;

function table(): string {
  const rows = Object.entries(exitCodes).map(([code, words]) => `| ${code} | ${words} |`);
  const order = gravity.filter((code) => code > 0).join(', ');
  return [
    '| code | meaning |',
    '|---:|---|',
    ...rows,
    '',
    `When several hold, the first of these is told: ${order}.`,
  ].join('\n');
}

/** The lines of a picture in characters, and those right above and below it. */
function picture(output: string): string {
  const lines = output.split('\n');
  const first = lines.findIndex((line) => line.includes('┌'));
  const last = lines.findLastIndex((line) => line.includes('└'));
  return lines.slice(first - 2, last + 3).join('\n');
}

/** Every block of README that the program prints: its name in the marker, and what belongs there. */
const blocks: Readonly<Record<string, () => Promise<string> | string>> = {
  run: async () => fenced(excerpt(await printed(['symmetric', '--local']), ['1.4', '1.5'])),
  check: async () => {
    const [lab, check] = [
      ['symmetric', '--local', '--until', '1.7'],
      ['check', 'symmetric', '--local'],
    ] as const;
    return fenced(excerpt(await printed([...lab], [...check]), ['1.1', '1.2', '1.8']));
  },
  picture: async () => fenced(picture(await printed(['multi-region', '--local']))),
  cost: async () => fenced(await printed(['cost'])),
  help: async () => fenced(await printed(['--help'])),
  'lab options': async () => fenced(await printed(['symmetric', '--help'])),
  labs: () =>
    [
      '| | lab | command | min |',
      '|---:|---|---|---:|',
      ...labs.map(
        ({ id, facts: { number, title, minutes } }) =>
          `| ${number} | [${title}](labs/${id}/README.md) | \`kms-lab ${id}\` | ${minutes} |`,
      ),
    ].join('\n'),
  'exit codes': table,
};

describe('README.md', () => {
  it('shows what the program prints (renew it with `npm run docs`)', async () => {
    let text = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('\r\n', '\n');
    for (const [name, print] of Object.entries(blocks)) {
      const block = new RegExp(`(<!-- printed: ${name} -->\n)[^]*?(\n<!-- end -->)`);
      expect(text).toMatch(block);
      const content = await print();
      text = text.replace(block, (_all, open: string, close: string) => `${open}${content}${close}`);
    }
    await expect(text).toMatchFileSnapshot(join(root, 'README.md'));
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/npm run ([\w:-]+)/g)].map(
      ([, name]) => name,
    );
    expect(named.length).toBeGreaterThan(0);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('opens with two commands: one runs a lab, one runs all tests', () => {
    const commands = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```sh\r?\n([\s\S]*?)```/g)];
    expect(commands.slice(0, 2).map(([, line]) => line?.trim())).toEqual([
      'npm ci && npx kms-lab symmetric --local',
      'npm ci && npm test',
    ]);
  });
});
