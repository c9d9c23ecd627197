import { type Place, parseArn, partitionOf } from './arn.js';
import { Fault } from './fault.js';

const iam = /^(?:root|user\/.+|role\/.+)$/;
const sts = /^(?:assumed-role\/[^/]+\/[^/]+|federated-user\/.+)$/;

/**
 * Refuse what is not the ARN of an account, IAM user, IAM role, assumed-role session or federated user of the Region's
 * partition. Which of them exist is not known here.
 * @throws Fault InvalidArnException
 */
export function checkPrincipal(principal: string, { region }: Pick<Place, 'region'>): void {
  const arn = parseArn(principal);
  const resource = arn && { iam, sts }[arn.service];
  if (arn && resource?.test(arn.resource) && arn.region === '' && /^\d{12}$/.test(arn.account)) {
    if (arn.partition === partitionOf(region)) return;
  }
  throw new Fault('InvalidArnException', `ARN does not refer to a valid principal: ${principal}`);
}

/** The ARN of an account as a principal. */
export const rootArn = ({ account, region }: Place) => `arn:${partitionOf(region)}:iam::${account}:root`;

/** The 12 digits of the account that a principal belongs to. */
export const accountOf = (principal: string): string => parseArn(principal)?.account ?? '';

/**
 * A principal as it is compared: a role without its path. A role's name is unique in its account, and a session's ARN does not
 * tell the path ("IAM identifiers" in the IAM User Guide).
 */
export function nameOf(principal: string): string {
  return principal.replace(/^(arn:[^:]+:iam::\d{12}:role\/)(?:.*\/)?([^/]+)$/, '$1$2');
}
