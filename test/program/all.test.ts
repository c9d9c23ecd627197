import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { build } from '../../src/cli/program.js';
import { monthlyUsd } from '../../src/kms/price.js';
import { runHere } from '../support/here.js';
import { eventsOf, type Running, scratch, start } from '../support/program.js';
import { refusal, served } from '../support/served.js';
import '../support/quick-rsa.js';

const ids = labs.map(({ id }) => id);
const keys = labs.reduce((sum, { facts }) => sum + facts.keys, 0);
const steps = labs.reduce((sum, lab) => sum + lab.steps.length, 0);
const posix = process.platform !== 'win32';

/** The values without those that repeat the one before. */
const changes = (values: readonly unknown[]) => values.filter((value, at) => at === 0 || value !== values[at - 1]);

describe('kms-lab all', () => {
  it('runs every lab in teaching order, as one run that says beforehand what it makes', async () => {
    const cwd = scratch();
    const { code, stdout, stderr } = await runHere(['all', '--local'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(0, 3).join('\n')).toContain(
      `makes ${keys} KMS keys ($${monthlyUsd(keys).toFixed(2)} a month while they exist`,
    );
    expect(changes([...stdout.matchAll(/^(\d+)\.\d+ {2}\S/gm)].map(([, number]) => Number(number)))).toEqual(
      labs.map(({ facts }) => facts.number),
    );
    for (const id of ids) {
      expect(stdout).toMatch(new RegExp(`^✔ proven  ${id} · `, 'm'));
      expect(existsSync(join(cwd, 'kms-lab-files', id, 'manifest.json'))).toBe(stdout.includes(`kms-lab-files/${id}/`));
    }
    expect(stdout).toMatch(new RegExp(`\n✔ proven  ${ids.length} labs · ${steps} steps · .+\n$`));
  });

  it('side by side tells one lab after another, whichever ends first', async () => {
    const { code, stdout, stderr } = await runHere(['all', '--local', '--state', 'memory', '--parallel']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const blocks = changes([...stdout.matchAll(/^(\d+)\.\d+ {2}\S/gm)].map(([, number]) => Number(number)));
    expect([...blocks].sort()).toEqual(labs.map(({ facts }) => facts.number).sort());
    expect(stdout.match(/^✔ proven {2}/gm)).toHaveLength(labs.length + 1);
  });

  it('side by side with --json mixes events that each name their lab; the reports hold every lab', async () => {
    const cwd = scratch();
    const files = ['--junit', 'junit.xml', '--markdown', 'report.md', '--html', 'report.html'];
    const { code, stdout, stderr } = await runHere(
      ['all', '--local', '--state', 'memory', '--parallel', '--json', ...files],
      { cwd },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = eventsOf(stdout);
    expect(events[0]).toMatchObject({ type: 'run:start', labs: ids.map((lab) => ({ lab })) });
    expect(events.at(-1)).toMatchObject({ type: 'run:end', outcome: 'passed', steps });
    const inner = events.slice(1, -1);
    expect(inner.filter(({ lab }) => !ids.includes(String(lab)))).toEqual([]);
    expect(changes(inner.map(({ lab }) => lab)).length).toBeGreaterThan(labs.length);
    for (const lab of ids) {
      const own = inner.filter((event) => event.lab === lab).map(({ type }) => type);
      expect([own[0], own.at(-1)]).toEqual(['lab:start', 'lab:end']);
    }
    const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
    const suites = [...read('junit.xml').matchAll(/<testsuite name="([^"]+)"[^>]* tests="(\d+)"/g)];
    expect(suites.map(([, name, tests]) => [name, Number(tests)])).toEqual(
      labs.map(({ id, steps }) => [id, steps.length]),
    );
    expect(read('report.md')).toMatch(new RegExp(`^# ${ids.length} labs\n\n✔ \\*\\*proven\\*\\*`));
    for (const { facts } of labs) {
      expect(read('report.md')).toContain(`\n## Lab ${facts.number} · ${facts.title}\n`);
      expect(read('report.html')).toContain(`<h2>Lab ${facts.number} · ${facts.title}</h2>`);
    }
  });

  it('goes on after a lab that failed, names what each met, and ends with the gravest', async () => {
    const cwd = scratch();
    const { env } = await served((operation) =>
      operation === 'Encrypt' ? refusal('AccessDeniedException', 'not you') : undefined,
    );
    const { code, stdout, stderr } = await runHere(['all', '--json', '--junit', 'junit.xml'], { cwd, env });
    expect(code).toBe(4);
    const ends = eventsOf(stdout).filter(({ type }) => type === 'lab:end');
    expect(ends.map(({ lab }) => lab)).toEqual(ids);
    const denied = ends.filter(({ error }) => (error as { kind?: string } | undefined)?.kind === 'denied');
    expect(denied.map(({ lab }) => lab)).toEqual(expect.arrayContaining(['symmetric', 'audit']));
    expect(stderr.match(/^kms-lab: error: /gm)?.length).toBeGreaterThanOrEqual(denied.length);
    expect(stderr).toContain('kms-lab: error: 1.2 Encrypt a file: not you\n');
    expect(stderr).toContain('kms-lab: error: 8.1 Make calls worth finding: not you\n');
    const errors = [
      ...readFileSync(join(cwd, 'junit.xml'), 'utf8').matchAll(/<error type="denied" message="([\d.]+) /g),
    ];
    expect(errors.map(([, step]) => step)).toEqual(expect.arrayContaining(['1.2', '8.1']));
  });

  it('does not go on with credentials that AWS no longer takes', async () => {
    const { env } = await served((operation) =>
      operation === 'Encrypt' ? refusal('ExpiredTokenException') : undefined,
    );
    const { code, stdout } = await runHere(['all'], { env });
    expect(code).toBe(3);
    const [first, ...rest] = ids;
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^✖ not proven  1 of ${ids.length} labs: ${first} · not finished: ${rest.join(', ')} · `),
    );
    expect(stdout).not.toMatch(/^8\.1 /m);
  });

  it.skipIf(!posix).each([['in turn'], ['side by side', '--parallel']])(
    '%s: Ctrl-C ends all of them, and is said once',
    async (_how, ...more) => {
      let running: Running | undefined;
      let signalled = false;
      const { env, asked } = await served(async (operation) => {
        if (operation !== 'Encrypt' || signalled) return undefined;
        signalled = true;
        running?.child.kill('SIGINT');
        await running?.says('stderr', 'finishing the call in flight');
        return undefined;
      });
      running = start(['all', '--json', '--cleanup', ...more], { env });
      const { code, stdout, stderr } = await running.ended;
      expect(code).toBe(130);
      expect(stderr.match(/^kms-lab: error: /gm)).toHaveLength(1);
      const end: Record<string, unknown> = eventsOf(stdout).at(-1) ?? {};
      expect(end).toMatchObject({ exitCode: 130, error: { kind: 'interrupted' }, cleanup: { failed: [] } });
      const { scheduled } = end.cleanup as { scheduled: { keyId: string }[] };
      expect(scheduled.length).toBeGreaterThan(0);
      expect(asked.filter((operation) => operation === 'ScheduleKeyDeletion').length).toBeGreaterThanOrEqual(
        scheduled.length,
      );
    },
  );

  it('takes the options of every lab', () => {
    const { commands } = build({ code: 0 });
    const flags = (name: string) =>
      commands.find((command) => command.name() === name)?.options.map(({ long }) => long);
    expect(flags('all')).toContain('--parallel');
    for (const id of ids) expect(flags('all')).toEqual(expect.arrayContaining(flags(id) ?? [id]));
  });
});
