import { Fault } from '../fault.js';
import type { Shape } from '../wire/constraints.js';
import type { WireRequest } from '../wire/message.js';
import type { StsOperationName } from '../wire/protocol.js';
import { parseForm } from '../wire/query.js';
import { validate } from '../wire/validate.js';
import { assumeRole } from './assume-role.js';
import { getCallerIdentity } from './get-caller-identity.js';
import { getSessionToken } from './get-session-token.js';
import type { StsOperation } from './operation.js';

/** The operations of STS that labs and AWS tools need. */
export const stsOperations: Readonly<Record<StsOperationName, StsOperation>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
  GetSessionToken: getSessionToken,
};

const malformed = (message: string) => new Fault('MalformedInput', message);

/** The query protocol knows text only; what an operation wants as a number is made one. An empty list is an empty text. */
function typed({ type, shape, member, members }: Shape, value: unknown): unknown {
  if (type === 'list' && value === '') return [];
  if (type === 'list' && Array.isArray(value)) return value.map((entry) => typed(member as Shape, entry));
  if (type === 'structure' && typeof value === 'object' && !Array.isArray(value)) {
    return decoded(members ?? {}, value as Record<string, unknown>);
  }
  if (typeof value !== 'string' || type === 'list' || type === 'structure') {
    throw malformed(`Unexpected value of ${shape}`);
  }
  if (type !== 'integer') return value;
  if (/^-?\d{1,9}$/.test(value)) return Number(value);
  throw malformed(`Not an integer: ${shape}`);
}

function decoded(input: Record<string, Shape>, form: Record<string, unknown>): Record<string, unknown> {
  const members = Object.entries(input).filter(([name]) => form[name] !== undefined);
  return Object.fromEntries(members.map(([name, shape]) => [name, typed(shape, form[name])]));
}

/** Read a form as the request of an operation. Throws MalformedInput or ValidationError. */
export function parseStsInput({ input }: StsOperation, request: WireRequest): Record<string, unknown> {
  const parsed = decoded(input, parseForm(request));
  validate(input, parsed);
  return parsed;
}
