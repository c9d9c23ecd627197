import { Fault } from '../fault.js';
import type { Shape } from './constraints.js';

const patterns = new Map<string, RegExp>();

/** As Java's `matches()` does: the whole value. */
function matches(pattern: string, value: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'u' : '');
    patterns.set(pattern, compiled);
  }
  return compiled.test(value);
}

/** Length as the model counts it: Unicode characters, bytes, entries. */
function lengthOf(value: unknown, limit: number | undefined): number {
  const { length } = value as { length: number };
  if (typeof value !== 'string' || limit === undefined || length <= limit) return length;
  return [...value].length;
}

const tooLong = (max: number) => `Member must have length less than or equal to ${max}`;
const tooShort = (min: number) => `Member must have length greater than or equal to ${min}`;
const outside = (values: string[]) => `Member must satisfy enum value set: [${values.join(', ')}]`;
const unlike = (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`;
const isNull = 'Member must not be null';

/** The constraints that a value breaks, in AWS's order: length or range, enum, pattern. */
function broken(shape: Shape, value: unknown): string[] {
  const { min, max, pattern } = shape;
  if (shape.type === 'integer') {
    if (max !== undefined && (value as number) > max) return [`Member must have value less than or equal to ${max}`];
    if (min !== undefined && (value as number) < min) return [`Member must have value greater than or equal to ${min}`];
    return [];
  }
  const found: string[] = [];
  if (max !== undefined && lengthOf(value, max) > max) found.push(tooLong(max));
  if (min !== undefined && lengthOf(value, max) < min) found.push(tooShort(min));
  if (shape.enum && !shape.enum.includes(value as string)) found.push(outside(shape.enum));
  if (pattern !== undefined && !matches(pattern, value as string)) found.push(unlike(pattern));
  return found;
}

/** Every constraint of a list's or map's entries: AWS names them all when one entry breaks any. */
function allOf(shape: Shape): string[] {
  const all: string[] = [];
  if (shape.max !== undefined) all.push(tooLong(shape.max));
  if (shape.min !== undefined) all.push(tooShort(shape.min));
  if (shape.enum) all.push(outside(shape.enum));
  if (shape.pattern !== undefined) all.push(unlike(shape.pattern));
  return all.length > 0 ? all : [isNull];
}

/** A value as AWS prints it: Java's `toString`, nothing at all where the model calls it sensitive. */
function print(shape: Shape, value: unknown): string {
  if (shape.sensitive) return '';
  if (value instanceof Uint8Array) {
    return ` 'java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]'`;
  }
  if (Array.isArray(value)) return shape.member?.members ? '' : ` '[${value.join(', ')}]'`;
  if (shape.type === 'map') {
    const pairs = Object.entries(value as Record<string, string | null>).map(([key, entry]) => `${key}=${entry}`);
    return ` '{${pairs.join(', ')}}'`;
  }
  return ` '${String(value)}'`;
}

/** More than anyone reads; a body of a million bytes could break a constraint per three of them. */
const listed = 1000;

/** Violations of one request, in the model's order. */
class Violations {
  readonly found: string[] = [];

  /** `path` is already in AWS's spelling: 'tags.1.member.tagKey'. */
  private add(printed: string, path: string, constraint: string): void {
    if (this.found.length >= listed) return;
    this.found.push(`Value${printed} at '${path}' failed to satisfy constraint: ${constraint}`);
  }

  members(members: Record<string, Shape>, value: Record<string, unknown>, prefix: string): void {
    for (const name in members) {
      const shape = members[name] as Shape;
      const entry = value[name];
      if (entry === undefined && !shape.required) continue;
      const path = `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      if (entry === undefined) this.add(shape.sensitive ? '' : ' null', path, isNull);
      else this.value(shape, entry, path);
    }
  }

  private value(shape: Shape, value: unknown, path: string): void {
    if (shape.type === 'structure') {
      this.members(shape.members ?? {}, value as Record<string, unknown>, `${path}.`);
      return;
    }
    for (const constraint of broken(shape, value)) this.add(print(shape, value), path, constraint);
    if (shape.type === 'list') this.entries(shape, value as unknown[], path);
    if (shape.type === 'map') this.pairs(shape, value as Record<string, unknown>, path);
  }

  private entries(shape: Shape, value: unknown[], path: string): void {
    const member = shape.member as Shape;
    if (member.type === 'structure') {
      value.forEach((entry, index) => {
        const at = `${path}.${index + 1}.member`;
        if (entry === null) this.add(' null', at, isNull);
        else this.value(member, entry, at);
      });
    } else if (value.some((entry) => entry === null || broken(member, entry).length > 0)) {
      this.add(print(shape, value), path, `Member must satisfy constraint: [${allOf(member).join(', ')}]`);
    }
  }

  private pairs(shape: Shape, value: Record<string, unknown>, path: string): void {
    const [key, entry] = [shape.key as Shape, shape.value as Shape];
    for (const name of Object.keys(value)) {
      if (broken(key, name).length > 0) {
        this.add(print(shape, value), path, `Map keys must satisfy constraint: [${allOf(key).join(', ')}]`);
        return;
      }
      if (value[name] === null || broken(entry, value[name]).length > 0) {
        this.add(print(shape, value), path, `Map value must satisfy constraint: [${allOf(entry).join(', ')}]`);
        return;
      }
    }
  }
}

/** Throw ValidationException, naming every constraint that the request breaks. */
export function validate(members: Record<string, Shape>, value: Record<string, unknown>): void {
  const violations = new Violations();
  violations.members(members, value, '');
  const { found } = violations;
  if (found.length === 0) return;
  const errors = found.length === 1 ? '1 validation error' : `${found.length} validation errors`;
  throw new Fault('ValidationException', `${errors} detected: ${found.join('; ')}`);
}
