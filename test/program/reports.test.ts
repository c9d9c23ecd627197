import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/here.js';
import { eventsOf, launch, mainFile, scratch, start } from '../support/program.js';
import { refusal, served } from '../support/served.js';

const lab = ['symmetric', '--local', '--state', 'memory'];
const posix = process.platform !== 'win32';

describe('reports to files', () => {
  it('are written several at once, beside what stdout says', async () => {
    const cwd = scratch();
    const files = ['--junit', 'out/ci/junit.xml', '--markdown', 'report.md', '--html', 'report.html'];
    const { code, stdout, stderr } = await runHere([...lab, '--json', ...files], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'run:end', outcome: 'passed' });
    expect(readFileSync(join(cwd, 'out/ci/junit.xml'), 'utf8')).toContain('tests="8" failures="0" errors="0"');
    expect(readFileSync(join(cwd, 'report.md'), 'utf8')).toMatch(/^# Lab 1 · Symmetric encryption\n\n✔ \*\*proven\*\*/);
    expect(readFileSync(join(cwd, 'report.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    // No temporary file is left.
    expect(readdirSync(cwd).sort()).toEqual(['kms-lab-files', 'out', 'report.html', 'report.md']);
    expect(readdirSync(join(cwd, 'out/ci'))).toEqual(['junit.xml']);
  });

  it('carry the options of this run in the line that cleans up', async () => {
    const cwd = scratch();
    await runHere(['symmetric', '--local', '--state', 'kept', '--namespace', 'alice', '--markdown', 'report.md'], {
      cwd,
    });
    expect(readFileSync(join(cwd, 'report.md'), 'utf8')).toContain(
      'kms-lab cleanup --lab symmetric --local --state kept --namespace alice\n',
    );
  });

  it('say why a run failed that no claim failed', async () => {
    const cwd = scratch();
    const { env } = await served((name) =>
      name === 'Encrypt' ? refusal('AccessDeniedException', 'not you') : undefined,
    );
    const { code } = await runHere(['symmetric', '--junit', 'junit.xml'], { cwd, env });
    expect(code).toBe(4);
    expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toMatch(/<error type="denied" message="1\.2 [^"]*not you"/);
  });

  it('replace an earlier report in one go, also behind a link, which stays one', async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'real.xml'), 'old');
    if (posix) symlinkSync('real.xml', join(cwd, 'link.xml'));
    const { code } = await runHere([...lab, '--junit', posix ? 'link.xml' : 'real.xml'], { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'real.xml'), 'utf8')).toMatch(/^<\?xml/);
    if (posix) expect(readdirSync(cwd).sort()).toEqual(['kms-lab-files', 'link.xml', 'real.xml']);
  });

  it('leave an earlier report alone until the run has ended', async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'junit.xml'), 'old');
    const seen: string[] = [];
    const { env } = await served(async () => {
      seen.push(
        readFileSync(join(cwd, 'junit.xml'), 'utf8'),
        ...readdirSync(cwd).filter((name) => name.endsWith('.tmp')),
      );
      return undefined;
    });
    await start(['symmetric', '--junit', 'junit.xml'], { cwd, env }).ended;
    expect(new Set(seen)).toEqual(new Set(['old']));
    expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toMatch(/^<\?xml/);
  });

  it.skipIf(!posix)('go into a pipe as they are', async () => {
    const command = `"${process.execPath}" "${mainFile}" ${lab.join(' ')} --quiet --junit >(cat >&2); sleep 0.2`;
    const { stderr } = await launch('bash', ['-c', command]).ended;
    expect(stderr).toMatch(/<\/testsuites>\n$/);
  });
});

describe('a report that cannot be written', () => {
  it.each([
    ['a folder', 'folder'],
    ['a path below a file', 'file/report.xml'],
  ])('is exit 2 before anything is made: %s', async (_name, path) => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'folder'));
    writeFileSync(join(cwd, 'file'), '');
    const { env, asked } = await served();
    const { code, stdout, stderr } = await runHere(['symmetric', '--junit', path], { cwd, env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^kms-lab: error: can't write --junit (folder|file\/report\.xml): \w+\nkms-lab: hint: .+\n$/,
    );
    expect(asked).toEqual([]);
    expect(readdirSync(cwd).sort()).toEqual(['file', 'folder']);
  });

  it.skipIf(!existsSync('/proc/self'))('is exit 2 where no folder can be made', async () => {
    expect(await runHere([...lab, '--junit', '/proc/none/report.xml'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('is exit 2 when two reports name one file', async () => {
    const { code, stderr } = await runHere([...lab, '--junit', 'report', '--html', './report']);
    expect(code).toBe(2);
    expect(stderr).toContain('--junit and --html name the same file: ./report');
  });

  it.skipIf(!existsSync('/dev/full'))(
    'is exit 2 also when that shows only at the end, and the others are written',
    async () => {
      const cwd = scratch();
      const { code, stdout, stderr } = await runHere([...lab, '--junit', '/dev/full', '--markdown', 'report.md'], {
        cwd,
      });
      expect(code).toBe(2);
      expect(stdout).toContain('✔ proven');
      expect(stderr).toMatch(/^kms-lab: error: can't write --junit \/dev\/full: ENOSPC\nkms-lab: hint: .+\n$/);
      expect(existsSync(join(cwd, 'report.md'))).toBe(true);
    },
  );
});

describe('under GitHub Actions', () => {
  it('what failed is annotated on stderr, and the run summed up for its page', async () => {
    const cwd = scratch();
    const summary = join(cwd, 'summary.md');
    writeFileSync(summary, 'of an earlier step\n');
    const { env } = await served((name) =>
      name === 'Encrypt' ? refusal('AccessDeniedException', 'not\nyou') : undefined,
    );
    const github = { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { stdout, stderr } = await runHere(['symmetric', '--json'], { cwd, env: github });
    expect(stdout).not.toContain('::error');
    expect(stderr).toMatch(/^::error title=kms-lab::1\.2 Encrypt a file: not(%0A| )you%0A.+$/m);
    expect(readFileSync(summary, 'utf8')).toMatch(
      /^of an earlier step\n### ✖ Lab 1 · Symmetric encryption: not proven\n/,
    );
  });

  it('a summary that cannot be written does no harm', async () => {
    const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: scratch() };
    const { code, stderr } = await runHere(lab, { env: github });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "kms-lab: can't write the step summary: EISDIR\n" });
  });
});
