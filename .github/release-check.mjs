// Whether package.json is what the tag (TAG) and the repository's variable (NAME) say is to be released. Exit 1 when not.
import { readFileSync } from 'node:fs';

const { name, version, private: kept, repository } = JSON.parse(readFileSync('package.json', 'utf8'));
const { GITHUB_REPOSITORY, NAME, TAG } = process.env;
// npm refuses provenance where the package does not name the repository that the workflow runs in.
const home = `https://github.com/${GITHUB_REPOSITORY}`;
const named = String(repository?.url ?? repository ?? '').replace(/^git\+|\.git$/g, '');

const wrong = [
  ...(kept ? ['package.json says "private": true'] : []),
  ...(NAME === name ? [] : [`KMS_LAB_NPM_NAME is "${NAME}", and package.json's name is "${name}"`]),
  ...(TAG === `v${version}` ? [] : [`the tag is "${TAG}", and package.json's version is "${version}"`]),
  ...(named === home ? [] : [`this repository is "${home}", and package.json's repository is "${named}"`]),
];
for (const why of wrong) console.error(`not released: ${why}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
