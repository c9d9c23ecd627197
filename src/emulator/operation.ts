import type { KeyUsageType, KMS } from '@aws-sdk/client-kms';
import type { Access, Decision, From } from './authz/authorise.js';
import type { Caller } from './authz/caller.js';
import type { Key } from './world/records.js';
import type { KeyStateTable } from './world/states.js';
import type { World } from './world/world.js';

/** Every operation of the SDK's KMS client, in AWS's spelling ("Encrypt"). A misspelt one does not compile. */
export type OperationName = Exclude<
  { [M in keyof KMS]-?: KMS[M] extends (...args: never[]) => unknown ? Capitalize<M & string> : never }[keyof KMS],
  'Send' | 'Destroy' | `Paginate${string}` | `WaitUntil${string}`
>;

/** Key id forms that an operation accepts: `any` of key id, key ARN, alias name, alias ARN; or `key`: id and ARN only. */
export type KeyForms = 'any' | 'key';

/** A request whose required members the parser has found to be there. */
export type Checked<Request> = { [Member in keyof Request]: Exclude<Request[Member], undefined> };

/** How an operation comes by a key, and what the key must be. */
export interface KeyFact<Request> {
  /** The member that names the key. */
  member: keyof Request & string;
  forms: KeyForms;
  /**
   * Where the member may be absent: another way to the key. With a `refusal` the key is
   * hidden: that is what AWS answers when it leads to none that the caller may use, or to none.
   */
  otherwise?: {
    find(request: Checked<Request>, world: World): Key | undefined;
    refusal?: string;
  };
  /** Where the member is no key id: how it leads to the key. */
  find?(request: Checked<Request>, world: World): Key;
  /** What each key state answers; kms-facts section 3. */
  states: KeyStateTable;
  usage?: KeyUsageType;
}

/** What the pipeline hands to an operation once the request is known to be allowed. */
export interface Call<Request, Made = unknown> {
  /** The world of the caller's account and Region, inside one transaction when the operation changes it. */
  world: World;
  /** Parsed and checked against the API model's constraints; blobs are bytes, times are dates. */
  request: Checked<Request>;
  caller: Caller;
  /** Where the request came from. */
  from: From;
  /** The key of the operation's `key` fact. Reading it without such a fact, or an absent optional key, is a bug. */
  key: Key;
  /** The key of the `also` fact. */
  also: Key;
  /** What `prepare` made. */
  prepared: Made;
  /** Put into the audit record beside what the pipeline writes (CloudTrail's `additionalEventData`). */
  note(data: Record<string, unknown>): void;
}

/** An operation's facts and what it does. The pipeline does the rest: parse, constraints, resolve, authorise, state, usage, audit. */
export interface Operation<Request, Reply, Made = unknown> {
  /** Changes the stored world: `do` runs inside one write transaction and must be synchronous. */
  changes: boolean;
  /** Constraints that the API model does not hold. */
  check?(request: Checked<Request>): void;
  /** Absent where no key is involved. */
  key?: KeyFact<Request>;
  /** Decides in place of policies and grants as they usually do: RetireGrant. */
  authorise?(access: Access): Decision;
  /** A second key: ReEncrypt's destination, the key an alias leaves. */
  also?: KeyFact<Request>;
  /** Slow work that needs no world (RSA key generation), done once the request is known to be allowed, before the transaction. */
  prepare?(request: Checked<Request>): Promise<Made>;
  do(call: Call<Request, Made>): Reply | Promise<Reply>;
}
