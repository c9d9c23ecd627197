import { operations, type Shape } from '../../src/emulator/wire/constraints.js';

/** The least that a member may be, by the API model. */
function least(shape: Shape): unknown {
  if (shape.enum) return shape.enum[0];
  if (shape.type === 'blob') return Buffer.alloc(Math.max(shape.min ?? 0, 1));
  if (shape.type === 'integer') return shape.min ?? 1;
  if (shape.type === 'boolean') return false;
  if (shape.type === 'list') return [least(shape.member as Shape)];
  if (shape.type === 'structure') return required(shape.members ?? {});
  return 'x'.repeat(Math.max(shape.min ?? 0, 1));
}

const required = (members: Readonly<Record<string, Shape>>) =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, shape]) => (shape.required ? [[name, least(shape)] as const] : [])),
  );

/** The smallest request of an operation that the API model takes, with these members where it has them. */
export function smallestRequest(operation: string, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const input = operations.get(operation)?.input ?? {};
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(input, name)));
  return { ...required(input), ...known };
}
