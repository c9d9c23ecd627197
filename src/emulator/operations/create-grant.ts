import { randomBytes } from 'node:crypto';
import type { CreateGrantRequest, CreateGrantResponse } from '@aws-sdk/client-kms';
import type { Checked, Operation } from '../operation.js';
import { checkGrantFits, checkGrantRequest } from '../world/grant-rules.js';
import { newGrantToken } from '../world/grant-tokens.js';
import { type GrantTerms, grantMadeBy, putGrant } from '../world/grants.js';
import { states } from '../world/states.js';

/** What is kept of a request. */
function termsOf(request: Checked<CreateGrantRequest>): GrantTerms {
  const { KeyId: _key, GrantTokens: _tokens, DryRun: _dry, Name = '', Operations, ...terms } = request;
  return { Name, ...terms, Operations: [...new Set(Operations)] };
}

export const createGrant: Operation<CreateGrantRequest, CreateGrantResponse> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.createGrant },
  check: checkGrantRequest,
  do({ world, key, request, caller }) {
    checkGrantFits(key, request);
    const terms = termsOf(request);
    let grant = grantMadeBy(world.store, key, terms);
    if (!grant) {
      const { account, region, id: keyId } = key;
      const id = randomBytes(32).toString('hex');
      grant = { account, region, keyId, id, issuer: caller.account, created: world.now, terms };
      putGrant(world.store, grant);
    }
    return { GrantId: grant.id, GrantToken: newGrantToken(world.store, grant) };
  },
};
