import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import type { WireResponse } from '../../src/emulator/wire/message.js';
import type { Lab } from '../../src/lab/define.js';
import { annotations, stepSummary } from '../../src/report/github.js';
import { html } from '../../src/report/html.js';
import { jsonLines } from '../../src/report/json.js';
import { junit } from '../../src/report/junit.js';
import { markdown } from '../../src/report/markdown.js';
import type { Reporter } from '../../src/report/reporter.js';
import { noProgress } from '../../src/report/spinner.js';
import { terminal } from '../../src/report/terminal.js';
import { type Between, openRoom, type Room, type Told } from '../lab/room.js';
import { paper, runEnd, runStart } from '../report/events.js';
import '../support/quick-rsa.js';
import { Canaries } from './canaries.js';

/** Every way in which a run is told. */
const reporters: Readonly<Record<string, (write: (text: string) => void) => Reporter>> = {
  terminal: (write) => terminal({ ...paper().screen, write }, noProgress),
  json: jsonLines,
  junit,
  markdown,
  html,
  'step summary': stepSummary,
  annotations,
};

function toldBy(make: (write: (text: string) => void) => Reporter, { events }: Pick<Told, 'events'>): string {
  let text = '';
  const reporter = make((more) => {
    text += more;
  });
  for (const event of [runStart(), ...events, runEnd]) reporter.on(event);
  reporter.end?.();
  return text;
}

/** All of them, and what is said on stderr with `--debug`. */
function everythingTold({ events, error }: Told): string {
  const texts = Object.values(reporters).map((make) => toldBy(make, { events }));
  const causes: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    causes.push(`${cause.message}\n${cause.stack}`);
  return [...texts, ...causes].join('\n');
}

/** A KMS that gives every secret wrongly, so that claims about them fail and are told. */
const lying: Between = async ({ pass }) => {
  const answer = await pass();
  const text = answer.body;
  const wrong = text.replace(
    /("(?:Plaintext|PrivateKeyPlaintext|SharedSecret|Mac)":")([^"]+)/g,
    (_all, name, value) => {
      const bytes = Buffer.from(value, 'base64');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return name + bytes.toString('base64');
    },
  );
  return { ...answer, body: wrong };
};

/** A KMS that does what it is asked, and then fails: from the n-th such call on, each lab ends with another error. */
function failing(from: number): Between {
  let seen = 0;
  return async ({ operation, pass }): Promise<WireResponse> => {
    const answer = await pass();
    if (!/^(?:Encrypt|Decrypt|ReEncrypt|Generate|Sign|Verify)/.test(operation) || ++seen < from) return answer;
    return { ...answer, status: 500, body: '{"__type":"KMSInternalException","message":"It failed."}' };
  };
}

const labsById = labs.map((lab) => [lab.id, lab] as const);

describe('Secrets that passed between a lab and KMS stand in no report and in no error', () => {
  let room: Room;
  let canaries: Canaries;
  let digests = 0;
  const kinds = new Set<string>();
  beforeEach(async () => {
    room = await openRoom();
    canaries = new Canaries();
  });
  afterEach(async () => {
    for (const kind of canaries.kinds) kinds.add(kind);
    await room.close();
  });

  async function run(lab: Lab, between?: Between): Promise<Told> {
    const options: Record<string, unknown> = {};
    if ('file' in lab.options) {
      options.file = join(room.cwd, 'mine.bin');
      const mine = randomBytes(5_000);
      writeFileSync(options.file as string, mine);
      canaries.add('the file of the learner', mine);
    }
    const watch = canaries.collect.bind(canaries);
    return await room.run(lab, { simulated: true, watch, options, ...(between && { between }) });
  }

  it.each(labsById)('%s, proven', async (_id, lab) => {
    const told = await run(lab);
    expect(told.end.outcome).toBe('passed');
    const text = everythingTold(told);
    expect(text).toContain(lab.facts.title);
    expect(canaries.in(text)).toEqual([]);
    expect(canaries.below(room.cwd, ['kms-lab-files', 'mine.bin'])).toEqual([]);
  });

  it.each(labsById)(
    '%s, given wrong answers: what was expected and what came are told by length and digest',
    async (_id, lab) => {
      const told = await run(lab, lying);
      const text = everythingTold(told);
      expect(canaries.in(text)).toEqual([]);
      const lies = told.of('claim').filter(({ outcome }) => outcome === 'failed');
      for (const { got = '' } of lies.filter(({ expected }) => expected?.includes('SHA-256')))
        expect(got).toMatch(/^\d+ bytes, SHA-256 [0-9a-f]{16}…$/);
      digests += lies.filter(({ got }) => got?.includes('SHA-256')).length;
    },
  );

  it.each(labsById)('%s, ended by an error', async (_id, lab) => {
    for (const from of [1, 3]) {
      const told = await run(lab, failing(from));
      expect(canaries.in(everythingTold(told))).toEqual([]);
    }
  });

  it('of which many were wrong', () => {
    expect(digests).toBeGreaterThan(10);
  });

  it('though one that a report did show would be found', async () => {
    const told = await run(labs[0] as Lab);
    const secret = randomBytes(32);
    canaries.add('planted', secret);
    const got = secret.toString('base64');
    told.events.push({ type: 'claim', lab: told.end.lab, step: '1.8', claim: 'a leak', outcome: 'failed', got });
    for (const [name, make] of Object.entries(reporters))
      expect(canaries.in(toldBy(make, told)), name).toEqual(['planted']);
  });

  it('and all kinds of them have been looked for', () => {
    expect([...kinds].sort()).toMatchInlineSnapshot(`
      [
        "CreateGrant answered GrantToken",
        "Decrypt answered Plaintext",
        "Encrypt asked Plaintext",
        "GenerateDataKey answered Plaintext",
        "GenerateMac answered Mac",
        "GenerateRandom answered Plaintext",
        "STS answered SecretAccessKey",
        "STS answered SessionToken",
        "Sign asked Message",
        "Verify asked Message",
        "planted",
        "the file of the learner",
      ]
    `);
  });
});
