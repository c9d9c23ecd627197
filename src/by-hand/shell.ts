import type { AwsCall, Statement, Word } from './statement.js';

/** A shell that statements are written for. */
export interface Shell {
  /** Its name as a block of code in Markdown takes it. */
  name: 'bash' | 'powershell';
  /** What to paste once, before all labs: variables, and functions that the lines use. */
  setup(regions: { home: string; other: string }): string;
  /** Where a lab's files go: the first thing that a lab does. */
  enter(lab: string): string;
  /** A statement; it may have several lines. */
  say(statement: Statement): string;
  comment(text: string): string;
}

/** What a shell says of a statement, by its kind; `aws` and `awaited` of a call, `awaited` when it is sent until KMS is ready. */
export type Dialect = {
  [Act in Exclude<Statement['act'], 'obstacle'>]: (statement: Extract<Statement, { act: Act }>) => string;
} & { awaited(statement: AwsCall, until: NonNullable<AwsCall['until']>): string };

/** Statements in a dialect: what is the same in every shell stands here. */
export const sayIn =
  (dialect: Dialect): Shell['say'] =>
  (statement) => {
    if (statement.act === 'obstacle') return `# aws ${statement.command}: ${statement.why}`;
    if (statement.act === 'aws')
      return proven(statement, statement.until ? dialect.awaited(statement, statement.until) : dialect.aws(statement));
    return (dialect[statement.act] as (statement: Statement) => string)(statement);
  };

/** The most characters of a line, where it can be broken. */
const width = 100;

/** Lay words out on lines that are not too long; `mark` ends a line that goes on. What begins with two blanks is a comment. */
export function layOut(words: readonly string[], mark: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const [first = ''] = word.split('\n');
    const used = line.length - (line.lastIndexOf('\n') + 1);
    if (line !== '' && !word.startsWith('  #') && used + 1 + first.length > width) {
      lines.push(`${line} ${mark}`);
      line = `  ${word}`;
    } else line += (line === '' || word.startsWith('  #') ? '' : ' ') + word;
  }
  return [...lines, line].join('\n');
}

/** "CIPHERTEXT_BLOB": a variable for a part of an answer that goes into a file at once. */
export const passingVariable = (query: string): string =>
  query
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/\W/g, '_')
    .toUpperCase();

/** A program's words. OpenSSL is told where to write: PowerShell would take its bytes for text. */
export function commandWords(program: Word, words: readonly Word[], into: string | undefined): Word[] {
  const [first = [''], ...rest] = words;
  return into && program[0] === 'openssl' ? [program, first, ['-out'], [into], ...rest] : [program, ...words];
}

/** Lines below what they prove. */
const proven = ({ proves }: AwsCall, lines: string): string => (proves ? `# ${proves}\n${lines}` : lines);
