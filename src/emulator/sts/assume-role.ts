import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import { parseArn } from '../arn.js';
import { authorise } from '../authz/authorise.js';
import { explain } from '../authz/explain.js';
import { uniqueId } from '../authz/identities.js';
import { readIdentityPolicy } from '../authz/identity-policy.js';
import { Refusal } from '../authz/refusal.js';
import { Fault } from '../fault.js';
import { assumeRoleInput } from './model.js';
import { refuseMultiFactor } from './multi-factor.js';
import type { StsCall, StsOperation } from './operation.js';
import { sessionTags } from './tags.js';

type Request = AssumeRoleRequest & { RoleArn: string; RoleSessionName: string };

const [usual, longestOfChain] = [3600, 3600];
const denied = (message: string) => new Fault('AccessDenied', message, 403);

interface Role {
  arn: string;
  partition: string;
  account: string;
  /** Without its path. */
  name: string;
}

function roleOf(arn: string): Role | undefined {
  const { partition = '', service, account = '', resource = '' } = parseArn(arn) ?? {};
  const isRole = service === 'iam' && /^\d{12}$/.test(account) && /^role\/[\w+=,.@/-]*[\w+=,.@-]$/.test(resource);
  return isRole ? { arn, partition, account, name: resource.slice(resource.lastIndexOf('/') + 1) } : undefined;
}

/** AssumeRole's refusal gives no reason. */
function permit({ caller, region, request, time, from }: StsCall, action: string, resource: string): void {
  const access = { caller, action, resource, operation: 'AssumeRole', request, region, time, from };
  const decision = authorise(access);
  if (decision.allowed) return;
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  throw new Refusal(explain(access, decision), message, 'AccessDenied');
}

/** Who may assume the role: whoever's own policies allow it. Trust policies are not modelled, and any role exists. */
function admit(call: StsCall, { RoleArn, Tags, SourceIdentity }: Request): Role {
  const { caller } = call;
  if (!parseArn(RoleArn)) throw new Fault('ValidationError', `${RoleArn} is invalid`);
  if (caller.arn.endsWith(':root')) throw denied('Roles may not be assumed by root accounts.');
  permit(call, 'sts:AssumeRole', RoleArn);
  if (Tags && Tags.length > 0) permit(call, 'sts:TagSession', RoleArn);
  if (SourceIdentity !== undefined) permit(call, 'sts:SetSourceIdentity', RoleArn);
  const role = roleOf(RoleArn);
  if (role) return role;
  throw denied(`User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`);
}

function sessionPolicies({ Policy, PolicyArns }: Request): { sessionPolicies?: object[] } {
  if (PolicyArns && PolicyArns.length > 0) {
    throw new Fault('UnsupportedOperation', 'The embedded AWS has no managed policies: pass Policy, not PolicyArns.');
  }
  if (Policy === undefined) return {};
  const { policy, flaw } = readIdentityPolicy(Policy);
  if (policy) return { sessionPolicies: [policy] };
  throw new Fault('MalformedPolicyDocument', flaw);
}

/** In seconds. */
function durationOf({ caller }: StsCall, { DurationSeconds = usual }: Request): number {
  if (!caller.session || DurationSeconds <= longestOfChain) return DurationSeconds;
  const message = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';
  throw new Fault('ValidationError', message);
}

/** Temporary credentials of a role (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
export const assumeRole: StsOperation = {
  input: assumeRoleInput,
  issues: true,
  do(call): AssumeRoleResponse {
    const request = call.request as object as Request;
    refuseMultiFactor(request);
    const limits = sessionPolicies(request);
    const role = admit(call, request);
    const seconds = durationOf(call, request);
    const tags = sessionTags(call.caller, request.Tags as { Key: string; Value: string }[], request.TransitiveTagKeys);
    const arn = `arn:${role.partition}:sts::${role.account}:assumed-role/${role.name}/${request.RoleSessionName}`;
    const userId = `${uniqueId('AROA', role.arn)}:${request.RoleSessionName}`;
    const Credentials = call.sessions.issue({
      ...{ arn, account: role.account, userId, ...limits },
      policies: call.sessions.identities.policiesOf(role.arn) ?? [],
      session: { role: role.arn, issued: call.now, ...tags },
      expires: call.now + seconds * 1000,
    });
    const { SourceIdentity } = request;
    return {
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
      Credentials,
      ...(SourceIdentity && { SourceIdentity }),
    };
  },
};
