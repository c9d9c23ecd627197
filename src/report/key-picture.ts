import { shorten } from './clean.js';
import type { MappedKey } from './key-map.js';
import { lines, type Markup, markup } from './markup.js';

/** Units of a picture are CSS pixels at its full width; it fits a phone as it is. */
const width = 320;
const keyHeight = 74;
const useHeight = 46;
const gap = 10;
const inset = 36;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A KMS key above all that came of it: a tree. */
export function keyPicture(key: MappedKey): Markup {
  const top = (at: number) => keyHeight + gap + at * (useHeight + gap);
  const height = key.uses.length > 0 ? top(key.uses.length) - gap : keyHeight;
  const uses = key.uses.map(({ what, where, times }, at) => {
    const box = { x: inset, y: top(at), width: width - inset, height: useHeight };
    return lines([
      markup`<path class="link" d="M18 ${at === 0 ? keyHeight : top(at - 1) + useHeight / 2}V${box.y + useHeight / 2}H${inset}"/>`,
      rect(box, 'use'),
      label(box.x + 12, box.y + 19, times > 1 ? `${times} ${plural(what)}` : what, 'strong'),
      label(box.x + 12, box.y + 36, where, 'faint'),
    ]);
  });
  return picture(height, `What came of ${nameOf(key)}`, [
    ...uses,
    keyBox(key, { x: 1, y: 1, width: width - 2, height: keyHeight - 2 }),
  ]);
}

/** A multi-Region key: the same id and key material in several Regions, the primary key first. */
export function regionsPicture(keys: readonly MappedKey[]): Markup {
  const ordered = [...keys].sort((one, other) => Number(other.role === 'primary') - Number(one.role === 'primary'));
  const [first, ...rest] = ordered;
  if (!first) return markup``;
  const top = (at: number) => (at === 0 ? 0 : keyHeight + 26 + (at - 1) * (keyHeight + gap + 6));
  const boxes = rest.map((key, at) => {
    const y = top(at + 1);
    const middle = y + keyHeight / 2;
    return lines([
      markup`<path class="link dashed" d="M18 ${at === 0 ? keyHeight : top(at) + keyHeight / 2}V${middle}H${inset - 7}"/>`,
      markup`<path class="arrow" d="M${inset - 8} ${middle - 5}l8 5l-8 5z"/>`,
      keyBox(key, { x: inset + 1, y: y + 1, width: width - inset - 2, height: keyHeight - 2 }, true),
    ]);
  });
  const height = top(rest.length) + keyHeight;
  const said = rest.length > 0 ? [label(inset, keyHeight + 18, 'the same key id and key material in', 'faint')] : [];
  const main = keyBox(first, { x: 1, y: 1, width: width - 2, height: keyHeight - 2 }, true);
  return picture(height, `The Regions of multi-Region key ${first.keyId}`, [...boxes, ...said, main]);
}

function keyBox(key: MappedKey, box: Box, byRegion = false): Markup {
  const x = box.x + 44;
  const room = Math.floor((box.x + box.width - x - 8) / 7.3);
  const role = key.role ? `${key.role} key` : 'multi-Region key';
  const [head, second] = byRegion
    ? [key.region, role]
    : [nameOf(key), [key.region, key.spec].filter(Boolean).join(' · ')];
  return lines([
    markup`<g><title>${key.alias ?? ''} ${key.keyId} ${key.region}</title>`,
    rect(box, `key${key.role === 'primary' ? ' primary' : ''}`),
    markup`<g class="glyph" transform="translate(${box.x + 14} ${box.y + 26})"><circle cx="8" cy="8" r="6"/><path d="M12.5 12.5l9 9M18 18l3-3M15 15l2.5-2.5"/></g>`,
    label(x, box.y + 24, fit(head, room), 'strong'),
    label(x, box.y + 42, second, 'faint'),
    label(x, box.y + 59, shorten(key.keyId), 'id'),
    markup`</g>`,
  ]);
}

const nameOf = ({ alias, keyId }: MappedKey) => alias?.replace(/^alias\//, '') ?? shorten(keyId);

const plural = (noun: string) => (noun.endsWith('y') && !noun.endsWith('ey') ? `${noun.slice(0, -1)}ies` : `${noun}s`);

/** Shorten in the middle to so many characters. */
function fit(text: string, room: number): string {
  if (text.length <= room) return text;
  const head = Math.ceil((room - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(-(room - 1 - head))}`;
}

const picture = (height: number, title: string, parts: readonly Markup[]): Markup =>
  markup`<svg class="picture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
${lines(parts)}
</svg>`;

const rect = ({ x, y, width, height }: Box, kind: string): Markup =>
  markup`<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;

const label = (x: number, y: number, text: string, kind: string): Markup =>
  markup`<text class="${kind}" x="${x}" y="${y}">${text}</text>`;
