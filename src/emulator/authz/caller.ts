/** Who signed a request: found from its access key id, whose signature was verified. */
export interface Caller {
  accessKeyId: string;
  /** 12 digits. */
  account: string;
  /** `arn:aws:iam::111122223333:user/lab`, or `arn:aws:sts::…:assumed-role/Role/session`. */
  arn: string;
  /** The unique id AWS calls `UserId` (AIDA… or AROA…:session). */
  userId: string;
  /** Identity policies; an administrator's allows everything. Empty: only key policies and grants decide. */
  identityPolicies: readonly unknown[];
  /** Policies passed to AssumeRole, which limit the session. */
  sessionPolicies?: readonly unknown[];
}
