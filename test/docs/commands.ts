import { readFileSync } from 'node:fs';

/** Each `kms-lab …` line of a document, as it stands in its text and its shell blocks; what the program printed is left out. */
export function commandsIn(path: string): string[] {
  const text = readFileSync(path, 'utf8')
    .replaceAll('\r\n', '\n')
    .replace(/<!-- printed: [\w ]+ -->[\s\S]*?<!-- end -->/g, '');
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, lines = '']) => lines.trim().split('\n'));
  const spans = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  const commands = [...blocks.flatMap((line) => line.split(' && ')), ...spans];
  const named = commands.map((line) =>
    line
      .replace(/^npx /, '')
      .replace(/ +#.*$/, '')
      .trim(),
  );
  return [...new Set(named.filter((line) => line.startsWith('kms-lab ')))];
}

/** The first block of a document in that language. */
export function blockIn(path: string, language: string): string {
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  const block = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)?.[1];
  if (block === undefined) throw new Error(`${path} has no block in ${language}`);
  return block;
}
