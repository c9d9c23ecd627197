import { variableName } from '../kms/shell.js';
import type { Word } from './statement.js';

/** Texts that differ from run to run or from person to person, and the variables that stand for them. */
export class Values {
  private readonly variables = new Map<string, string>();

  /** @param known text → variable: the account, the caller, Regions. */
  constructor(known: Readonly<Record<string, string>>) {
    for (const [text, variable] of Object.entries(known)) this.variables.set(text, variable);
  }

  /** The variable for a text that has just been made; another one when the name is taken. */
  define(text: string, words: string, suffix: string): string {
    const name = variableName(words, suffix);
    const taken = new Set(this.variables.values());
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}_${n}`;
    this.variables.set(text, unique);
    return unique;
  }

  /** Whether a variable stands for all of it. */
  knows(text: string): boolean {
    return this.variables.has(text) || this.variables.has(keyIdOf(text));
  }

  /** A text with variables where it mentions what they stand for: of several, the longest. */
  word(text: string): Word {
    const whole = this.variables.get(text) ?? this.variables.get(keyIdOf(text));
    if (whole) return [{ variable: whole }];
    const texts = [...this.variables.keys()].sort((one, other) => other.length - one.length);
    return text
      .split(new RegExp(`(${texts.map(escaped).join('|')})`))
      .filter((part) => part !== '')
      .map((part) => {
        const variable = this.variables.get(part);
        return variable ? { variable } : part;
      });
  }
}

/** The AWS CLI takes a key's id wherever it takes its ARN, and variables hold ids. */
const keyIdOf = (text: string) => text.replace(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\//, '');

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
