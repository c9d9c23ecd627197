/** Every way in which bytes may have been written down. What surrounds them is not known: base64 is tried from each bit position. */
export function spellings(bytes: Uint8Array): Buffer[] {
  const raw = Buffer.from(bytes);
  const hex = raw.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  const base64 = [0, 1, 2].map((shift) => within64(raw, shift));
  const texts = [
    hex,
    hex.toUpperCase(),
    pairs.join(' '), // <Buffer 68 69>
    pairs.map((pair) => `%${pair}`).join(''),
    pairs.map((pair) => `%${pair.toUpperCase()}`).join(''),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.map(encodeURIComponent),
    raw.join(','), // {"type":"Buffer","data":[104,105]}
    raw.join(', '),
    ...asText(raw),
  ];
  return [raw, ...new Set(texts)].map((text) => Buffer.from(text));
}

/** The characters of base64 that depend on `bytes` alone when `shift` bytes come before them. */
function within64(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As a URL, as JSON, as XML and HTML have it; nothing where they are no text, or a character was cut at an end. */
function asText(raw: Buffer): string[] {
  const text = raw.toString();
  if (text.includes('\ufffd')) return [];
  const json = JSON.stringify(text).slice(1, -1);
  return [
    encodeURIComponent(text),
    json,
    JSON.stringify(json).slice(1, -1),
    text.replace(/[&<>"]/g, (c) => entities[c] ?? c),
  ];
}
