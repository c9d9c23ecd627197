import type { ListAliasesRequest, ListAliasesResponse } from '@aws-sdk/client-kms';
import { aliasArn } from '../arn.js';
import type { Operation } from '../operation.js';
import { pageOf } from '../world/paging.js';
import type { AliasRecord } from '../world/records.js';
import { resolveKey } from '../world/resolve.js';
import type { World } from '../world/world.js';

const sizes = { max: 100, usual: 50 };

const entry = (world: World, { name, keyId, created, updated }: AliasRecord) => ({
  AliasName: name,
  AliasArn: aliasArn(world.place, name),
  TargetKeyId: keyId,
  CreationDate: new Date(created),
  LastUpdatedDate: new Date(updated),
});

export const listAliases: Operation<ListAliasesRequest, ListAliasesResponse> = {
  changes: false,
  do({ world, request }) {
    // No key fact: identity policies alone decide, and the key is only a filter.
    const keyId = request.KeyId === undefined ? undefined : resolveKey(world, request.KeyId, 'key').key.id;
    const { items, reply } = pageOf(
      request,
      `ListAliases ${keyId ?? ''}`,
      sizes,
      (page) => world.aliases({ ...page, keyId }),
      ({ name }) => name,
    );
    return { Aliases: items.map((alias) => entry(world, alias)), ...reply };
  },
};
