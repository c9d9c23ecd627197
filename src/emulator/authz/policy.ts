import { partitionOf } from '../arn.js';
import type { Key } from '../world/records.js';
import type { Access } from './access.js';
import { type Condition, conditionsOf } from './condition.js';
import { type Principals, principalsOf } from './principal.js';
import { expand, type Template, template } from './template.js';
import { type Matcher, wildcard } from './wildcard.js';

/** A statement, read once and asked many times. */
export interface Statement {
  sid?: string;
  /** Its place in its policy, from 1. */
  number: number;
  effect: 'Allow' | 'Deny';
  /** `action` in lower case. */
  onAction(action: string): boolean;
  onResource(access: Access): boolean;
  /** Absent in identity policies. */
  principals?: Principals;
  conditions: readonly Condition[];
}

export type Policy = readonly Statement[];

type Element = Readonly<Record<string, unknown>>;

const textsOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** The Action element; a statement without one is about nothing. */
function actionMatcher({ Action, NotAction }: Element): Matcher {
  const not = NotAction !== undefined;
  const matchers = textsOf(not ? NotAction : Action).map((text) =>
    wildcard([{ text: text.toLowerCase(), literal: false }]),
  );
  return (action) => matchers.some((matches) => matches(action)) !== not;
}

function resourceMatcher({ Resource, NotResource }: Element, variables: boolean): Statement['onResource'] {
  const not = NotResource !== undefined;
  const ready = (text: Template): ((access: Access) => Matcher | undefined) => {
    const matcher = text.pieces && wildcard(text.pieces);
    if (matcher) return () => matcher;
    return (access) => {
      const pieces = expand(text, access);
      return pieces && wildcard(pieces);
    };
  };
  const matchers = textsOf(not ? NotResource : Resource).map((text) => ready(template(text, variables)));
  return (access) => matchers.some((matcher) => matcher(access)?.(access.resource) ?? false) !== not;
}

function statementOf(element: Element, index: number, variables: boolean, partition: string): Statement {
  const { Sid, Effect, Principal, NotPrincipal, Condition } = element;
  const principal = Principal ?? NotPrincipal;
  return {
    ...(typeof Sid === 'string' && Sid !== '' ? { sid: Sid } : {}),
    number: index + 1,
    effect: Effect as Statement['effect'],
    onAction: actionMatcher(element),
    onResource: resourceMatcher(element, variables),
    ...(principal === undefined ? {} : { principals: principalsOf(principal, Principal === undefined, partition) }),
    conditions: conditionsOf(Condition, { effect: Effect, variables, keyPolicy: principal !== undefined }),
  };
}

const isObject = (value: unknown): value is Element => typeof value === 'object' && value !== null;

/** Read a policy given as an object; what is no policy has no statements. */
function read(document: unknown, partition = 'aws'): Policy {
  if (!isObject(document)) return [];
  const { Statement, Version } = document;
  const elements = (Array.isArray(Statement) ? Statement : [Statement]).filter(isObject);
  return elements.map((element, index) => statementOf(element, index, Version === '2012-10-17', partition));
}

const documents = new WeakMap<object, Policy>();

/** An identity or session policy; read once for as long as its object lives. */
export function policyOf(document: unknown): Policy {
  if (!isObject(document)) return [];
  let policy = documents.get(document);
  if (!policy) {
    policy = read(document);
    documents.set(document, policy);
  }
  return policy;
}

/** Key policies that are kept as they were read. Texts repeat: most keys have the default one. */
const kept = 1000;
const texts = new Map<string, Policy>();

/** A key's policy: its text was found to be one when it was put. Account ids in it are those of the key's partition. */
export function keyPolicyOf({ policy: text, region }: Pick<Key, 'policy' | 'region'>): Policy {
  const known = texts.get(text);
  if (known) return known;
  if (texts.size >= kept) texts.clear();
  const policy = read(JSON.parse(text), partitionOf(region));
  texts.set(text, policy);
  return policy;
}

/** Whether a statement is about this action, on this resource, under these conditions; principals apart. */
export function applies(statement: Statement, access: Access, action: string): boolean {
  if (!statement.onAction(action) || !statement.onResource(access)) return false;
  for (const condition of statement.conditions) if (!condition.holds(access)) return false;
  return true;
}
