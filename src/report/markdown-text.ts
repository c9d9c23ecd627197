import { oneLine, visible } from './clean.js';

/**
 * Any text as one line of GitHub Flavored Markdown that shows it and nothing else: what would start emphasis, code, a link, HTML,
 * an entity or a table cell is escaped, and at the start of a line what would start a heading, a list or a rule.
 */
export const text = (value: string): string =>
  oneLine(value)
    .trim()
    .replace(/[\\`*_[\]<>&|~]/g, '\\$&')
    .replace(/^(\d+)(?=[.)](?:\s|$))/, '$1\\')
    .replace(/^[#+=-]|#$/g, '\\$&');

/** Text as code, in a paragraph or a list (not in a table). */
export function code(value: string): string {
  const shown = oneLine(value).trim();
  const fence = '`'.repeat(longest(shown) + 1);
  const blank = /^`|`$/.test(shown) ? ' ' : '';
  return shown ? `${fence}${blank}${shown}${blank}${fence}` : '';
}

/** Lines as a block of code. */
export function block(lines: readonly string[], language: string): string[] {
  const shown = lines.map(visible);
  const fence = '`'.repeat(Math.max(3, longest(shown.join('\n')) + 1));
  return [fence + language, ...shown, fence];
}

/** The longest row of backticks. */
const longest = (value: string) => Math.max(0, ...(value.match(/`+/g) ?? []).map((row) => row.length));

/** A table; its cells are text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(text).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)];
}
