import { aliasArn } from './arn.js';
import { actions, type Requirement } from './authz/actions.js';
import { type Access, authorise, refusal } from './authz/authorise.js';
import type { Caller } from './authz/caller.js';
import { grantsBehind } from './authz/grants.js';
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
  /** The keys involved, as far as they were found. */
  keys: Key[];
  notes: Record<string, unknown>;
}

interface Found {
  key: Key;
  fact: KeyFact<Record<string, unknown>>;
  /** Not named by the caller but found another way: a refusal does not tell that it exists. */
  hidden: boolean;
}

function find(passage: Passage, fact: KeyFact<Record<string, unknown>> | undefined): Found | undefined {
  if (!fact) return undefined;
  const { world, request } = passage;
  const id = request[fact.member];
  if (typeof id === 'string') {
    const { key } = resolveKey(world, id, fact.forms);
    passage.keys.push(key);
    return { key, fact, hidden: false };
  }
  if (!fact.otherwise) return undefined;
  const key = fact.otherwise.find(request as Checked<Record<string, unknown>>, world);
  if (!key) throw new Fault('AccessDeniedException', fact.otherwise.refusal ?? '');
  passage.keys.push(key);
  return { key, fact, hidden: fact.otherwise.refusal !== undefined };
}

function accessOf(passage: Passage, { action, on }: Requirement, key: Key | undefined): Access {
  const { world, request, caller, name } = passage;
  const granted = grantsBehind(world, request.GrantTokens);
  const common = { caller, action, operation: name, request, region: world.place.region, world, granted };
  if (on === 'account') return { ...common, resource: '*' };
  if (on === 'alias') return { ...common, resource: aliasArn(world.place, String(request.AliasName)) };
  if (on === 'retirer') return { ...common, resource: String(request.RetiringPrincipal) };
  if (!key) throw new Error(`${name} needs ${action} on a key that it does not name`);
  return { ...common, resource: key.arn, key };
}

/** Every permission the operation needs, in the table's order. */
function checkAccess(passage: Passage, found: { key: Found | undefined; also: Found | undefined }): void {
  for (const requirement of actions[passage.name]) {
    if (requirement.when !== undefined && passage.request[requirement.when] === undefined) continue;
    const on = requirement.on === 'key' || requirement.on === 'also' ? found[requirement.on] : undefined;
    const access = accessOf(passage, requirement, on?.key);
    const decision = (passage.operation.authorise ?? authorise)(access);
    if (decision.allowed) continue;
    throw on?.hidden ? new Fault('AccessDeniedException', on.fact.otherwise?.refusal ?? '') : refusal(access, decision);
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
  const { name, operation, world, request, caller, notes } = passage;
  passage.keys.length = 0;
  world.settle();
  const found = { key: find(passage, operation.key), also: find(passage, operation.also) };
  checkAccess(passage, found);
  for (const one of [found.key, found.also]) if (one) checkKey(name, one);
  return {
    world,
    request: request as Checked<Record<string, unknown>>,
    caller,
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
