import type { KeyState } from '@aws-sdk/client-kms';
import { recordServiceEvent } from '../audit/service-event.js';
import { keyPairs, toSpki } from '../crypto/key-pair.js';
import { plan, unplan } from './due.js';
import type { ImportRecord, Instant, Key, KeyRecord, Material, SharedRecord } from './records.js';
import type { World } from './world.js';

type Imports = Readonly<Record<string, ImportRecord>>;

/** Whether a key has a material in its Region. */
export const isImported = ({ imports }: Pick<KeyRecord, 'imports'>, id: string): boolean =>
  imports?.[id]?.imported === true;

/** Whether every key of a multi-Region set has been given a material. */
export function isImportedEverywhere(world: World, shared: SharedRecord, id: string): boolean {
  return shared.regions.every((region) => {
    const key = world.at({ account: shared.account, region }).key(shared.id);
    return key !== undefined && isImported(key, id);
  });
}

/** Whether nothing is missing that is the key's for good. */
export const isComplete = (key: Key): boolean =>
  key.shared.materials.length > 0 && key.shared.materials.every(({ id }) => isImported(key, id));

/** The state of a key for which its owner brings the material: without any of it, nothing can be done. */
export function stateWith(key: Key): KeyState {
  const complete = isComplete(key);
  switch (key.state) {
    case 'PendingImport':
      return complete ? 'Enabled' : 'PendingImport';
    case 'Enabled':
    case 'Disabled':
    case 'Updating':
      return complete ? key.state : 'PendingImport';
    default:
      return key.state;
  }
}

/** The state in which a key comes back from its scheduled deletion. */
export const stateRevived = (key: Key): KeyState =>
  key.shared.origin === 'EXTERNAL' ? stateWith({ ...key, state: 'Disabled' }) : 'Disabled';

const expiries = (imports: Imports | undefined) =>
  new Set(Object.values(imports ?? {}).flatMap(({ expires }) => (expires === undefined ? [] : [expires])));

/** Store what a key has of its materials, the state that follows, and what will expire. */
function putImports(world: World, key: Key, imports: Imports): void {
  const { account, region, id } = key;
  const event = { kind: 'expire-material', account, region, id } as const;
  const [before, after] = [expiries(key.imports), expiries(imports)];
  for (const at of before) if (!after.has(at)) unplan(world.store, at, event);
  for (const at of after) if (!before.has(at)) plan(world.store, at, event);
  world.change(key, { imports, state: stateWith({ ...key, imports }) });
}

/** With the material where it belongs: in its old place, as the first, or waiting for a rotation. */
function sharedWith(shared: SharedRecord, material: Material): SharedRecord {
  const { materials } = shared;
  if (materials.some(({ id }) => id === material.id)) {
    const restored = (known: Material) => (known.id === material.id ? { ...known, secret: material.secret } : known);
    return { ...shared, materials: materials.map(restored) };
  }
  return materials.length === 0 ? { ...shared, materials: [material] } : { ...shared, pending: material };
}

/** Give a key its material; a description that is not given stays as it was. */
export function putMaterial(world: World, key: Key, material: Material, own: Omit<ImportRecord, 'imported'>): void {
  const shared = sharedWith(key.shared, material);
  world.putShared(shared);
  const description = own.description ?? key.imports?.[material.id]?.description;
  const record = { ...own, imported: true, ...(description === undefined ? {} : { description }) };
  putImports(world, { ...key, shared }, { ...key.imports, [material.id]: record });
}

/** Take a material from one Region's key; of one that was only waiting nothing is kept. */
function forget(world: World, id: string, material: string): void {
  const key = world.key(id);
  const known = key?.imports?.[material];
  if (!key || !known) return;
  const { [material]: _gone, ...others } = key.imports ?? {};
  const { description } = known;
  const kept = { imported: false, ...(description === undefined ? {} : { description }) };
  putImports(world, key, key.shared.pending?.id === material ? others : { ...others, [material]: kept });
}

/** Nobody has it any more: its bytes go, and what is known about it stays. */
function wipe(world: World, shared: SharedRecord, gone: string): void {
  const { pending, ...rest } = shared;
  const wiped = (material: Material): Material => {
    if (material.id !== gone) return material;
    const secret = new Uint8Array(0);
    const isPair = shared.usage !== 'GENERATE_VERIFY_MAC' && shared.spec !== 'SYMMETRIC_DEFAULT';
    return isPair
      ? { ...material, secret, publicKey: toSpki(keyPairs.of(material).publicKey) }
      : { ...material, secret };
  };
  world.putShared(pending?.id === gone ? rest : { ...shared, materials: shared.materials.map(wiped) });
}

/**
 * Take an imported material from a key. One that only waits in a primary goes from its replicas, too
 * (DeleteImportedKeyMaterial in the API Reference).
 */
export function removeMaterial(world: World, key: Key, material: string): void {
  const { account, id, region, shared } = key;
  if (!isImported(key, material)) return;
  const everywhere = shared.pending?.id === material && region === shared.primaryRegion;
  for (const where of everywhere ? shared.regions : [region]) {
    forget(world.at({ account, region: where }), id, material);
  }
  const isLeft = shared.regions.some((where) => {
    const member = world.at({ account, region: where }).key(id);
    return member !== undefined && isImported(member, material);
  });
  if (!isLeft) wipe(world, shared, material);
}

/** With a key goes all that was imported into it. */
export function removeMaterials(world: World, id: string): void {
  for (const material of Object.keys(world.key(id)?.imports ?? {})) removeMaterial(world, world.made(id), material);
}

/** What expires at this time goes as if it were deleted. */
export function expire(world: World, id: string, at: Instant): void {
  const due = Object.entries(world.key(id)?.imports ?? {}).filter(([, { expires }]) => expires === at);
  for (const [material] of due) {
    removeMaterial(world, world.made(id), material);
    recordServiceEvent(world.store, 'DeleteExpiredKeyMaterial', { ...world.place, id }, at, { keyId: id });
  }
}
