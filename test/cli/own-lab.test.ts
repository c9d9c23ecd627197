import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/here.js';
import { run, scratch } from '../support/program.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A folder with kms-lab installed (the built one: another copy than the one that runs here) and a lab's file. */
function home(source: string, file = 'lab.js'): string {
  const folder = scratch();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'kms-lab'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, file), source);
  return folder;
}

const lab = (steps: string, { id = 'mine', facts = '' } = {}) => `
  import { Lab, LabError, NotOffered, option } from 'kms-lab';
  export default Lab.define('${id}', { number: 10, title: 'Mine', minutes: 1, keys: 1, teaches: ['x'], ${facts} })${steps};`;

const makesKey = `.step('Make a key', 'Why.', async ({ own, verify }) => {
  const key = await own.key('mine');
  verify.equal('it is Enabled', key.KeyState, 'Enabled');
  return { key };
})`;

/** One step that only does this. */
const does = (body: string, rules = '{}') => lab(`.step('Do it', 'Why.', async () => { ${body} }, ${rules})`);

const runIn = (cwd: string, ...args: string[]) => runHere(['run', './lab.js', ...args], { cwd });
const inMemory = ['--local', '--state', 'memory'];

describe('kms-lab run', () => {
  it('runs a lab with its own options and with the sample that lies beside it', async () => {
    const cwd = home(
      lab(
        `${makesKey}.step('Greet', 'Why.', async ({ files, note, options }) => {
        note(Buffer.from(await files.sample('greeting.txt')).toString() + options.to);
      })`,
        { facts: "options: { to: option.text('<who>', 'whom', 'you') }" },
      ),
    );
    writeFileSync(join(cwd, 'greeting.txt'), 'Hello, ');
    const { code, stdout, stderr } = await runIn(cwd, ...inMemory, '--to', 'Ann');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Lab 10 · Mine');
    expect(stdout).toContain('Hello, Ann\n');
    expect(stdout).toMatch(/^✔ proven {2}2 steps · 1 claim/m);
  });

  it('prints the options of the lab with those of every lab', async () => {
    const cwd = home(lab(makesKey, { facts: "options: { to: option.text('<who>', 'whom to greet', 'you') }" }));
    const { code, stdout } = await runIn(cwd, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: kms-lab run \.\/lab\.js \[options\]\n/);
    expect(stdout).toMatch(/ --to <who> +whom to greet\n/);
    expect(stdout).toMatch(/ --junit <file> /);
  });

  it('makes keys that status and cleanup know by the name of the lab', async () => {
    const cwd = home(lab(makesKey));
    const here = (...args: string[]) => runHere([...args, '--local'], { cwd });
    expect((await here('run', './lab.js')).stdout).toContain('kms-lab cleanup --lab mine --local');
    expect((await here('status', '--lab', 'mine')).stdout).toMatch(/ mine .* Enabled$/m);
    expect((await here('cleanup', '--lab', 'mine')).stdout).toMatch(/^✔ clean {2}1 key/m);
    expect(await here('cleanup', '--lab', 'mine')).toMatchObject({ code: 0, stdout: expect.stringContaining('clean') });
  });

  it('fails with a claim that does not hold, as any lab does', async () => {
    const cwd = home(lab(".step('Claim', 'Why.', async ({ verify }) => verify.equal('one is two', 1, 2))"));
    const { code, stdout } = await runIn(cwd, ...inMemory);
    expect(code).toBe(1);
    expect(stdout).toContain('✖ one is two');
  });

  it.each([
    ['what it threw is its own fault', does('null.x'), 70, 'the lab itself threw this: --debug shows where'],
    ['its LabError keeps its kind', does("throw new LabError('quota', 'too much')"), 4, '10.1 Do it: too much'],
    ['a sample that is missing', lab(".step('Read', 'Why.', ({ files }) => files.sample('no.txt'))"), 2, 'beside it'],
    [
      'options that it refuses',
      lab(makesKey, { facts: "check() { throw new LabError('usage', 'not so'); }" }),
      2,
      'not so',
    ],
  ])('%s', async (_what, source, exit, says) => {
    const { code, stderr } = await runIn(home(source), ...inMemory);
    expect(code).toBe(exit);
    expect(stderr).toContain(says);
    expect(stderr.match(/^kms-lab: /gm)).toHaveLength(2);
  });

  it('may say that the target does not offer an optional step', async () => {
    const cwd = home(does("throw new NotOffered('no simulation here')", '{ optional: true }'));
    const { code, stdout } = await runIn(cwd, ...inMemory);
    expect(code).toBe(0);
    expect(stdout).toContain('no simulation here');
  });
});

describe('kms-lab run refuses, with exit code 2 and two lines,', () => {
  const good = lab(makesKey);
  it.each([
    ['a file that is not there', good, ['./other.js'], 'there is no such file'],
    ['options before the file', good, ['--local', './lab.js'], 'the file comes first'],
    ['an option that neither knows', good, ['./lab.js', '--wrong'], "unknown option '--wrong'"],
    ['a module without a lab', 'export const lab = 1;', ['./lab.js'], 'its default export is no lab'],
    ['a module that throws', "throw new Error('no luck')", ['./lab.js'], "./lab.js can't be loaded: no luck"],
    ['a module that lacks another', "import 'nowhere'", ['./lab.js'], "can't be loaded: "],
    ['the id of a lab of kms-lab', lab(makesKey, { id: 'symmetric' }), ['./lab.js'], 'symmetric is a lab of kms-lab'],
    ['an id that is no name', lab(makesKey, { id: '../up' }), ['./lab.js'], 'use lower-case letters'],
  ])('%s', async (_what, source, args, says) => {
    const { code, stdout, stderr } = await runHere(['run', ...args], { cwd: home(source) });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^kms-lab: error: .+\nkms-lab: hint: .+\n$/);
  });

  it('a lab that Node.js takes for a script, as in a folder that `npm init` made', async () => {
    const cwd = home(good);
    writeFileSync(join(cwd, 'package.json'), '{"type":"commonjs"}');
    const { code, stderr } = await run(['run', './lab.js', ...inMemory], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'kms-lab: hint: end its name in .mjs, or say that what is in its folder are modules: npm pkg',
    );
  });

  it.each(['status', 'cleanup'])('%s of a lab that nobody knows and that left nothing', async (command) => {
    const { code, stderr } = await runHere([command, '--lab', 'symetric', '--local']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no lab is called symetric, and nothing here bears that name\n.*symmetric, asymmetric/);
  });
});
