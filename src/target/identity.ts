import type { STSClientConfig } from '@aws-sdk/client-sts';
import { classify, LabError } from '../errors.js';
import type { Place } from './target.js';

/** Who AWS says we are. "unknown" where the server has no STS. */
export interface Identity {
  /** 12 digits, or "unknown". */
  account: string;
  /** The caller's ARN, or "unknown". */
  arn: string;
  userId?: string;
}

/** Ask STS where KMS is asked, and nowhere else. `signal`, when aborted, ends the question. */
export async function askIdentity(place: Place, signal?: AbortSignal): Promise<Identity> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  // KMS's type for the settings that all clients share.
  const settings = place.connection.config('sts', place.region) as object as STSClientConfig;
  const sts = new STSClient({ ...settings, maxAttempts: 2 });
  try {
    const {
      Account: account,
      Arn: arn,
      UserId: userId,
    } = await sts.send(new GetCallerIdentityCommand({}), signal ? { abortSignal: signal } : {});
    if (account && arn) return { account, arn, ...(userId ? { userId } : {}) };
    if (place.kind === 'endpoint') return unknown;
    throw new LabError('unreachable', 'STS answered without an account');
  } catch (error) {
    if (place.kind === 'endpoint' && isAnswer(error) && !aboutCredentials(error)) return unknown;
    throw explain(error, place);
  } finally {
    sts.destroy();
  }
}

const unknown: Identity = { account: 'unknown', arn: 'unknown' };

interface Shape {
  name?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number };
}

/** Something answered, whatever it said; as opposed to a refused connection, a time-out, or no credentials to ask with. */
function isAnswer(error: unknown): boolean {
  const shape = error as Shape;
  return shape.$metadata?.httpStatusCode !== undefined || shape.$response?.statusCode !== undefined;
}

/** The server knows STS and refuses these credentials. A server for one service may refuse STS by its credential scope. */
function aboutCredentials(error: unknown): boolean {
  const { name = '', message = '' } = error as Shape;
  if (/scoped to (a valid|correct) service/i.test(message)) return false;
  return /^(InvalidClientTokenId|UnrecognizedClient|ExpiredToken|RequestExpired|InvalidSignature|SignatureDoesNotMatch)/.test(
    name,
  );
}

function explain(error: unknown, place: Place): LabError {
  const shape = error as Shape;
  const known = classify(error);
  if (error instanceof LabError) return error;
  if (known.kind === 'credentials') return credentialsError(shape, error);
  if (known.kind !== 'unreachable') return known;
  const where = place.kind === 'endpoint' ? place.label : `AWS STS in ${place.region}`;
  return new LabError('unreachable', `cannot reach ${where}: ${known.message.split('\n')[0]}`, { cause: error });
}

function credentialsError(shape: Shape, cause: unknown): LabError {
  const message = (shape.message ?? '').split('\n')[0] ?? '';
  if (shape.$metadata?.httpStatusCode !== undefined) {
    return new LabError('credentials', `the AWS credentials were refused: ${message} (${shape.name})`, { cause });
  }
  const none =
    /Could not load credentials from any|Could not resolve credentials using profile|Unable to find environment/;
  return new LabError('credentials', none.test(message) ? 'no AWS credentials found' : message, { cause });
}
