import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that is installed with kms-lab; its version is left out, so that not every update changes the notices. */
export interface Dependency {
  name: string;
  /** An SPDX expression; empty when nobody says. */
  licence: string;
  /** The licence and notice files that lie in it, or nothing. */
  texts: readonly string[];
}

interface Locked {
  license?: string;
  dev?: boolean;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}

/** Licences that let anybody use, change and pass on, and ask for no more than to be named. */
const permissive = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
]);

/** Whether an SPDX expression grants a permissive licence: one side of an OR suffices, both of an AND are needed. */
export function isPermissive(expression: string): boolean {
  const either = expression.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return either.some((one) => one.split(' AND ').every((each) => permissive.has(each)));
}

/** What package-lock.json installs for use, by name; the same on every platform. */
export function productionDependencies(root: string): Dependency[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const used = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  // A binary for one platform may not be installed here; it is part of the package that asks for it.
  const wholeOf = (path: string) =>
    used.find(([, { optionalDependencies }]) => Object.hasOwn(optionalDependencies ?? {}, nameOf(path)))?.[1];
  const all = used.map(([path, locked]) => ({
    name: nameOf(path),
    licence: locked.license ?? (locked.os && wholeOf(path)?.license) ?? '',
    texts: locked.os ? [] : textsIn(join(root, path)),
  }));
  return all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function textsIn(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`${folder} is not installed: run npm ci`);
  const names = readdirSync(folder).filter((name) => /^(licen[sc]e|copying|notice)(\.|-|$)/i.test(name));
  return names.sort().map((name) => tidy(readFileSync(join(folder, name), 'utf8')));
}

const tidy = (text: string) =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\n+$/g, '');

/** The terms of the Apache License, and whose the work is, which stands in its appendix. */
function apache(text: string): { terms: string; holder: string } | undefined {
  const [terms, appendix] = text.split('END OF TERMS AND CONDITIONS');
  if (terms === undefined || appendix === undefined) return undefined;
  return { terms, holder: /^ *(Copyright (?![[{]).*)$/m.exec(appendix)?.[1] ?? '' };
}

const rule = '-'.repeat(80);

/** THIRD-PARTY-NOTICES: every package with its licence, and each text once. */
export function notices(dependencies: readonly Dependency[]): string {
  const texts = new Map<string, { text: string; of: Set<string> }>();
  for (const { name, texts: own } of dependencies) {
    for (const text of own) {
      const split = apache(text);
      const key = (split?.terms ?? text).replace(/\s+/g, ' ').trim();
      const entry = texts.get(key) ?? {
        text: split ? `${split.terms.trimEnd()}\n\n   END OF TERMS AND CONDITIONS` : text,
        of: new Set<string>(),
      };
      entry.of.add(`${name}${split?.holder ? ` (${split.holder})` : ''}`);
      texts.set(key, entry);
    }
  }
  return [
    'kms-lab is under the MIT licence: see LICENSE. These packages are installed with it,',
    'each under its own licence. The constraints of the KMS API that the embedded KMS',
    'checks were taken from botocore (Apache-2.0, Amazon.com, Inc. or its affiliates).',
    '',
    ...new Set(dependencies.map(({ name, licence }) => `${name}: ${licence}`)),
    '',
    ...[...texts.values()].flatMap(({ text, of }) => [rule, ...of, rule, '', text, '']),
  ].join('\n');
}
