import { quote } from './shell.js';

/** What a step does on the learner's machine, without a call. Paths are as a person would type them. */
export type Act = Program | Flip | RandomFile | Base64Text | Comparison;

/** Run a program. */
export interface Program {
  act: 'program';
  program: string;
  words: readonly string[];
  /** The file that what it says on stdout becomes. */
  into?: string;
  /** It reads a data key in base64 on stdin: the one whose wrapped form these bytes are. */
  dataKey?: Uint8Array;
  /** It fails, and this is why. */
  refused?: string;
}

/** Copy a file and flip the lowest bit of its last byte. */
export interface Flip {
  act: 'flip';
  from: string;
  into: string;
}

/** A file of so many random bytes. */
export interface RandomFile {
  act: 'random';
  bytes: number;
  into: string;
}

/** The base64 text of a file, without a line break. */
export interface Base64Text {
  act: 'base64';
  from: string;
  into: string;
}

/** Two files are the same, byte for byte. */
export interface Comparison {
  act: 'same';
  one: string;
  other: string;
}

/** Node.js's way to flip it: the file to read is the script's first argument, and the copy goes to stdout. */
export const flipScript =
  'const b=require(`node:fs`).readFileSync(process.argv[1]);b[b.length-1]^=1;process.stdout.write(b)';

/** An act as one line for bash. */
export function actLine(act: Act): string {
  switch (act.act) {
    case 'program':
      return [act.program, ...act.words].map(quote).join(' ') + (act.into ? ` > ${quote(act.into)}` : '');
    case 'flip':
      return `node -e ${quote(flipScript)} ${quote(act.from)} > ${quote(act.into)}`;
    case 'random':
      return `head -c ${act.bytes} /dev/urandom > ${quote(act.into)}`;
    case 'base64':
      return `base64 < ${quote(act.from)} | tr -d '\\n' > ${quote(act.into)}`;
    case 'same':
      return `cmp ${quote(act.one)} ${quote(act.other)}`;
  }
}
