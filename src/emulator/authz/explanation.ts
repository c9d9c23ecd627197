import type { PolicyKind } from './authorise.js';

/** A statement, as its author finds it. */
export interface StatementRef {
  policy: PolicyKind;
  /** Which of the caller's policies of this kind, from 1; absent for the key policy. */
  policyNumber?: number;
  /** Its place in the policy, from 1. */
  number: number;
  sid?: string;
}

/** A condition and what the request said about its key; an empty `actual`: nothing. */
export interface ConditionResult {
  operator: string;
  key: string;
  wanted: readonly string[];
  actual: readonly string[];
}

/** A statement that is about the action, and why it did not allow it. */
export interface Miss {
  statement: StatementRef;
  failed: 'principal' | 'resource' | 'condition';
  /** Those that failed. */
  conditions: readonly ConditionResult[];
}

/** Why a request was refused: data, kept with the call's audit record and shown to the owner of the emulator alone. */
export interface Explanation {
  principal: string;
  action: string;
  /** The ARN of the key or alias; `*` where there is none. */
  resource: string;
  /** The decisive kind of policy; absent when the request led to no key at all. */
  policy?: PolicyKind;
  /** A statement denies it; otherwise none allows it. */
  deniedBy?: { statement: StatementRef; conditions: readonly ConditionResult[] };
  /** Statements that would have allowed it, but for something. */
  misses: readonly Miss[];
  /** The key is another account's than the caller. */
  crossAccount: boolean;
  /** The key policy hands over to the caller's account, so that identity policies count. */
  delegated?: boolean;
}
