import type { DeleteAliasRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { checkAliasName } from '../world/alias-rules.js';
import { states } from '../world/states.js';

export const deleteAlias: Operation<DeleteAliasRequest, object> = {
  changes: true,
  key: { member: 'AliasName', forms: 'any', states: states.anything },
  check: ({ AliasName }) => checkAliasName(AliasName),
  do({ world, request }) {
    const alias = world.alias(request.AliasName);
    if (alias) world.removeAlias(alias);
    return {};
  },
};
