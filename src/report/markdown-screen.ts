import { type MarkedToken, marked, type Token, type Tokens } from 'marked';
import { ascii, visible } from './clean.js';
import { prose, tableRows, usable, width, wrap } from './layout.js';
import { type Ink, inkFor } from './mark.js';
import { inline } from './markdown-inline.js';
import type { Screen } from './reporter.js';

/** What is shown on, and how wide. */
interface Page {
  ink: Ink;
  limit: number;
  unicode: boolean;
}

/** A lesson as text for a terminal. Prose is at most 80 columns wide; code is never wrapped, so that it can be pasted. */
export function renderMarkdown(markdown: string, screen: Pick<Screen, 'colour' | 'unicode' | 'columns'>): string {
  const page: Page = { ink: inkFor(screen), limit: usable(screen.columns, prose), unicode: screen.unicode };
  return `${blocks(marked.lexer(markdown), page).join('\n')}\n`;
}

/** Blocks with a blank line between them. */
function blocks(tokens: readonly Token[], page: Page): string[] {
  const shown = tokens.map((token) => block(token as MarkedToken, page)).filter((lines) => lines.length > 0);
  return shown.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function block(token: MarkedToken, page: Page): string[] {
  const { ink, limit } = page;
  switch (token.type) {
    case 'heading':
      return heading(token, page);
    case 'paragraph':
    case 'text':
      return paragraph(token.tokens ? inline(token.tokens, ink) : ink.whole(token.text), limit);
    case 'list':
      return list(token, page);
    case 'table':
      return grid(token, page);
    case 'code':
      return token.text.split('\n').map((line) => `    ${ink.style.cyan(code(line, page))}`.trimEnd());
    case 'blockquote': {
      const bar = ink.style.dim(page.unicode ? '│' : '|');
      return blocks(token.tokens, { ...page, limit: limit - 2 }).map((line) => `${bar} ${line}`.trimEnd());
    }
    case 'hr':
      return [ink.style.dim((page.unicode ? '─' : '-').repeat(limit))];
    default:
      return []; // comments and other HTML, definitions of links, blank lines
  }
}

/** Code keeps its blanks and its characters; where the screen lacks one, it is spelt in ASCII. */
function code(line: string, page: Page): string {
  const safe = visible(line.replaceAll('\t', '  '));
  return page.unicode ? safe : ascii(safe);
}

const paragraph = (text: string, limit: number): string[] =>
  text.trim() === '' ? [] : text.split('\n').flatMap((line) => wrap(line.trim(), limit));

/** The title is underlined, with a character, so that it stands out without colour too. */
function heading({ depth, tokens }: Tokens.Heading, { ink, limit, unicode }: Page): string[] {
  const lines = paragraph(inline(tokens, ink, ink.style.bold), limit);
  const rule = unicode ? (depth === 1 ? '═' : '─') : depth === 1 ? '=' : '-';
  return depth > 2 ? lines : [...lines, ink.style.dim(rule.repeat(Math.max(...lines.map(width))))];
}

function list({ ordered, start, items, loose }: Tokens.List, page: Page): string[] {
  const bullet = page.unicode ? '•' : '*';
  const last = String(Number(start || 1) + items.length - 1);
  return items.flatMap((item, at) => {
    const mark = ordered ? `${String(Number(start || 1) + at).padStart(last.length)}. ` : `${bullet} `;
    const inner = { ...page, limit: page.limit - mark.length - 2 };
    // The text of a tight item and the list below it belong together: no blank line between them.
    const lines = loose ? blocks(tick(item), inner) : tick(item).flatMap((token) => block(token as MarkedToken, inner));
    const told = lines.map((line, row) => `  ${row === 0 ? mark : ' '.repeat(mark.length)}${line}`.trimEnd());
    return loose && at > 0 ? ['', ...told] : told;
  });
}

/** The box of a task stands in the line of its text. */
function tick(item: Tokens.ListItem): Token[] {
  const [box, text, ...rest] = item.tokens as MarkedToken[];
  if (box?.type !== 'checkbox' || (text?.type !== 'text' && text?.type !== 'paragraph')) return item.tokens;
  return [{ ...text, tokens: [box, ...(text.tokens ?? [])] }, ...rest];
}

function grid({ header, rows, align }: Tokens.Table, { ink, limit, unicode }: Page): string[] {
  const cells = (row: Tokens.TableCell[], style?: (text: string) => string) =>
    row.map((cell) => inline(cell.tokens, ink, style).replaceAll('\n', ' '));
  const columns = align.map((each) => ({ align: each === 'right' ? ('right' as const) : ('left' as const) }));
  const [head = [], ...body] = tableRows(
    [cells(header, ink.style.bold), ...rows.map((row) => cells(row))],
    limit,
    columns,
  );
  const lines = [...head, ...body.flat()];
  const rule = ink.style.dim((unicode ? '─' : '-').repeat(Math.max(...lines.map(width))));
  return [...head, rule, ...body.flat()];
}
