import * as sdk from '@aws-sdk/client-kms';
import type { OperationName } from '../../src/kms/sensitive.js';

/** An operation of the API model as the SDK carries it: the members of a shape are at 4 (names) and 5 (their schemas). */
export interface ModelOperation {
  name: OperationName;
  input: readonly unknown[];
  output: readonly unknown[];
}

const shapeOf = (schema: unknown): unknown[] => (typeof schema === 'function' ? schema() : schema) as unknown[];

/** Every operation of the SDK's model. */
export const operations: readonly ModelOperation[] = Object.values(sdk as Record<string, unknown>)
  .filter((shape): shape is unknown[] => Array.isArray(shape) && shape[0] === 9)
  .map((shape) => ({ name: shape[2] as OperationName, input: shapeOf(shape[4]), output: shapeOf(shape[5]) }));

/** Whether the model marks a shape sensitive (trait bit 8), however deep. */
function markedSensitive(schema: unknown): boolean {
  const shape = shapeOf(schema);
  if (!Array.isArray(shape)) return false;
  if (typeof shape[0] !== 'number') return markedSensitive(shape[0]);
  if (typeof shape[3] === 'number' && shape[3] & 8) return true;
  if (shape[0] === 3) return (shape[5] as unknown[]).some(markedSensitive);
  return shape[0] === 1 && markedSensitive(shape[4]);
}

/** The members of a request or an answer that must not be shown: marked so, or a grant token, which is as good as a permission. */
export function sensitiveIn(shape: readonly unknown[]): string[] {
  const members = (shape[4] ?? []) as string[];
  const schemas = (shape[5] ?? []) as unknown[];
  return members.filter((member, n) => member.startsWith('GrantToken') || markedSensitive(schemas[n]));
}
