import { aliasArn, roleArn } from './arn.js';
import { actions, isNeeded, type Requirement, synchronisingRole } from './authz/actions.js';
import { type Access, authorise, type From, refusal } from './authz/authorise.js';
import type { Caller } from './authz/caller.js';
import { noSuchKey } from './authz/explain.js';
import { grantsBehind } from './authz/grants.js';
import { Refusal } from './authz/refusal.js';
import { Fault } from './fault.js';
import type { Call, Checked, KeyFact, Operation, OperationName } from './operation.js';
import type { Key } from './world/records.js';
import { resolveKey } from './world/resolve.js';
import { checkState } from './world/states.js';
import type { World } from './world/world.js';

/** Any operation, whatever its shapes: the pipeline knows requests only by the members that facts name. */
export type AnyOperation = Operation<Record<string, unknown>, object>;

/** A parsed request on its way through the pipeline; the pipeline fills in what the audit record needs. */
export interface Passage {
  name: OperationName;
  operation: AnyOperation;
  world: World;
  request: Record<string, unknown>;
  caller: Caller;
  from: From;
  /** The keys involved, as far as they were found. */
  keys: Key[];
  notes: Record<string, unknown>;
}

interface Found {
  key: Key;
  fact: KeyFact<Record<string, unknown>>;
  /** The alias by which the request calls the key. */
  alias?: string | undefined;
  /** Not named by the caller but found another way: a refusal does not tell that it exists. */
  hidden: boolean;
}

function find(passage: Passage, fact: KeyFact<Record<string, unknown>> | undefined): Found | undefined {
  if (!fact) return undefined;
  const { world, request } = passage;
  const id = request[fact.member];
  if (typeof id === 'string') {
    const { key, alias } = fact.find
      ? { key: fact.find(request as Checked<Record<string, unknown>>, world), alias: undefined }
      : resolveKey(world, id, fact.forms);
    passage.keys.push(key);
    // Operations on an alias itself do not use a key by it.
    return { key, fact, alias: fact.member === 'AliasName' ? undefined : alias, hidden: false };
  }
  if (!fact.otherwise) return undefined;
  const key = fact.otherwise.find(request as Checked<Record<string, unknown>>, world);
  if (!key)
    throw new Refusal(
      noSuchKey(passage.caller.arn, actions[passage.name][0]?.action ?? ''),
      fact.otherwise.refusal ?? '',
    );
  passage.keys.push(key);
  return { key, fact, hidden: fact.otherwise.refusal !== undefined };
}

interface Keys {
  key: Found | undefined;
  also: Found | undefined;
}

function accessOf(passage: Passage, { action, on, in: where }: Requirement, found: Keys): Access {
  const { world, request, caller, name, from } = passage;
  const access: Access = {
    caller,
    action,
    operation: name,
    request,
    region: where === undefined ? world.place.region : String(request[where]),
    resource: '*',
    key: undefined,
    other: undefined,
    alias: undefined,
    replicaOf: undefined,
    world,
    granted: grantsBehind(world, request.GrantTokens),
    from,
  };
  if (on === 'new key' && where !== undefined) access.replicaOf = found.key?.key;
  if (on === 'alias') access.resource = aliasArn(world.place, String(request.AliasName));
  if (on === 'service-linked role') access.resource = roleArn(world.place, synchronisingRole);
  if (on === 'retirer') access.resource = String(request.RetiringPrincipal);
  if (on !== 'key' && on !== 'also') return access;
  const [one, other] = on === 'key' ? [found.key, found.also] : [found.also, found.key];
  if (!one) throw new Error(`${name} needs ${action} on a key that it does not name`);
  access.resource = one.key.arn;
  access.region = one.key.region;
  access.key = one.key;
  access.alias = one.alias;
  access.other = other?.key;
  return access;
}

/** Every permission the operation needs, in the table's order. */
function checkAccess(passage: Passage, found: Keys): void {
  for (const requirement of actions[passage.name]) {
    if (!isNeeded(requirement, passage.request)) continue;
    const access = accessOf(passage, requirement, found);
    const decision = (passage.operation.authorise ?? authorise)(access);
    if (decision.allowed) continue;
    const on = requirement.on === 'key' || requirement.on === 'also' ? found[requirement.on] : undefined;
    throw refusal(access, decision, on?.hidden ? on.fact.otherwise?.refusal : undefined);
  }
}

function checkKey(name: string, { key, fact }: Found): void {
  checkState(key, fact.states);
  if (fact.usage === undefined || key.shared.usage === fact.usage) return;
  const message = `${key.arn} key usage is ${key.shared.usage} which is not valid for ${name}.`;
  throw new Fault('InvalidKeyUsageException', message);
}

/** Find the keys, authorise, check their states and usage: what must hold before an operation may begin. */
export function admit(passage: Passage, prepared: unknown): Call<Record<string, unknown>> {
  const { name, operation, world, request, caller, from, notes } = passage;
  passage.keys.length = 0;
  world.settle();
  const found = { key: find(passage, operation.key), also: find(passage, operation.also) };
  checkAccess(passage, found);
  for (const one of [found.key, found.also]) if (one) checkKey(name, one);
  return {
    world,
    request: request as Checked<Record<string, unknown>>,
    caller,
    from,
    prepared,
    // Facts and `do` are written side by side in one file: an operation reads only keys that its facts declare.
    key: found.key?.key as Key,
    also: found.also?.key as Key,
    note: (data) => Object.assign(notes, data),
  };
}

/** DryRun goes all the way and then tells what would have been; a transaction is taken back by it. */
function unlessDry({ request }: Passage, reply: object): object {
  if (request.DryRun !== true) return reply;
  throw new Fault('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
}

/** Only who may have the result makes the emulator work for it; in the transaction all is checked once more. */
async function prepare(passage: Passage): Promise<unknown> {
  const { operation, world, request } = passage;
  if (!operation.prepare) return undefined;
  world.store.refresh();
  admit(passage, undefined);
  return operation.prepare(request as Checked<Record<string, unknown>>);
}

/**
 * Take one request through: constraints, keys, permissions, states, usage, and what the operation does. A change happens
 * in one transaction with all of its checks, and `done` (the audit record) is part of it.
 */
export async function pass(passage: Passage, done: (reply: object) => void): Promise<object> {
  const { operation, world, request } = passage;
  operation.check?.(request as Checked<Record<string, unknown>>);
  const prepared = await prepare(passage);
  if (operation.changes) {
    return world.store.write(() => {
      const reply = unlessDry(passage, operation.do(admit(passage, prepared)));
      done(reply);
      return reply;
    });
  }
  world.store.refresh();
  const reply = unlessDry(passage, await operation.do(admit(passage, prepared)));
  done(reply);
  return reply;
}
