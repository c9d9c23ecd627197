import type { ListGrantsResponse, ListRetirableGrantsRequest } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { accountOf, checkPrincipal } from '../principal.js';
import { grantEntry, grantPage } from '../world/grant-entry.js';
import { grantsRetiredBy, nameInRegion } from '../world/grants.js';
import { pageOf } from '../world/paging.js';

const refuse = (message: string) => new Fault('ValidationException', message);

export const listRetirableGrants: Operation<ListRetirableGrantsRequest, ListGrantsResponse> = {
  changes: false,
  check({ RetiringPrincipal, RetiringServicePrincipal }) {
    if (RetiringServicePrincipal !== undefined) {
      throw refuse('The RetiringServicePrincipal filter is only usable by service principals.');
    }
    if (RetiringPrincipal === undefined) {
      throw refuse('You must specify either RetiringPrincipal or RetiringServicePrincipal.');
    }
  },
  do({ world, request, caller }) {
    const { RetiringPrincipal: retirer = '' } = request;
    const { region } = world.place;
    checkPrincipal(retirer, world.place);
    if (accountOf(retirer) !== caller.account) {
      const message = `User: ${caller.arn} is not authorized to perform: kms:ListRetirableGrants on resource: ${retirer} because no resource-based policy allows the kms:ListRetirableGrants action`;
      throw new Fault('AccessDeniedException', message);
    }
    const { items, reply } = pageOf(
      request,
      `ListRetirableGrants ${retirer}`,
      grantPage,
      (page) => grantsRetiredBy(world.store, region, retirer, page),
      nameInRegion,
    );
    const wanted = items.filter(({ terms }) => terms.RetiringPrincipal === retirer);
    return { Grants: wanted.map(grantEntry), ...reply };
  },
};
