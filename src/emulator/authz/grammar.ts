import { partitionOf } from '../arn.js';
import { Fault } from '../fault.js';
import { operatorName } from './condition.js';

/** The longest key policy, in bytes ("AWS KMS resource quotas"). */
const longest = 32_768;

const malformed = (message: string) => new Fault('MalformedPolicyDocumentException', message);

type Element = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
const textsOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : (value as string[]));

const policyMembers = new Set(['Version', 'Id', 'Statement']);
const elements = ['Principal', 'Action', 'Resource'];
const statementMembers = new Set(['Sid', 'Effect', 'Condition', ...elements.flatMap((name) => [name, `Not${name}`])]);

function known(element: Element, names: ReadonlySet<string>): void {
  const unknown = Object.keys(element).find((name) => !names.has(name));
  if (unknown !== undefined) throw malformed(`Unknown field ${unknown}`);
}

function parse(text: string): Element {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed('Policy is not valid JSON.');
  }
  if (!isObject(document)) throw malformed('Policy is not a JSON object.');
  return document;
}

const principalForms: Readonly<Record<string, RegExp>> = {
  AWS: /^(?:\*|\d{12}|arn:(aws[a-z-]*):(?:iam::\d{12}:(?:root|(?:user|role)\/[^*?]+)|sts::\d{12}:(?:assumed-role\/[^/*?]+\/[^/*?]+|federated-user\/[^*?]+)))$/,
  Service: /^[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?$/,
  Federated: /^(?:arn:(aws[a-z-]*):iam::\d{12}:(?:saml|oidc)-provider\/[^*?]+|[a-z0-9.-]+\.[a-z]+)$/,
};

function checkPrincipal(principal: unknown, region: string): void {
  if (principal === '*') return;
  const invalid = () => malformed('Policy contains a statement with one or more invalid principals.');
  if (!isObject(principal)) throw invalid();
  let count = 0;
  for (const [kind, value] of Object.entries(principal)) {
    const form = Object.hasOwn(principalForms, kind) ? principalForms[kind] : undefined;
    if (!form || !isTexts(value)) throw invalid();
    for (const name of textsOf(value)) {
      count++;
      const match = form.exec(name);
      if (!match || (match[1] !== undefined && match[1] !== partitionOf(region))) throw invalid();
    }
  }
  if (count === 0) throw malformed('Policy contains a statement with no principal.');
}

/** Keys with one value at most, under which an operator for sets would hold for requests that lack them. */
const singleValued = /^(?:kms:EncryptionContext:|aws:RequestTag\/)/i;

function checkCondition(condition: unknown): void {
  if (!isObject(condition)) throw malformed('Condition must be a JSON object.');
  for (const [operator, block] of Object.entries(condition)) {
    const name = operatorName(operator);
    if (!name) throw malformed(`Invalid Condition type : ${operator}`);
    if (!isObject(block)) throw malformed(`Condition ${operator} must be a JSON object.`);
    for (const [key, value] of Object.entries(block)) {
      if (!/^[a-z0-9-]+:./i.test(key)) throw malformed(`Condition key ${key} must be prefaced by a vendor.`);
      const scalars = Array.isArray(value) ? value : [value];
      if (scalars.some((one) => !['string', 'number', 'boolean'].includes(typeof one))) {
        throw malformed(`Condition ${operator} has a value of ${key} that is no string, number or boolean.`);
      }
      if (name.set === 'ForAllValues' && singleValued.test(key)) throw overlyPermissive();
    }
  }
}

/** As "AWS KMS condition keys" in the Developer Guide quotes it, square brackets included. */
const overlyPermissive = () =>
  malformed(
    'OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches requests without the specified [encryption context or tag] or with an unspecified [encryption context or tag]. To fix, remove ForAllValues.',
  );

function oneOf(statement: Element, name: string): unknown {
  const not = `Not${name}`;
  if (statement[name] !== undefined && statement[not] !== undefined) {
    throw malformed(`Policy statement must not contain both ${name} and ${not}.`);
  }
  return statement[name] === undefined ? statement[not] : statement[name];
}

/** A statement without Action or Resource is taken, and has no effect, as "Elements in a key policy" says. */
function checkStatement(statement: unknown, region: string): void {
  if (!isObject(statement)) throw malformed('Policy statement must be a JSON object.');
  known(statement, statementMembers);
  const { Sid, Effect, Condition } = statement;
  if (Sid !== undefined && typeof Sid !== 'string') throw malformed('Statement IDs (SID) must be strings.');
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed('Policy statement must contain a valid Effect.');
  const [principal, action, resource] = elements.map((name) => oneOf(statement, name));
  if (principal === undefined) throw malformed('Policy contains a statement with no principal.');
  checkPrincipal(principal, region);
  if (
    action !== undefined &&
    !(isTexts(action) && textsOf(action).every((one) => /^(?:\*|[a-z0-9-]+:.+)$/i.test(one)))
  ) {
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  if (resource !== undefined && !(isTexts(resource) && textsOf(resource).every((one) => /^(?:\*|arn:.+)$/.test(one)))) {
    throw malformed('Resource must be in ARN format or "*".');
  }
  if (Condition !== undefined) checkCondition(Condition);
}

/**
 * Refuse the text of a key policy that is none. Principals that AWS would look for are taken to exist.
 * @throws Fault MalformedPolicyDocumentException, LimitExceededException (over 32,768 bytes). AWS documents that it refuses such
 * policies; its words are known for principals, for ForAllValues and for a lock-out, the others are ours.
 */
export function checkGrammar(text: string, region: string): void {
  if (Buffer.byteLength(text) > longest) {
    throw new Fault('LimitExceededException', `The key policy exceeds ${longest} bytes.`);
  }
  const document = parse(text);
  known(document, policyMembers);
  const { Version, Id, Statement } = document;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw malformed('Policy has an invalid version.');
  }
  if (Id !== undefined && typeof Id !== 'string') throw malformed('Policy has an invalid Id.');
  const statements: unknown[] = Array.isArray(Statement) ? Statement : Statement === undefined ? [] : [Statement];
  if (statements.length === 0) throw malformed('Policy must contain at least one statement.');
  for (const statement of statements) checkStatement(statement, region);
  const sids = statements.map((one) => (one as Element).Sid).filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
}
