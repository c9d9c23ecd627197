import type { Act } from '../../src/lab/define.js';

/** `gcm.mjs` does with a whole file in memory what the lab does piece by piece; `dataKey` is the data key's wrapped form. */
const gcm = (dataKey: Uint8Array, ...words: string[]) =>
  ({ act: 'program', program: 'node', words: ['gcm.mjs', ...words], dataKey }) as const satisfies Act;

export const seal = (name: string, dataKey: Uint8Array) => gcm(dataKey, 'seal', 'file.bin', `${name}.sealed`);

export const open = (name: string, dataKey: Uint8Array) => gcm(dataKey, 'open', `${name}.sealed`, `${name}.opened`);
