/**
 * Kinds of failure. A kind decides the exit code and the hint; a failed claim is a result (exit 1), not an error.
 * README's table of exit codes is printed from `exitCodes`.
 */
export const kinds = {
  usage: { exit: 2, hint: 'run `kms-lab --help` to see commands and options' },
  guard: { exit: 2, hint: 'nothing was changed; choose another --namespace, or remove what is in the way yourself' },
  credentials: {
    exit: 3,
    hint: 'sign in with `aws configure sso`, or set AWS_PROFILE, or add --local to work without an AWS account',
  },
  denied: {
    exit: 4,
    hint: 'allow this action for the caller (`kms-lab iam` prints policies), or add --local to work without an AWS account',
  },
  quota: { exit: 4, hint: 'ask for a higher quota in the Service Quotas console, or use another Region or account' },
  refused: { exit: 1, hint: 'nothing was written; take the file from where it was made once more' },
  unreachable: { exit: 5, hint: 'check the network and --endpoint-url, then run the command again' },
  leftovers: { exit: 6, hint: 'run `kms-lab cleanup` to remove what is left' },
  bug: { exit: 70, hint: 'this is a fault in kms-lab: please report it with the output of --debug' },
  interrupted: { exit: 130, hint: 'run `kms-lab cleanup` to remove what was made' },
  terminated: { exit: 143, hint: 'run `kms-lab cleanup` to remove what was made' },
} as const satisfies Record<string, { exit: number; hint: string }>;

export type Kind = keyof typeof kinds;

/** Every exit code in words for somebody who meets it for the first time. Where several hold, `gravity` decides. */
export const exitCodes: Readonly<Record<0 | 1 | (typeof kinds)[Kind]['exit'], string>> = {
  0: 'Everything that was claimed was proven, or the command did what it was asked to.',
  1: 'A claim of a lab did not hold: what answered does not behave as AWS KMS does (the report names the claim). Or a file to be decrypted is not what was encrypted, or not under this key or context. Or `check` has found that something of a lab is missing, or could not look.',
  2: 'The command was not understood, a file could not be read or written, or something that is not yours stood in the way: nothing of it was touched.',
  3: 'No AWS credentials were found, or AWS does not accept them: sign in, or add `--local`.',
  4: 'You are signed in, but not allowed to do this, or your account has reached a quota.',
  5: 'No useful answer: no network, a wrong address, a time-out, a server that fails or is too busy, or one that is no KMS.',
  6: 'Something that should have been removed is still there and may cost money: run `kms-lab cleanup` again.',
  70: 'A fault in kms-lab itself: please report it.',
  130: 'You stopped it with Ctrl-C. What was made until then can be removed with `kms-lab cleanup`.',
  143: 'It was told to stop by the system (SIGTERM), as a CI job is when its time is up.',
};

/** Where several exit codes hold, the first of these is told: the one that a person has to see to first. */
export const gravity: readonly number[] = [70, 130, 143, 6, 3, 4, 5, 2, 1, 0];

/** An error a person can act on: what happened, and (from its kind or given here) the way out. */
export class LabError extends Error {
  override readonly name: string = 'LabError';
  readonly hint: string;
  constructor(
    readonly kind: Kind,
    message: string,
    options: ErrorOptions & { hint?: string } = {},
  ) {
    super(message, options);
    this.hint = options.hint ?? kinds[kind].hint;
  }
}

/** Names (SDK exceptions) and codes (Node.js system errors) whose kind is known. */
const kindOf: Readonly<Record<string, Kind>> = {
  CredentialsProviderError: 'credentials',
  TokenProviderError: 'credentials',
  ExpiredTokenException: 'credentials',
  ExpiredToken: 'credentials',
  RequestExpired: 'credentials',
  InvalidClientTokenId: 'credentials',
  InvalidSignatureException: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  UnrecognizedClientException: 'credentials',
  MissingAuthenticationTokenException: 'credentials',
  IncompleteSignatureException: 'credentials',
  AccessDeniedException: 'denied',
  AccessDenied: 'denied',
  OptInRequired: 'denied',
  LimitExceededException: 'quota',
  ThrottlingException: 'unreachable',
  Throttling: 'unreachable',
  TooManyRequestsException: 'unreachable',
  KMSInternalException: 'unreachable',
  DependencyTimeoutException: 'unreachable',
  KeyUnavailableException: 'unreachable',
  InternalFailure: 'unreachable',
  InternalServerError: 'unreachable',
  ServiceUnavailable: 'unreachable',
  ServiceUnavailableException: 'unreachable',
  UnknownOperationException: 'unreachable',
  TimeoutError: 'unreachable',
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  ECONNABORTED: 'unreachable',
  EPIPE: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  EPROTO: 'unreachable',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unreachable',
  CERT_HAS_EXPIRED: 'unreachable',
  SELF_SIGNED_CERT_IN_CHAIN: 'unreachable',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unreachable',
  ERR_TLS_CERT_ALTNAME_INVALID: 'unreachable',
};

/**
 * The name under which a page with status 500 or 501 reaches the SDK: the server has no answer to this call, in no words of AWS. A
 * load balancer says 502, 503 or 504 of a server that is away; AWS itself sends neither.
 */
export const noAwsError = 'NoAwsError';

interface ErrorShape {
  name?: string;
  code?: string;
  message?: string;
  errors?: unknown[];
  $metadata?: { httpStatusCode?: number };
}

/** Also one that another copy of kms-lab made: a lab of your own imports the copy that lies nearest to it. */
function isLabError(error: unknown): error is LabError {
  if (error instanceof LabError) return true;
  return error instanceof Error && error.name === 'LabError' && 'kind' in error && String(error.kind) in kinds;
}

/** Give any thrown value a kind. What nobody foresaw is a `bug`, so that it is never mistaken for the user's fault. */
export function classify(error: unknown): LabError {
  if (isLabError(error)) return error;
  const shape = (error ?? {}) as ErrorShape;
  const first = (shape.errors?.[0] ?? {}) as ErrorShape; // AggregateError of a refused dual-stack connection
  const message = shape.message || first.message || String(error);
  const status = shape.$metadata?.httpStatusCode;
  const known = kindOf[shape.name ?? ''] ?? kindOf[shape.code ?? ''] ?? kindOf[first.code ?? ''];
  const kind = known ?? (error instanceof SyntaxError && status !== undefined ? 'unreachable' : undefined);
  return new LabError(kind ?? (status !== undefined && status >= 500 ? 'unreachable' : 'bug'), message, {
    cause: error,
  });
}
