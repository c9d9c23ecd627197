import { createHash } from 'node:crypto';
import type { GrantConstraints, GrantOperation } from '@aws-sdk/client-kms';
import type { Place } from '../arn.js';
import { nameOf } from '../principal.js';
import type { Store } from '../store/store.js';
import { rangeOf } from './paging.js';
import type { Instant } from './records.js';
import type { Page } from './world.js';

/** What was asked for, as CreateGrant and ListGrants spell it. */
export interface GrantTerms {
  /** Empty: none was given. */
  readonly Name: string;
  readonly GranteePrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly RetiringServicePrincipal?: string;
  readonly Operations: readonly GrantOperation[];
  readonly Constraints?: GrantConstraints;
}

/** Where a grant is: account, Region and id of its key, and its own id (64 hexadecimal digits). */
export interface GrantName extends Place {
  readonly keyId: string;
  readonly id: string;
}

export interface GrantRecord extends GrantName {
  /** The account of whoever created it. */
  readonly issuer: string;
  readonly created: Instant;
  readonly terms: GrantTerms;
}

/** The key whose grants are meant. */
type OfKey = Place & { id: string };

/** Principals may hold slashes; escaped they are one part of a path. */
const part = (principal: string) => encodeURIComponent(nameOf(principal));
const onKey = ({ account, region, id }: OfKey) => `${account}/${region}/${id}/`;

const path = {
  grant: (key: OfKey, id = '') => `grant/${onKey(key)}${id}`,
  to: (key: OfKey, grantee: string, id = '') => `grant-to/${onKey(key)}${part(grantee)}/${id}`,
  retiredBy: (region: string, principal: string, name = '') => `grant-retired-by/${region}/${part(principal)}/${name}`,
  named: (key: OfKey, terms: GrantTerms) => `grant-named/${onKey(key)}${digestOf(terms)}`,
};

const keyOf = ({ account, region, keyId }: GrantName): OfKey => ({ account, region, id: keyId });

/** A grant's name within a Region; the order in which grants of several keys are listed. */
export const nameInRegion = ({ account, keyId, id }: GrantName) => `${account}/${keyId}/${id}`;

/** Equal for equal terms, in whatever order operations and encryption context are given. */
function digestOf(terms: GrantTerms): string {
  const sorted = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
      : value;
  const text = JSON.stringify({ ...terms, Operations: [...terms.Operations].sort() }, sorted);
  return createHash('sha256').update(text).digest('hex');
}

export function grantOf(store: Store, key: OfKey, id: string): GrantRecord | undefined {
  return store.get<GrantRecord>(path.grant(key, id));
}

/** A key's grants in order of their ids: all, or those of one grantee. */
export function* grantsOn(store: Store, key: OfKey, options: Page & { grantee?: string | undefined } = {}) {
  const { grantee } = options;
  const prefix = grantee === undefined ? path.grant(key) : path.to(key, grantee);
  for (const entry of store.range<GrantRecord>(prefix, rangeOf(prefix, options))) {
    const grant = grantee === undefined ? entry.value : grantOf(store, key, entry.key.slice(prefix.length));
    if (grant) yield grant;
  }
}

/** The grants that a principal may retire, on keys of whatever account, in order of `nameInRegion`. */
export function* grantsRetiredBy(store: Store, region: string, principal: string, page: Page = {}) {
  const prefix = path.retiredBy(region, principal);
  for (const { key } of store.range(prefix, rangeOf(prefix, page))) {
    const [account = '', id = '', grantId = ''] = key.slice(prefix.length).split('/');
    const grant = grantOf(store, { account, region, id }, grantId);
    if (grant) yield grant;
  }
}

/** The grant that a named request has already made: a retry makes no second one. */
export function grantMadeBy(store: Store, key: OfKey, terms: GrantTerms): GrantRecord | undefined {
  const id = terms.Name === '' ? undefined : store.get<string>(path.named(key, terms));
  return id === undefined ? undefined : grantOf(store, key, id);
}

/** Inside a write. */
export function putGrant(store: Store, grant: GrantRecord): void {
  const key = keyOf(grant);
  const { terms } = grant;
  store.put(path.grant(key, grant.id), grant);
  for (const index of indexesOf(grant)) store.put(index, true);
  if (terms.Name !== '') store.put(path.named(key, terms), grant.id);
}

/** Inside a write. */
export function removeGrant(store: Store, grant: GrantRecord): void {
  const key = keyOf(grant);
  store.remove(path.grant(key, grant.id));
  for (const index of indexesOf(grant)) store.remove(index);
  if (grant.terms.Name !== '') store.remove(path.named(key, grant.terms));
}

/** Inside a write: the key is gone. */
export function removeGrantsOn(store: Store, key: OfKey): void {
  for (const grant of [...grantsOn(store, key)]) removeGrant(store, grant);
}

function indexesOf(grant: GrantRecord): string[] {
  const { GranteePrincipal, RetiringPrincipal } = grant.terms;
  return [
    ...(GranteePrincipal === undefined ? [] : [path.to(keyOf(grant), GranteePrincipal, grant.id)]),
    ...(RetiringPrincipal === undefined ? [] : [path.retiredBy(grant.region, RetiringPrincipal, nameInRegion(grant))]),
  ];
}
