import type { KMS } from '@aws-sdk/client-kms';
import type { KeyStateTable } from './world/states.js';
import type { World } from './world/world.js';
import type { KeyRecord } from './world/records.js';
import type { Caller } from './authz/caller.js';

/** Every operation of the SDK's KMS client, in AWS's spelling ("Encrypt"). A misspelt one does not compile. */
export type OperationName = Exclude<
  { [M in keyof KMS]: KMS[M] extends (...args: never[]) => unknown ? Capitalize<M & string> : never }[keyof KMS],
  'Send' | 'Destroy' | `Paginate${string}` | `WaitUntil${string}`
>;

/** Key id forms that an operation accepts: `any` of key id, key ARN, alias name, alias ARN; or `key`: id and ARN only. */
export type KeyForms = 'any' | 'key';

/** What the pipeline hands to an operation once the request is known to be allowed. */
export interface Call<Request> {
  /** The world of the caller's account and Region, inside one transaction when the operation changes it. */
  world: World;
  /** Parsed and checked against the API model's constraints; blobs are bytes, times are dates. */
  request: Request;
  caller: Caller;
  /** Put into the audit record beside what the pipeline writes (CloudTrail's `additionalEventData`). */
  note(data: Record<string, unknown>): void;
}

/** An operation's facts and what it does. The pipeline does the rest: parse, constraints, resolve, authorise, state, usage, audit. */
export interface Operation<Request, Reply> {
  /** Changes the stored world: `do` runs inside one write transaction and must be synchronous. */
  changes: boolean;
  /** The member that names the key and the forms it may take; absent where no key is involved or `do` finds it. */
  key?: { member: keyof Request & string; forms: KeyForms };
  /** What each key state answers ("ok" or an exception); see kms-facts section 3. */
  states?: KeyStateTable;
  usage?: string;
  /** Slow work that needs no world (RSA key generation), done before the transaction. */
  prepare?(request: Request): Promise<unknown>;
  do(call: Call<Request> & { key: KeyRecord; prepared: unknown }): Reply | Promise<Reply>;
}
