import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { isPermissive, notices, productionDependencies } from './notices.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dependencies = productionDependencies(root);

it('THIRD-PARTY-NOTICES names what is installed with the package (renew it with `npm run docs`)', async () => {
  await expect(notices(dependencies)).toMatchFileSnapshot(join(root, 'THIRD-PARTY-NOTICES'));
});

it('nothing is installed with it but under a permissive licence', () => {
  expect(dependencies.length).toBeGreaterThan(15);
  expect(dependencies.filter(({ licence }) => !isPermissive(licence))).toEqual([]);
});

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['Apache-2.0 AND MIT', true],
  ['Apache-2.0 AND GPL-3.0-only', false],
  ['GPL-3.0-only', false],
  ['MPL-2.0', false],
  ['SEE LICENSE IN LICENSE', false],
  ['', false],
])('"%s" is permissive: %s', (expression, is) => {
  expect(isPermissive(expression)).toBe(is);
});

it('a licence that differs only in its line breaks, or in whom its appendix names, stands once', () => {
  const terms = (holder: string) => `Apache\n terms\nEND OF TERMS AND CONDITIONS\n\n   ${holder}\n`;
  const text = notices([
    { name: 'a', licence: 'Apache-2.0', texts: [terms('Copyright 2020 Ann')] },
    { name: 'b', licence: 'Apache-2.0', texts: [terms('Copyright [yyyy] [name]').replace('\n', ' ')] },
  ]);
  expect(text.match(/END OF TERMS/g)).toHaveLength(1);
  expect(text).toContain('\na (Copyright 2020 Ann)\nb\n');
});
