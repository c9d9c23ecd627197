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
  /** What each is, and the beginning and end of it in every spelling. */
  readonly #needles = new Map<string, { what: string; spelt: Buffer[] }>();

  /** @param what "Decrypt answered Plaintext", as a failure names it */
  add(what: string, secret: Uint8Array): void {
    for (const part of [secret.subarray(0, piece), secret.subarray(-piece)]) {
      if (part.length < shortest || new Set(part).size < telling) continue;
      const name = Buffer.from(part).toString('base64');
      if (!this.#needles.has(name)) this.#needles.set(name, { what, spelt: spellings(part) });
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
  get kinds(): Set<string> {
    return new Set([...this.#needles.values()].map(({ what }) => what));
  }

  /** What stands in some text; `except` leaves kinds out. */
  in(text: Uint8Array | string, except?: RegExp): string[] {
    const haystack = Buffer.from(text);
    const found = [...this.#needles.values()].filter(
      ({ what, spelt }) => !except?.test(what) && spelt.some((needle) => haystack.includes(needle)),
    );
    return [...new Set(found.map(({ what }) => what))];
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
