import type { InitializeMiddleware, MetadataBearer } from '@smithy/types';
import type { CallRecord } from './connection.js';
import { operationOf, troubleOf } from './middleware.js';
import { redact } from './redact.js';

/** A call as it was, kept in memory only: it holds what must not be shown. */
export interface ObservedCall {
  service: CallRecord['service'];
  operation: string;
  region: string;
  input: object;
  /** Absent when the call was refused. */
  output?: object;
  /** "ok", or the exception's name. */
  outcome: string;
  /** The role that made the call, when it was not the run's own caller: the prefix of its shell variables, "APP_ROLE". */
  role?: string;
}

export interface RecordOptions {
  /** KMS unless given. */
  service?: CallRecord['service'];
  region: string;
  role?: string;
  now(): number;
  onCall(record: CallRecord): void;
  observe(call: ObservedCall): void;
  /** Waited for before the call, which is not made when it throws. */
  before?(call: ObservedCall): Promise<void>;
}

/** Tell of every call, once, when it has ended: retries and waiting are part of it. */
export function record<Input extends object, Output extends MetadataBearer>(
  options: RecordOptions,
): InitializeMiddleware<Input, Output> {
  const { service = 'kms', role } = options;
  return (next, context) => async (args) => {
    const call = { service, operation: operationOf(context), region: options.region };
    await options.before?.({ ...call, ...(role && { role }), input: args.input, outcome: '' });
    const started = options.now();
    const end = (outcome: string, requestId: string | undefined, output?: object) => {
      const input = redact(service, call.operation, args.input);
      options.observe({ ...call, ...(role && { role }), input: args.input, ...(output && { output }), outcome });
      const durationMs = options.now() - started;
      options.onCall({ ...call, input, durationMs, ...(requestId && { requestId }), outcome });
    };
    try {
      const result = await next(args);
      end('ok', result.output.$metadata.requestId, result.output);
      return result;
    } catch (error) {
      const { name, code, $metadata } = troubleOf(error);
      // Node.js calls its network errors "Error" and tells them apart by code.
      end((name === 'Error' && code) || name || 'Error', $metadata?.requestId);
      throw error;
    }
  };
}
