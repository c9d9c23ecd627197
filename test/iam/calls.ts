import type { Permission } from '../../src/cli/iam/permissions.js';
import {
  actions,
  isNeeded,
  lockoutCheck,
  type Requirement,
  synchronisingRole,
} from '../../src/emulator/authz/actions.js';
import type { OperationName } from '../../src/emulator/operation.js';
import type { WireRequest } from '../../src/emulator/wire/message.js';
import { serviceOf } from '../../src/emulator/wire/protocol.js';
import { parseForm, parseQuery } from '../../src/emulator/wire/query.js';
import { aliasName } from '../../src/lab/own.js';

/** A call as it went over the wire. */
export interface Call {
  service: 'kms' | 'sts' | 'cloudtrail';
  operation: string;
  input: Readonly<Record<string, unknown>>;
}

export function callOf(request: WireRequest): Call {
  const service = serviceOf(request);
  if (service === 'sts')
    return { service, operation: parseQuery(request).get('Action') ?? '', input: parseForm(request) };
  const target = request.headers['x-amz-target'] ?? '';
  const operation = target.slice(target.lastIndexOf('.') + 1);
  return { service, operation, input: JSON.parse(new TextDecoder().decode(request.body)) };
}

/**
 * What a call of a run in this namespace may need: of KMS by the table that the embedded KMS decides by, of others the action of
 * the call's name.
 */
export function permissionsOf({ service, operation, input }: Call, namespace: string): Permission[] {
  const { RoleArn, Policy } = input as { RoleArn?: string; Policy?: string };
  if (service !== 'kms')
    return [{ action: `${service}:${operation}`, on: RoleArn ? `role/${RoleArn.split(':role/')[1]}` : '*' }];
  const needed = actions[operation as OperationName].filter((each) => isNeeded(each, input));
  return [
    ...needed.map((each) => ({ action: each.action, on: onOf(each, input, namespace) })),
    ...(Policy === undefined ? [] : [{ action: lockoutCheck, on: 'key' as const }]),
  ];
}

function onOf(
  { on }: Requirement,
  { AliasName }: Readonly<Record<string, unknown>>,
  namespace: string,
): Permission['on'] {
  if (on === 'key' || on === 'also') return 'key';
  if (on === 'new key') return 'new-key';
  if (on === 'alias') return `alias/${String(AliasName).replace(aliasName(namespace, ''), '')}`;
  return on === 'service-linked role' ? `role/${synchronisingRole}` : '*';
}
