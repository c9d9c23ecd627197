import type { KmsClients } from '../kms/clients.js';
import { quote } from '../kms/shell.js';
import { sleep } from '../kms/wait.js';
import type { StepContext } from './context.js';
import { labFiles } from './files.js';
import type { Claim } from './judge.js';
import { type OwnOptions, owner } from './own.js';
import type { RunOptions } from './run.js';
import { type SimulatorOptions, simulator } from './simulate.js';
import { toolsOf } from './tools.js';
import { type Patience, untilWith } from './until.js';
import { verifier } from './verify.js';

/** A step asked for a value that no earlier step provided. */
export class Unprovided extends Error {
  constructor(name: string) {
    super(`no step that was done returned \`${name}\``);
  }
}

/** A guided run waits for a person, too, and that is not KMS's delay. */
interface Held {
  /** Milliseconds so far. */
  heldMs?(): number;
}

/** What the runner hears from a step. */
export interface Heard
  extends Pick<StepContext, 'note'>,
    Pick<OwnOptions, 'onKey' | 'onOlder'>,
    Pick<SimulatorOptions, 'onCall'> {
  claimed(claim: Claim): void;
  onWait(what: string, elapsedMs: number): void;
}

/** What the steps of a lab are given; `known` grows as they return what later ones may use. */
export function contextFor(
  lab: string,
  options: RunOptions & Held,
  client: KmsClients,
  known: Readonly<Record<string, unknown>>,
  heard: Heard,
): StepContext {
  const { place, connection, ownership, fresh } = options;
  const { region } = place;
  const signal = options.signal ?? new AbortController().signal;
  const patience = patienceOf(options, client, signal, heard);
  const until = untilWith(patience);
  const kmsIn = (at: string) => client.in(at);
  const { cwd, home: samples } = options;
  const files = labFiles(lab, { cwd, registry: client.files, ...(samples !== undefined && { samples }) });
  const base: StepContext = {
    kms: client.in(region),
    kmsIn,
    cloudtrail: (at = region) => client.cloudtrail(at),
    assume: (roleArn) => client.assume(roleArn, region),
    place,
    connection,
    until,
    note: heard.note,
    clock: () => new Date(options.time?.now() ?? Date.now()),
    again: (...words) => ['kms-lab', ...words, ...(options.followUp ?? [])].map(quote).join(' '),
    working: heard.onWait,
    signal,
    files,
    tools: toolsOf({ cwd, signal, files, tell: client.tell, tellByHand: client.tellByHand }),
    get simulate() {
      return simulator({ connection, region, signal, onCall: heard.onCall });
    },
    own: owner({ kmsIn, region, ownership, fresh, until, ...heard }),
    verify: verifier(heard.claimed, patience),
  };
  return new Proxy(base, {
    get: (target, name) => {
      if (name in target) return target[name as keyof StepContext];
      if (typeof name === 'string' && name in known) return known[name];
      throw new Unprovided(String(name));
    },
  });
}

/** KMS may need "several minutes" until all of it knows a change (Developer Guide, eventual consistency). */
const deadlines = { aws: 5 * 60_000, elsewhere: 10_000 };

/** A server other than AWS that let a whole deadline pass is not slow: it does something else, and would do so all lab long. */
const inVainMs = 1_000;

function patienceOf(options: RunOptions & Held, client: KmsClients, signal: AbortSignal, heard: Heard): Patience {
  const { place, time, deadlineMs, heldMs } = options;
  const onAws = place.kind === 'aws';
  return {
    sleep,
    ...time,
    now: () => (time?.now() ?? performance.now()) - (heldMs?.() ?? 0),
    signal,
    deadlineMs: deadlineMs ?? (onAws ? deadlines.aws : deadlines.elsewhere),
    ...(deadlineMs === undefined && !onAws && { inVainMs }),
    onWait: heard.onWait,
    checkpoint: () => client.checkpoint(),
  };
}
