import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { tellCommands } from '../../src/cli/by-hand.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { hasOpenSsl } from '../support/on-path.js';

// Lab 2 encrypts with OpenSSL where there is one, and COMMANDS.md has that line.
describe.skipIf(!hasOpenSsl)(`COMMANDS.md${hasOpenSsl ? '' : ' (no `openssl` here)'}`, () => {
  let printed: string;
  beforeAll(async () => {
    printed = await tellCommands(undefined, { shell: 'bash', markdown: true });
  }, 120_000);

  it('is what the program prints from a run of every lab (renew it with `npm run docs`)', async () => {
    await expect(printed).toMatchFileSnapshot(join(packageRoot(), 'COMMANDS.md'));
  });

  it('has a heading for each step of each lab, and below it lines or the reason why there are none', () => {
    const sections = new Map(printed.split(/^### /m).map((text) => [text.slice(0, text.indexOf('\n')), text]));
    for (const lab of labs)
      for (const [at, { title, why }] of lab.steps.entries()) {
        const section = sections.get(`${lab.stepId(at)} ${title}`) ?? '';
        expect(section).toContain(why);
        expect(section).toMatch(/^(```bash\n(.+\n)+|(Not by hand|Read|Look)[\s\S]*\.\n)/m);
      }
  });

  it('is where the lessons lead', () => {
    const anchors = new Map([...printed.matchAll(/^- \[(Lab \d.*)\]\((#.*)\)$/gm)].map(([, title, to]) => [title, to]));
    for (const { id, facts } of labs) {
      const lesson = readFileSync(join(packageRoot(), 'labs', id, 'README.md'), 'utf8');
      expect(lesson).toContain(`(../../COMMANDS.md${anchors.get(`Lab ${facts.number} · ${facts.title}`)})`);
    }
  });

  it('leaves no call out for want of a file', () => {
    expect(printed.match(/^# aws .*/gm)).toBeNull();
  });

  it('names nothing that another run, account or machine would name otherwise', () => {
    const [, ...lines] = printed.split(/^## (?=Lab \d)/m);
    const text = lines.join('');
    expect(text).not.toMatch(
      /[0-9a-f]{8}-[0-9a-f]{4}-|mrk-|\b111122223333\b|--profile|--endpoint-url|kms-lab-commands-/,
    );
    expect(text).not.toMatch(/\d{4}-\d\d-\d\dT|\/(work|home|root|tmp|Users)\//);
    expect(text).not.toMatch(/--region us-|--grant-tokens [^"$]/);
  });

  it('makes keys with the tags of ownership only', () => {
    const made = printed.replace(/[\\`]\n/g, ' ').match(/^.*aws kms (create-key|replicate-key) .*$/gm) ?? [];
    expect(made.length).toBeGreaterThan(10);
    for (const line of made) expect(line).toMatch(/--tags (\$\(kms_lab_tags|\(Get-KmsLabTags) [a-z-]+ alias\/kms-lab-/);
  });
});
