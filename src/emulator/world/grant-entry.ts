import type { GrantListEntry } from '@aws-sdk/client-kms';
import { keyArn } from '../arn.js';
import { rootArn } from '../principal.js';
import type { GrantRecord } from './grants.js';

/** Most and usual grants per page. */
export const grantPage = { max: 100, usual: 50 };

/** A grant as ListGrants and ListRetirableGrants show it; its tokens are nobody's to list. */
export function grantEntry(grant: GrantRecord): GrantListEntry {
  const { Operations, ...terms } = grant.terms;
  return {
    KeyId: keyArn(grant, grant.keyId),
    GrantId: grant.id,
    CreationDate: new Date(grant.created),
    IssuingAccount: rootArn({ account: grant.issuer, region: grant.region }),
    ...terms,
    Operations: [...Operations],
  };
}
