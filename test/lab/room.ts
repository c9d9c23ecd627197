import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { administrator } from '../../src/emulator/authz/identities.js';
import { createEmulator, type EmulatorOptions } from '../../src/emulator/emulator.js';
import { requestHandler } from '../../src/emulator/handler.js';
import type { Emulator, WireRequest, WireResponse } from '../../src/emulator/wire/message.js';
import type { Ownership } from '../../src/kms/connection.js';
import type { Lab } from '../../src/lab/define.js';
import type { LabEvent, Outcome, Place, StepEnd } from '../../src/lab/events.js';
import { type LabResult, type RunOptions, runLab } from '../../src/lab/run.js';
import { simulatedWorld } from '../../src/target/simulated.js';

export const region = 'us-east-1';
export const ann = 'arn:aws:iam::111122223333:user/ann';
export const bob = 'arn:aws:iam::111122223333:user/bob';

/** A request on its way to the embedded KMS. */
export interface Passing {
  operation: string;
  /** The Region whose KMS it is for. */
  region: string;
  /** The members of the request as they stand on the wire. */
  input: Record<string, unknown>;
  /** Let the embedded KMS answer. */
  pass(): Promise<WireResponse>;
}

/** Somebody between the lab and the embedded KMS. */
export type Between = (passing: Passing) => Promise<WireResponse>;

/** The SDK's client of a Region, past everybody in between. */
export type KmsIn = (region: string) => KMS;

/** Somebody who sees each request and the answer that the lab is given, those of a simulated world too. */
export type Watch = (request: WireRequest, answer: WireResponse) => void;

const operationOf = ({ headers }: WireRequest) => headers['x-amz-target']?.replace(/^TrentService\./, '') ?? '';

/** Let everything pass but the `nth` call of an operation. */
export function at(operation: string, nth: number, instead: Between): Between {
  let seen = 0;
  return async (passing) => {
    if (passing.operation === operation && ++seen === nth) return await instead(passing);
    return await passing.pass();
  };
}

/** Time in which waiting takes none: it goes by as much as was to be waited. */
export function unhurried(onSleep: (ms: number) => void = () => {}): NonNullable<RunOptions['time']> {
  let waited = 0;
  return {
    now: () => performance.timeOrigin + performance.now() + waited,
    sleep: async (ms) => {
      waited += ms;
      onSleep(ms);
    },
  };
}

/** What Node.js throws when a connection breaks. */
export const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

export interface Told extends LabResult {
  events: LabEvent[];
  of<Type extends LabEvent['type']>(type: Type): Extract<LabEvent, { type: Type }>[];
  /** What was claimed, in order. */
  claims(outcome: Outcome): string[];
  /** The ids of the steps that ended so. */
  steps(outcome: StepEnd['outcome']): string[];
}

/** Everything a lab needs, on an embedded KMS in memory, whose administrator is Ann, and a folder of its own. */
export async function openRoom(embedded: Partial<EmulatorOptions> = {}) {
  const identities = [{ ...administrator, arn: ann }];
  const emulator = await createEmulator({ state: 'memory', identities, ...embedded });
  const cwd = await mkdtemp(join(tmpdir(), 'kms-lab-room-'));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  /** The operations that a lab asked for, in order; those of `kms` are not among them. */
  const asked: string[] = [];
  let runs = 0;

  const seenBy = (watch: Watch | undefined, { handle }: Pick<Emulator, 'handle'>) =>
    requestHandler({
      close: async () => {},
      async handle(request: WireRequest) {
        const answer = await handle(request);
        watch?.(request, answer);
        return answer;
      },
    });

  /** The emulator, or a copy of it, with somebody in between. */
  const through = (to: Emulator, between: Between | undefined): Pick<Emulator, 'handle'> => ({
    async handle(request) {
      const pass = () => to.handle(request);
      if (!between) return await pass();
      const operation = operationOf(request);
      const at = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
      return await between({
        operation,
        region: at,
        // STS speaks in forms, and is passed by the name of no operation.
        input: operation === '' ? {} : JSON.parse(new TextDecoder().decode(request.body)),
        pass,
      });
    },
  });

  const counted = ({ handle }: Pick<Emulator, 'handle'>): Pick<Emulator, 'handle'> => ({
    handle(request) {
      asked.push(operationOf(request));
      return handle(request);
    },
  });

  /** The SDK straight at an emulator. */
  const honest =
    (to: Emulator): KmsIn =>
    (at) =>
      new KMS({ region: at, credentials, requestHandler: requestHandler(to), maxAttempts: 1 });

  /** How a client reaches a copy of the emulator. */
  const configOf = (watch: Watch | undefined, simulated: Run['simulated']) => (copy: Emulator) => {
    const between = typeof simulated === 'function' ? simulated(honest(copy)) : undefined;
    const handler = seenBy(watch, through(copy, between));
    return (_service: string, at: string) => ({
      region: at,
      endpoint: 'http://127.0.0.1:1',
      requestHandler: handler,
      credentials,
    });
  };

  interface Run
    extends Partial<Pick<RunOptions, 'fresh' | 'signal' | 'cwd' | 'options' | 'time' | 'followUp' | 'guide' | 'until'>>,
      Partial<Ownership> {
    between?: Between;
    watch?: Watch;
    /** The run's Region. */
    at?: string;
    /** What the run takes the embedded KMS for; itself unless given. */
    kind?: Place['kind'];
    /** Attempts of the SDK for each call; 1 unless given, so that nothing waits. */
    maxAttempts?: number;
    /**
     * Whether the room can be simulated, as the embedded KMS can; not unless given. Or who stands between the lab and a
     * simulated world: called for each, with clients of that world.
     */
    simulated?: boolean | ((kmsIn: KmsIn) => Between);
  }

  async function run(lab: Lab, given: Run = {}): Promise<Told> {
    const {
      between,
      watch,
      maxAttempts = 1,
      fresh = false,
      cwd: folder = cwd,
      signal,
      options,
      time,
      simulated,
      followUp,
      guide,
      until,
      kind = 'local',
      at: here = region,
      ...owned
    } = given;
    const handler = seenBy(watch, counted(through(emulator, between)));
    const events: LabEvent[] = [];
    runs++;
    const result = await runLab(lab, {
      connection: {
        ...(simulated && { simulate: () => simulatedWorld(emulator, configOf(watch, simulated)) }),
        config: (_service, at) => ({
          region: at,
          endpoint: 'http://127.0.0.1:1',
          requestHandler: handler,
          credentials,
          maxAttempts,
        }),
        cli: { endpointUrl: 'http://127.0.0.1:4599' },
      },
      place: { kind, label: 'embedded KMS', region: here, account: '111122223333', identity: ann },
      // Who waits lets the embedded KMS get on: its clock goes by as much.
      time: time ?? unhurried((ms) => emulator.advance(ms)),
      ownership: { lab: lab.id, namespace: 'default', run: `run-${runs}`, owner: ann, ...owned },
      fresh,
      cwd: folder,
      emit: (event) => events.push(event),
      guide,
      until,
      ...(signal && { signal }),
      ...(options && { options }),
      ...(followUp && { followUp }),
    });
    const of: Told['of'] = (type) => events.filter((event) => event.type === type) as never;
    return {
      ...result,
      events,
      of,
      claims: (outcome) => of('claim').flatMap((claim) => (claim.outcome === outcome ? [claim.claim] : [])),
      steps: (outcome) => of('step:end').flatMap((step) => (step.outcome === outcome ? [step.step] : [])),
    };
  }

  const kmsIn = honest(emulator);

  return {
    emulator,
    /** The SDK straight at the embedded KMS, past everybody in between. */
    kms: kmsIn(region),
    /** The same in another Region. */
    kmsIn,
    cwd,
    asked,
    run,
    async close() {
      await emulator.close();
      await rm(cwd, { recursive: true, force: true });
    },
  };
}

export type Room = Awaited<ReturnType<typeof openRoom>>;
