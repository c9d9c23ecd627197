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
  /** Whoever signs with temporary credentials. */
  session?: CallerSession;
}

/** What temporary credentials say beside whose they are. */
export interface CallerSession {
  /** The ARN of the assumed role with its path, which the session's own ARN leaves out; absent: the caller's own session. */
  role?: string;
  /** Milliseconds since 1970 on the wall clock. */
  issued: number;
  /** Session tags, those inherited from earlier sessions of a chain among them. */
  tags: Readonly<Record<string, string>>;
  /** The keys of those tags that the next session of a chain inherits. */
  transitive: readonly string[];
}

/** The ARN of the role behind a session; undefined where there is none. Without what STS knows its path is taken for "/". */
export function roleOf({ arn, account, session }: Caller): string | undefined {
  if (session) return session.role;
  const [, partition, name] = /^arn:([^:]+):sts::\d+:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return name && `arn:${partition}:iam::${account}:role/${name}`;
}
