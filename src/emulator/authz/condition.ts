import type { Access } from './access.js';
import { conditionValues } from './condition-keys.js';
import { type Operator, operators } from './operators.js';
import { expand, type Template, template } from './template.js';
import { absent, type Reader, type Values } from './values.js';
import type { Matcher } from './wildcard.js';

/** An operator as it is written: `ForAnyValue:StringLikeIfExists`. */
export interface OperatorName {
  set?: 'ForAllValues' | 'ForAnyValue';
  base: string;
  ifExists: boolean;
}

/** Read an operator's name; undefined when there is none of it. */
export function operatorName(text: string): OperatorName | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(text);
  if (!match) return undefined;
  const [, set, base, ifExists] = match as unknown as [string, OperatorName['set'], string, string | undefined];
  if (base === 'Null' ? ifExists !== undefined : !operators.has(base)) return undefined;
  return { ...(set ? { set } : {}), base, ifExists: ifExists !== undefined };
}

/** One key under one operator, ready to be asked. */
export interface Condition {
  /** As it is written. */
  operator: string;
  key: string;
  /** As they are written. */
  values: readonly string[];
  /** What a request says about the key. */
  read: Reader;
  holds(access: Access): boolean;
}

/** What a condition's meaning hangs on beside itself. */
export interface Setting {
  effect: unknown;
  /** Whether its policy's version has variables. */
  variables: boolean;
  /** In a key policy, not in a caller's own. */
  keyPolicy: boolean;
}

/** Keys that only a caller's own policies can ask about; in a key policy they are absent. */
const identityOnly = new Set(['kms:resourcealiases']);

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

/** A matcher per value of the policy; those without variables are made once. */
function matchersOf(operator: Operator, templates: readonly Template[]): (access: Access) => readonly Matcher[] {
  const one = (text: Template, access: Access): Matcher | undefined => {
    const pieces = expand(text, access);
    return pieces && operator.wanted(pieces);
  };
  if (templates.every(({ pieces }) => pieces)) {
    const matchers = templates.map(({ pieces = [] }) => operator.wanted(pieces));
    return () => matchers;
  }
  return (access) => templates.map((text) => one(text, access)).filter((matcher) => matcher !== undefined);
}

function compare(
  { negated }: Operator,
  { set, ifExists }: OperatorName,
  matchers: readonly Matcher[],
  actual: Values,
): boolean {
  const fits = (value: string) => matchers.some((matches) => matches(value)) !== negated;
  if (set === 'ForAllValues') return actual.every(fits);
  if (actual.length === 0) return ifExists || (negated && set === undefined);
  // A negated operator holds for no value that matches; with several values that means for all of them.
  return set === undefined && negated ? actual.every(fits) : actual.some(fits);
}

function conditionOf(text: string, key: string, value: unknown, setting: Setting): Condition {
  const { effect, variables, keyPolicy } = setting;
  const values = listOf(value);
  const unreadable = keyPolicy && identityOnly.has(key.toLowerCase());
  const read: Reader = unreadable ? () => absent : (access) => conditionValues(access, key);
  const common = { operator: text, key, values, read };
  const name = operatorName(text);
  if (name?.base === 'Null') {
    const wanted = values.map((one) => one.toLowerCase());
    return {
      ...common,
      holds: (access) => wanted.includes(String(read(access).length === 0)),
    };
  }
  const operator = name && operators.get(name.base);
  // What cannot be understood allows nothing, and takes nothing from what is denied.
  if (!name || !operator) return { ...common, holds: () => effect === 'Deny' };
  const matchers = matchersOf(
    operator,
    values.map((one) => template(one, variables)),
  );
  return { ...common, holds: (access) => compare(operator, name, matchers(access), read(access)) };
}

/** Read a Condition element: all of its conditions must hold. */
export function conditionsOf(element: unknown, setting: Setting): Condition[] {
  return Object.entries((element ?? {}) as object).flatMap(([operator, block]) =>
    Object.entries((block ?? {}) as object).map(([key, value]) => conditionOf(operator, key, value, setting)),
  );
}
