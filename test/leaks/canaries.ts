import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WireRequest, WireResponse } from '../../src/emulator/wire/message.js';
import { operations, sensitiveIn } from '../support/model.js';
import { spellings } from './spellings.js';

/** A piece of a secret this long is a leak. */
const piece = 16;
/** A shorter secret, or one of fewer different bytes (zeros), may stand somewhere by chance. */
const shortest = 12;
const telling = 8;

/** Members that carry secrets, by operation: what the model marks, grant tokens, and MACs, which prove as much as a signature. */
const carriers = new Map(
  operations.map(({ name, input, output }) => [
    name as string,
    { asked: sensitiveIn(input), answered: [...sensitiveIn(output), 'Mac'] },
  ]),
);

const textOf = (body: Uint8Array | string) => (typeof body === 'string' ? body : new TextDecoder().decode(body));

const isText = (member: string) => member.startsWith('GrantToken');

/** Secrets that really passed between a program and its KMS or STS, to be looked for in everything the program wrote. */
export class Canaries {
  /** What was added: beginnings and ends, in base64. */
  readonly #known = new Set<string>();
  readonly #kinds = new Set<string>();
  /** Every spelling by its first four bytes: a text is gone through once, however many there are. */
  readonly #needles = new Map<number, { what: string; needle: Buffer }[]>();

  /** @param what "Decrypt answered Plaintext", as a failure names it */
  add(what: string, secret: Uint8Array): void {
    for (const part of [secret.subarray(0, piece), secret.subarray(-piece)]) {
      if (part.length < shortest || new Set(part).size < telling) continue;
      const name = Buffer.from(part).toString('base64');
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      this.#kinds.add(what);
      for (const needle of spellings(part)) {
        const start = needle.readUInt32BE();
        this.#needles.set(start, [...(this.#needles.get(start) ?? []), { what, needle }]);
      }
    }
  }

  /** Take the secrets out of a call. */
  collect({ headers, body }: WireRequest, { body: answer }: WireResponse): void {
    const operation = headers['x-amz-target']?.split('.')[1] ?? '';
    const known = carriers.get(operation);
    if (known) {
      this.#members(`${operation} asked`, known.asked, body);
      this.#members(`${operation} answered`, known.answered, answer);
    } else {
      const said = textOf(answer);
      for (const [, member = '', value = ''] of said.matchAll(/<(SecretAccessKey|SessionToken)>([^<]+)</g))
        this.add(`STS answered ${member}`, Buffer.from(value));
    }
  }

  #members(what: string, names: readonly string[], body: Uint8Array | string): void {
    const shape = JSON.parse(textOf(body) || '{}') as Record<string, unknown>;
    // A digest in place of the message is what a record of the message shows.
    for (const name of names.filter((member) => member !== 'Message' || shape.MessageType !== 'DIGEST'))
      for (const value of [shape[name]].flat())
        if (typeof value === 'string')
          this.add(`${what} ${name}`, isText(name) ? Buffer.from(value) : Buffer.from(value, 'base64'));
  }

  /** What was collected: "Decrypt answered Plaintext". */
  get kinds(): ReadonlySet<string> {
    return this.#kinds;
  }

  /** What stands in some text; `except` leaves kinds out. */
  in(text: Uint8Array | string, except?: RegExp): string[] {
    const haystack = Buffer.from(text);
    const found = new Set<string>();
    let start = 0;
    for (let at = 0; at < haystack.length; at++) {
      start = ((start << 8) | (haystack[at] as number)) >>> 0;
      for (const { what, needle } of this.#needles.get(start) ?? [])
        if (at >= 3 && haystack.subarray(at - 3, at - 3 + needle.length).equals(needle)) found.add(what);
    }
    return [...found].filter((what) => !except?.test(what));
  }

  /** The same in every file below a folder and in the files' names, with the file's path; folders of these names are left out. */
  below(folder: string, without: readonly string[] = [], except?: RegExp): string[] {
    const entries: Dirent[] = readdirSync(folder, { withFileTypes: true }).filter(
      ({ name }) => !without.includes(name),
    );
    return entries.flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return this.below(path, without, except);
      const text = Buffer.concat([Buffer.from(`${entry.name}\n`), readFileSync(path)]);
      return this.in(text, except).map((what) => `${path}: ${what}`);
    });
  }
}
