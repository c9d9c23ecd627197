import { quote, variableName } from './shell.js';

/**
 * Ids that exist only because this run made something, and the shell variables that stand for them, so that the lines can
 * be pasted where other ids will come out.
 */
export class Names {
  private readonly variables = new Map<string, string>();

  /** The variable for a new id. Asked again, it gives the same one. */
  define(id: string, words: string, suffix: string): string {
    const known = this.variables.get(id);
    if (known) return known;
    const name = variableName(words, suffix);
    const taken = new Set(this.variables.values());
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}_${n}`;
    this.variables.set(id, unique);
    return unique;
  }

  /** The variable that stands for a key id, a key ARN or another id. */
  variableOf(ref: string): string | undefined {
    return this.variables.get(ref.startsWith('arn:') ? ref.slice(ref.lastIndexOf('/') + 1) : ref);
  }

  /** A whole word for bash: a variable where it is a known id or the ARN of one. */
  word(text: string): string {
    const variable = this.variableOf(text);
    return variable ? `"$${variable}"` : this.quote(text);
  }

  /** The word for bash, with variables where the text mentions a known id. */
  quote(text: string): string {
    for (const [id, variable] of this.variables) {
      const at = text.indexOf(id);
      if (at < 0) continue;
      const around = [text.slice(0, at), text.slice(at + id.length)].map((part) => part && this.quote(part));
      return `${around[0]}"$${variable}"${around[1]}`;
    }
    return quote(text);
  }
}
