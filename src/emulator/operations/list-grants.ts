import type { ListGrantsRequest, ListGrantsResponse } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { checkPrincipal } from '../principal.js';
import { grantEntry, grantPage } from '../world/grant-entry.js';
import { grantOf, grantsOn } from '../world/grants.js';
import { pageOf } from '../world/paging.js';
import { checkGrantId } from '../world/resolve-grant.js';
import { states } from '../world/states.js';

export const listGrants: Operation<ListGrantsRequest, ListGrantsResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.anything },
  check({ GranteeServicePrincipal }) {
    if (GranteeServicePrincipal === undefined) return;
    throw new Fault('ValidationException', 'The GranteeServicePrincipal filter is only usable by service principals.');
  },
  do({ world, key, request }) {
    const { GrantId, GranteePrincipal: grantee } = request;
    if (GrantId !== undefined) checkGrantId(GrantId);
    if (grantee !== undefined) checkPrincipal(grantee, key);
    const { items, reply } = pageOf(
      request,
      `ListGrants ${key.arn} ${GrantId ?? ''} ${grantee ?? ''}`,
      grantPage,
      (page) => (GrantId === undefined ? grantsOn(world.store, key, { ...page, grantee }) : one(GrantId)),
      ({ id }) => id,
    );
    // Grantees are found by their role's name whatever its path.
    const wanted = items.filter(({ terms }) => grantee === undefined || terms.GranteePrincipal === grantee);
    return { Grants: wanted.map(grantEntry), ...reply };

    function one(id: string) {
      const grant = grantOf(world.store, key, id);
      return grant ? [grant] : [];
    }
  },
};
