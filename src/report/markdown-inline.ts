import type { MarkedToken, Token } from 'marked';
import { keep } from './layout.js';
import type { Ink } from './mark.js';

type Style = (text: string) => string;
const plain: Style = (text) => text;

/**
 * Text with emphasis, code and links as one styled line; `\n` stands where the author broke the line. Each word is styled
 * by itself, so that lines can be wrapped between any two of them.
 */
export function inline(tokens: readonly Token[] | undefined, ink: Ink, style: Style = plain): string {
  return (tokens ?? []).map((token) => span(token as MarkedToken, ink, style)).join('');
}

function span(token: MarkedToken, ink: Ink, style: Style): string {
  const within = (other: Style) => inline('tokens' in token ? token.tokens : [], ink, (text) => other(style(text)));
  switch (token.type) {
    case 'strong':
      return within(ink.style.bold);
    case 'em':
      return within(ink.style.italic);
    case 'del':
      return within(ink.style.strikethrough);
    case 'codespan':
      // Without colour nothing else would tell code from prose.
      return words(ink.style.level > 0 ? token.text : `\`${token.text}\``, ink, (text) => ink.style.cyan(style(text)));
    case 'link':
      return link(within(ink.style.underline), token, ink);
    case 'image':
      return words(token.text ? `[${token.text}]` : '', ink, ink.style.dim);
    case 'br':
      return '\n';
    case 'checkbox':
      return token.checked ? '[x] ' : '[ ] ';
    case 'html':
      return '';
    case 'text':
      return token.tokens ? inline(token.tokens, ink, style) : words(decoded(token.text), ink, style);
    default:
      return words('text' in token ? decoded(token.text) : '', ink, style);
  }
}

/** A link says where it leads, unless its text does, or it leads to a heading of the same page. */
function link(text: string, { href, text: label }: { href: string; text: string }, ink: Ink): string {
  const target = href.replace(/^mailto:/, '');
  if (!href || href.startsWith('#') || label === target) return text;
  return `${text} ${ink.style.dim(keep(ink.whole(`(${target})`)))}`;
}

function words(text: string, ink: Ink, style: Style): string {
  return ink.whole(text).replace(/[^ ]+/g, (word) => style(word));
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
};

const decoded = (text: string) =>
  text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity);
