/** Quote a word for bash, on one line whatever it holds. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, (char) => control[char] ?? hex(char));
  return `$'${escaped}'`;
}

const control: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const hex = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A variable's name from words: "symmetric-key" → SYMMETRIC_KEY. It ends in `suffix`, so that it is never PATH or HOME. */
export function variableName(words: string, suffix: string): string {
  const name = words
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const ending = name === suffix || name.endsWith(`_${suffix}`) ? name : [name, suffix].filter(Boolean).join('_');
  return /^\d/.test(ending) ? `${suffix}_${ending}` : ending;
}
