import { randomUUID } from 'node:crypto';
import { fromOf, kmsCall, type Origin, otherCall } from './audit/call.js';
import { Trail } from './audit/trail.js';
import { asksForUsage } from './audit/usage.js';
import { createIdentities, type Identity, type RolePolicies } from './authz/identities.js';
import { Sessions } from './authz/sessions.js';
import { type Verified, verify } from './authz/sigv4.js';
import { answerLookup, parseLookup } from './cloudtrail/index.js';
import { Fault } from './fault.js';
import type { OperationName } from './operation.js';
import { operations } from './operations/index.js';
import type { AnyOperation, Passage } from './pipeline.js';
import { Conditions } from './simulate/conditions.js';
import { Lag } from './simulate/lag.js';
import { passUnder } from './simulate/pass.js';
import { switchOn } from './simulate/switches.js';
import { lmdbStore } from './store/lmdb.js';
import { memoryCopy, memoryStore } from './store/memory.js';
import type { Store } from './store/store.js';
import { parseStsInput, stsOperations } from './sts/index.js';
import type { Emulator, WireRequest, WireResponse } from './wire/message.js';
import { parseInput } from './wire/parse.js';
import { failed, ok, type Route, routeOf, type StsOperationName, serviceOf } from './wire/protocol.js';
import { type Clock, clockOf } from './world/clock.js';
import { World } from './world/world.js';

export interface EmulatorOptions {
  /** `memory`: gone with the process; a folder: kept there, and shared with other processes. */
  state: 'memory' | { dir: string };
  /** Who may sign requests beside `test` / `test`. */
  identities?: readonly Identity[];
  /** Identity policies of roles; a role without may do only what key policies and grants allow. */
  roles?: RolePolicies;
  /** The wall clock under the world's clock, in milliseconds. Signatures always follow the real one. */
  now?: () => number;
  /** Conditions that the process begins under, as KMS_LAB_SIMULATE spells them; see `simulate/switches.ts`. */
  simulate?: string | undefined;
}

/** The embedded AWS together with what only its owner may do. */
export interface LocalEmulator extends Emulator {
  /** Move the world's clock on by `ms` milliseconds. */
  advance(ms: number): void;
  readonly trail: Trail;
  /** Quotas, latency, outages and faults of this process; calm at first. */
  readonly conditions: Conditions;
  /** Let the changes of this process be seen by other calls only `ms` milliseconds later; 0: at once. */
  eventualConsistency(ms: number): void;
  /** An independent, calm copy of the world as it is now, in memory, for the same identities. */
  copy(): LocalEmulator;
}

/** Facts and `do` agree within each file; here only the names of members matter. */
const known = operations as Partial<Record<OperationName, AnyOperation>>;

class EmbeddedAws implements LocalEmulator {
  readonly trail: Trail;
  readonly conditions = new Conditions();
  readonly #lag: Lag;
  readonly #now: () => number;
  readonly #clock: Clock;
  readonly #sessions: Sessions;

  constructor(
    readonly store: Store,
    readonly options: Omit<EmulatorOptions, 'state'>,
    readonly identities = createIdentities(options.identities, options.roles),
  ) {
    this.trail = new Trail(store);
    this.#now = options.now ?? Date.now;
    this.#clock = clockOf(store, this.#now);
    this.#lag = new Lag(store, this.#clock.now);
    this.#sessions = new Sessions(store, identities);
  }

  async handle(request: WireRequest): Promise<WireResponse> {
    const requestId = randomUUID();
    try {
      const route = routeOf(request);
      const verified = verify(request, (id) => this.identities.find(id) ?? this.#sessions.find(id), new Date());
      await this.conditions.wait();
      this.conditions.checkOutage(verified.region);
      const reply = await this.#answer(request, route, verified, requestId);
      this.conditions.checkFault(route.operation, verified.region, true);
      return ok(reply, requestId, route);
    } catch (error) {
      return failed(asFault(error), requestId, serviceOf(request));
    }
  }

  advance(ms: number): void {
    this.store.write(() => this.#clock.advance(ms));
  }

  eventualConsistency(ms: number): void {
    this.#lag.delay = ms;
  }

  copy(): LocalEmulator {
    this.trail.flush();
    return new EmbeddedAws(memoryCopy(this.store), this.options, this.identities);
  }

  async close(): Promise<void> {
    this.trail.close();
    await this.store.close();
  }

  async #answer(request: WireRequest, route: Route, verified: Verified, requestId: string): Promise<object> {
    const origin: Origin = { request, verified, requestId, time: this.#clock.now() };
    if (route.service === 'sts') return this.#sts(origin, route);
    if (route.service === 'cloudtrail') return this.#cloudtrail(origin, route);
    const operation = known[route.operation as OperationName];
    if (!operation) {
      throw new Fault('UnsupportedOperationException', `The embedded AWS does not support ${route.operation} yet.`);
    }
    const passage: Passage = {
      name: route.operation as OperationName,
      operation,
      world: new World(this.#lag, { account: verified.caller.account, region: verified.region }, this.#now),
      request: {},
      caller: verified.caller,
      from: fromOf(request),
      keys: [],
      notes: {},
    };
    // What was of use a moment ago is known: the trail is what remembers it.
    if (asksForUsage.has(route.operation)) this.trail.flush();
    try {
      passage.request = parseInput(route.operation, request.body);
      return await passUnder(this.conditions, this.#lag, passage, (reply) => {
        if (operation.changes) this.trail.put(kmsCall(origin, passage, { reply }));
        else this.trail.later(kmsCall(origin, passage));
      });
    } catch (error) {
      this.trail.later(kmsCall(origin, passage, { fault: asFault(error) }));
      throw error;
    }
  }

  #cloudtrail(origin: Origin, route: Route): object {
    const { caller, region } = origin.verified;
    this.conditions.chargeLookup(caller.account, region, origin.time);
    const request = parseLookup(origin.request.body);
    const { lateTrail } = this.conditions;
    const reply = answerLookup(request, { caller, region }, this.trail, { now: origin.time, lateTrail });
    this.trail.later(otherCall(origin, route, request));
    return reply;
  }

  #sts(origin: Origin, route: Route): object {
    const operation = stsOperations[route.operation as StsOperationName];
    const { caller, region } = origin.verified;
    let request: Record<string, unknown> = {};
    try {
      request = parseStsInput(operation, origin.request);
      const { time } = origin;
      const call = {
        ...{ caller, region, request, time, from: fromOf(origin.request) },
        ...{ sessions: this.#sessions, now: Date.now() },
      };
      if (!operation.issues) {
        this.trail.later(otherCall(origin, route, request));
        return operation.do(call);
      }
      return this.store.write(() => {
        const reply = operation.do(call);
        this.trail.put(otherCall(origin, route, request, { reply }));
        return reply;
      });
    } catch (error) {
      this.trail.later(otherCall(origin, route, request, { fault: asFault(error) }));
      throw error;
    }
  }
}

/** What is no Fault is ours: answered as AWS's internal error, and shown to whoever runs the process. */
function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  process.emitWarning(error instanceof Error ? error : String(error));
  return new Fault('KMSInternalException', 'An internal error occurred.', 500);
}

/** Open the embedded AWS on its state. */
export async function createEmulator(options: EmulatorOptions): Promise<LocalEmulator> {
  const store = options.state === 'memory' ? memoryStore() : await lmdbStore(options.state.dir);
  const emulator = new EmbeddedAws(store, options);
  if (options.simulate) switchOn(options.simulate, emulator);
  return emulator;
}
