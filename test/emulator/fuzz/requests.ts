import { operations, type Shape } from '../../../src/emulator/wire/constraints.js';
import type { WireRequest } from '../../../src/emulator/wire/message.js';
import { signed } from '../../support/signed.js';

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const json = 'application/x-amz-json-1.1';
const names = [...operations.keys()];
const oddities: unknown[] = [
  ...[null, true, -1, 0, 0.5, 1e308, 2 ** 53, '', ' ', '\u0000', '\ud800', '💥', '__proto__', 'constructor'],
  ...[[], [[]], [null], {}, { __proto__: 1 }, { a: { a: {} } }, 'x'.repeat(9000), '=', '====', 'AAAA', 'arn:aws:kms'],
];
const targets = ['', '.', 'TrentService', 'TrentService.', 'TrentService.Shred', 'TrentService.toString', '.Encrypt'];
const types = ['', 'text/html', 'application/json', 'application/x-www-form-urlencoded', 'application/x-amz-json-1.0'];

/** What the KMS itself has made before: ids and tokens of grants, ciphertexts and import tokens in base64. */
export interface Made {
  grantIds: string[];
  grantTokens: string[];
  blobs: string[];
}

/** Requests that no client of good will sends: nearly right, wrong in one place or in many. */
export class Requests {
  constructor(
    readonly random: () => number,
    /** Ids of keys, names of aliases. */
    readonly known: readonly string[],
    readonly made: Made,
  ) {}

  next(): WireRequest {
    const operation = this.pick(names);
    let body: Uint8Array = this.body(operation);
    if (this.chance(0.15)) body = this.broken(body);
    const service = this.chance(0.05) ? this.pick(['cloudtrail', 'sts']) : 'kms';
    const headers: Record<string, string> = { 'content-type': json, 'x-amz-target': `TrentService.${operation}` };
    if (service === 'cloudtrail') headers['x-amz-target'] = 'CloudTrail_20131101.LookupEvents';
    if (service === 'sts') {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      delete headers['x-amz-target'];
    }
    if (this.chance(0.05)) headers['x-amz-target'] = this.pick(targets);
    if (this.chance(0.05)) headers['content-type'] = this.pick(types);
    const all = signed(body, headers, { service });
    if (this.chance(0.08)) this.spoil(all);
    return {
      method: this.chance(0.02) ? 'GET' : 'POST',
      path: this.chance(0.02) ? this.path() : '/',
      headers: all,
      body,
    };
  }

  private body(operation: string): Uint8Array {
    const input = operations.get(operation)?.input ?? {};
    const request: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(input)) {
      if (this.chance(shape.required ? 0.97 : 0.3)) request[name] = this.chance(0.15) ? this.odd() : this.value(shape);
    }
    if (this.chance(0.05)) request[this.pick(['__proto__', 'constructor', 'Nonsense', ''])] = this.odd();
    // RSA keys are made in tens of milliseconds to seconds; what is said of them is said of all.
    return Buffer.from((JSON.stringify(request) ?? '').replace(/RSA_(2048|3072|4096)/g, 'ECC_NIST_P256'));
  }

  private value(shape: Shape): unknown {
    if (shape.enum) return this.pick(shape.enum);
    switch (shape.type) {
      case 'boolean':
        return this.chance(0.5);
      case 'integer':
        return Math.floor(this.random() * (shape.max ?? 3000) * 1.1);
      case 'timestamp':
        return this.random() * 4e9;
      case 'blob':
        if (this.chance(0.3)) return this.pick(this.made.blobs);
        return Buffer.alloc(Math.floor(this.random() ** 4 * 7000), 7).toString('base64');
      case 'list':
        return Array.from({ length: this.size() }, () => this.value(shape.member as Shape));
      case 'map':
        return Object.fromEntries(
          Array.from({ length: this.size() }, (_, n) => [`k${n}`, this.value(shape.value as Shape)]),
        );
      case 'structure':
        return Object.fromEntries(Object.entries(shape.members ?? {}).map(([name, each]) => [name, this.value(each)]));
      default:
        return this.text(shape);
    }
  }

  private text(shape: Shape): string {
    if (/KeyId/.test(shape.shape)) return this.chance(0.8) ? this.pick(this.known) : `${this.pick(this.known)}x`;
    if (/GrantId/.test(shape.shape) && this.chance(0.7)) return this.pick(this.made.grantIds);
    if (/GrantToken/.test(shape.shape) && this.chance(0.7)) return this.pick(this.made.grantTokens);
    if (/Principal/.test(shape.shape) && this.chance(0.7)) return 'arn:aws:iam::111122223333:user/lab';
    if (/Region/.test(shape.shape) && this.chance(0.7)) return this.pick(['us-west-2', 'eu-west-1', 'us-east-1']);
    if (/Alias/.test(shape.shape)) return `alias/a${Math.floor(this.random() * 20)}`;
    if (/Policy/.test(shape.shape))
      return this.pick(['{}', '[]', '{"Statement":1}', '{"Statement":[{"Effect":"Allow"}]}', '{']);
    return 'x'.repeat(Math.floor(this.random() ** 3 * Math.min(300, (shape.max ?? 50) * 1.2)));
  }

  /** Bytes that are no longer what they were: cut off, flipped, swapped for what is no JSON. */
  private broken(body: Uint8Array): Uint8Array {
    const copy = Buffer.from(body);
    const at = Math.floor(this.random() * copy.length);
    switch (Math.floor(this.random() * 5)) {
      case 0:
        return copy.subarray(0, at);
      case 1:
        if (copy.length > 0) copy[at] = Math.floor(this.random() * 256);
        return copy;
      case 2:
        return Buffer.from(JSON.stringify(this.odd()) ?? '');
      case 3:
        return Buffer.from('['.repeat(1 + Math.floor(this.random() * 5000)));
      default:
        return Buffer.concat([copy, copy]);
    }
  }

  private spoil(headers: Record<string, string>): void {
    const name = this.pick(['authorization', 'x-amz-date', 'host', 'content-type', 'x-amz-target']);
    const value = headers[name] ?? '';
    const at = Math.floor(this.random() * value.length);
    const ways = [
      undefined,
      '',
      value.slice(0, at),
      `${value}x`,
      value.slice(0, at) + this.pick(['=', ',', '/', 'é']) + value.slice(at),
    ];
    const next = this.pick(ways);
    if (next === undefined) delete headers[name];
    else headers[name] = next;
  }

  private path = () => this.pick(['', '/x', '//', '/?Action=GetCallerIdentity', '/?a=%', '/?a=%ff&b', '/%00', '*']);
  private size = () => Math.floor(this.random() ** 3 * 12);
  private odd = () => this.pick(oddities);
  private chance = (p: number) => this.random() < p;
  private pick = <T>(from: readonly T[]): T => from[Math.floor(this.random() * from.length)] as T;
}
