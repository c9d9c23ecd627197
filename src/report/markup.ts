import { visible } from './clean.js';

/** Text that is markup already: it goes into a page or an XML document as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text, which is escaped, markup, which is not, and nothing. */
export type Part = Markup | string | number | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text for HTML and XML, in elements and in quoted attributes. Characters that XML 1.0 forbids
 * (https://www.w3.org/TR/xml/#charsets), move a cursor or reorder a line are shown as escapes.
 */
export const escaped = (text: string): string =>
  visible(text)
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** A template for HTML and XML in which every value is escaped unless it is markup itself. */
export function markup(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(strings.map((string, at) => string + flat(values[at])).join(''));
}

/** Parts one after another, each on a line of its own. */
export const lines = (parts: readonly Part[]): Markup => new Markup(parts.map(flat).join('\n'));

function flat(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escaped(part);
  return typeof part === 'number' ? String(part) : part.map(flat).join('');
}
