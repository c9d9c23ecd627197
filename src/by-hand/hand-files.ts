import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { TextFile } from './statement.js';
import type { Values } from './values.js';

interface Content {
  digest: string;
  /** What it says, unless its bytes are no text. */
  text: string | undefined;
}

/**
 * The files of a lab as a person has them who does it by hand, all in one folder: what the lab wrote or read under a name, and
 * whether a statement has made it so.
 */
export class HandFiles {
  /** What the lab has under each name now. */
  private readonly known = new Map<string, Content>();
  /** What a person has: name → SHA-256. */
  private readonly made = new Map<string, string>();

  constructor(private readonly values: Values) {}

  /** The lab has read or written a file. */
  hear(bytes: Uint8Array, path: string): void {
    this.known.set(basename(path), { digest: digestOf(bytes), text: textOf(bytes) });
  }

  /** The statement at hand makes it: of these bytes, or of what the lab has. */
  make(path: string, bytes?: Uint8Array): string {
    const name = basename(path);
    this.made.set(name, bytes ? digestOf(bytes) : (this.known.get(name)?.digest ?? ''));
    return name;
  }

  /** How a file is called in the lab's folder; other words stay as they are. */
  name(word: string): string {
    const name = basename(word);
    return this.known.has(name) ? name : word;
  }

  /** The name of a file that holds these bytes; one that a person has is preferred. */
  holding(bytes: Uint8Array): string | undefined {
    const digest = digestOf(bytes);
    const names = [...this.known].filter(([, content]) => content.digest === digest).map(([name]) => name);
    return names.find((name) => this.made.get(name) === digest) ?? names.find((name) => this.known.get(name)?.text);
  }

  /** What must be done so that a person has the file: nothing, or write its text. */
  need(path: string): TextFile[] {
    const name = basename(path);
    const content = this.known.get(name);
    if (content?.text === undefined || this.made.get(name) === content.digest) return [];
    this.made.set(name, content.digest);
    return [{ act: 'text', into: name, text: this.values.word(content.text) }];
  }
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The longest text that a person should be asked to paste. */
const longest = 8192;

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > longest) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[^\P{Cc}\n\t]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
