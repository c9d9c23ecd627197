import { readFileSync } from 'node:fs';

/** Each `kms-lab …` line of a document, as it stands in its text and its shell blocks; what the program printed is left out, and so are the blocks of section `but`. */
export function commandsIn(path: string, { but }: { but?: string } = {}): string[] {
  const sections = readFileSync(path, 'utf8')
    .replaceAll('\r\n', '\n')
    .split(/^(?=## )/m);
  const text = sections
    .map((section) =>
      but && section.startsWith(`## ${but}\n`) ? section.replace(/^```sh\n[\s\S]*?^```/gm, '') : section,
    )
    .join('')
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
