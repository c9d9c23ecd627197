/** A statement of a key policy, as far as the policies of this lab go. */
export interface Statement {
  Sid?: string;
  Effect: string;
  Principal: string | { AWS?: string };
  Action: string | string[];
  Resource?: string;
  Condition?: object;
}

/** Who opens an action to a principal: the key policy itself, IAM because the key policy leaves it to the account, or nobody. */
export type Opener = 'the key policy' | 'IAM' | 'nobody';

export const statementsOf = (policy: string): Statement[] =>
  (JSON.parse(policy) as { Statement: Statement[] }).Statement;

const covers = ({ Action }: Statement, action: string) =>
  [Action].flat().some((name) => name === 'kms:*' || name === `kms:${action}`);

/** Read the answer off a policy whose allowing statements name a role or the account, as the policies of this lab do. */
export function openerOf(policy: string, principal: string, action: string): Opener {
  const allows = (who: (name: string) => boolean) =>
    statementsOf(policy).some(
      ({ Principal, ...rest }) =>
        rest.Effect === 'Allow' &&
        !rest.Condition &&
        typeof Principal === 'object' &&
        who(Principal.AWS ?? '') &&
        covers({ Principal, ...rest }, action),
    );
  if (allows((name) => name === principal)) return 'the key policy';
  return allows((name) => name.endsWith(':root')) ? 'IAM' : 'nobody';
}
