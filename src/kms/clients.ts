import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { KMS } from '@aws-sdk/client-kms';
import { assumeRole, type RoleSession } from './assume-role.js';
import { LinesOfCalls, type Retelling } from './cli-lines.js';
import { cloudTrailClients } from './cloudtrail.js';
import type { CallRecord, Connection, Ownership } from './connection.js';
import { FileRegistry } from './files.js';
import { Made, type MadeKey } from './made.js';
import { wrap } from './middleware.js';
import { once } from './once.js';
import { own } from './own.js';
import { type ObservedCall, record } from './record.js';
import { narrowRetries } from './retry.js';
import { settle } from './settle.js';
import { sleep, type Waiting } from './wait.js';

export interface KmsOptions {
  connection: Connection;
  ownership: Ownership;
  /** Told of each call when it has ended. */
  onCall(record: CallRecord): void;
  /** Told while something is waited for, again and again. */
  onWait?(what: string, elapsedMs: number): void;
  /** Told before each call how the AWS CLI would make it; the call waits until this ends, and is not made when it throws. */
  beforeCall?(line: string): Promise<void>;
  /** How long `beforeCall` has taken so far, in milliseconds: waiting for KMS does not count it. */
  heldMs?(): number;
  /** Milliseconds since 1970. */
  now?: () => number;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** When aborted, the call in flight ends, waiting stops, and no further call starts. */
  signal?: AbortSignal;
  /** Another way to retell the run than in lines for the AWS CLI that lead to its target; `files` is what the run reads and writes. */
  retelling?(files: FileRegistry): Retelling;
  /** How long KMS may take to settle before its error counts, in milliseconds. */
  settleMs?: number;
}

/** KMS as an assumed role. */
export interface Assumed {
  /** `arn:aws:sts::111122223333:assumed-role/app/kms-lab`: how KMS and CloudTrail name it. */
  arn: string;
  kms: KMS;
  kmsIn(region: string): KMS;
}

/** The KMS clients of a run. */
export interface KmsClients {
  /** The SDK's own client for a Region, with the middleware that every call passes through. */
  in(region: string): KMS;
  /** The same for CloudTrail; its SDK is loaded when it is first asked for. */
  cloudtrail(region: string): Promise<CloudTrail>;
  /** Become a role for an hour: KMS as that role, with the same middleware. @throws what STS answers. */
  assume(roleArn: string, region: string): Promise<Assumed>;
  /** The keys that this run made, replicas included; in one Region when it is given. */
  madeIn(region?: string): MadeKey[];
  /** Which bytes are in which file; whoever reads or writes a learner's file tells it. */
  files: FileRegistry;
  /** Something was done without a call: its line goes among those of the calls. */
  tell: Retelling['tell'];
  tellByHand: Retelling['tellByHand'];
  /** The calls since the last time as lines for the AWS CLI; ask when the files of the step are written. */
  takeLines(): string[];
  /** Mark now; what it returns drops the lines of the calls since then, e.g. of a look that came too early. */
  checkpoint(): () => void;
  /** May be called twice. */
  close(): void;
}

/** Load the SDK and open the shared KMS client. No call is made. */
export async function openKms(options: KmsOptions): Promise<KmsClients> {
  const { KMS } = await import('@aws-sdk/client-kms');
  const now = options.now ?? (() => performance.timeOrigin + performance.now());
  const waiting: Waiting = {
    now: () => now() - (options.heldMs?.() ?? 0),
    sleep: options.sleep ?? sleep,
    onWait: (what, elapsedMs) => options.onWait?.(what, elapsedMs),
    settleMs: options.settleMs ?? 60_000,
    ...(options.signal && { signal: options.signal }),
  };
  const made = new Made(now);
  const files = new FileRegistry();
  const calls = new LinesOfCalls(options.connection.cli, files);
  const lines = options.retelling?.(files) ?? calls;
  const created = times(now);
  const config = (region: string) => options.connection.config('kms', region);
  // Looks for lost keys and asks for states: the search itself waits, so one attempt each; not part of what a lab does.
  const bare = perRegion((region) => new KMS({ ...config(region), maxAttempts: 1 }));
  const recorded = {
    now,
    onCall: options.onCall,
    observe: (call: ObservedCall) => lines.observe(call),
    before: async (call: ObservedCall) => options.beforeCall?.(calls.ahead(call)),
  };
  const trails = cloudTrailClients(options.connection, { ...recorded, waiting });
  const make = (region: string, session?: RoleSession) => {
    const client = new KMS({ ...config(region), ...(session && { credentials: session.credentials }) });
    const sent = narrowRetries(client);
    const wasSent = (error: unknown) => typeof error === 'object' && error !== null && sent.has(error);
    const common = { ...waiting, region, made, bare: bare.in, wasSent };
    wrap(client, {
      own: own(options.ownership, created),
      record: record({ region, ...recorded, ...(session && { role: session.role }) }),
      settle: settle(common),
      once: once(common),
    });
    return client;
  };
  const clients = perRegion((region) => make(region));
  const roles: { close(): void }[] = [];
  return {
    in: clients.in,
    async assume(roleArn, region) {
      const session = await assumeRole(roleArn, region, options.connection, { ...recorded, waiting });
      const own = perRegion((at) => make(at, session));
      roles.push(own);
      return { arn: session.arn, kms: own.in(region), kmsIn: own.in };
    },
    cloudtrail: trails.in,
    madeIn: (region) => made.keys.filter((key) => region === undefined || key.region === region),
    files,
    tell: (act) => lines.tell(act),
    tellByHand: (act) => lines.tellByHand(act),
    takeLines: () => lines.take(),
    checkpoint: () => lines.checkpoint(),
    close() {
      for (const role of roles) role.close();
      clients.close();
      bare.close();
      void trails.close();
    },
  };
}

/** One client for each Region, made when it is first asked for. */
function perRegion(make: (region: string) => KMS) {
  const clients = new Map<string, KMS>();
  return {
    in(region: string): KMS {
      const client = clients.get(region) ?? make(region);
      clients.set(region, client);
      return client;
    },
    close(): void {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
}

/** Times of creation that differ even within a millisecond, since they tell the keys of a run apart. */
function times(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(Math.floor(now()), last + 1);
    return new Date(last).toISOString();
  };
}
