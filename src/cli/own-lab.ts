import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { labs } from '../../labs/index.js';
import { LabError } from '../errors.js';
import type { Lab } from '../lab/define.js';
import { labId, labIdRule } from './options.js';

/** A lab that lies in a file, and the folder of that file: its samples are there. */
export interface OwnLab {
  lab: Lab;
  home: string;
}

/** Read a lab from a module, whose code thereby runs. @throws LabError `usage` when it holds no lab that could be run. */
export async function loadLab(file: string): Promise<OwnLab> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new LabError('usage', `${file}: there is no such file`, { hint: 'name a module of a lab' });
  const { default: lab } = await load(file, path);
  if (!isLab(lab))
    throw new LabError('usage', `${file}: its default export is no lab`, {
      hint: "write `export default Lab.define(…).step(…)`, with `import { Lab } from 'kms-lab'`",
    });
  // Keys, aliases, files and tags carry its id: that of another lab would mix them up.
  if (!labId.test(lab.id)) throw new LabError('usage', `${file}: the lab's id "${lab.id}"`, { hint: labIdRule });
  if (labs.some(({ id }) => id === lab.id))
    throw new LabError('usage', `${file}: ${lab.id} is a lab of kms-lab`, { hint: 'give yours another id' });
  return { lab, home: dirname(path) };
}

async function load(file: string, path: string): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LabError('usage', `${file} can't be loaded: ${message}`, {
      hint: wayOut(file, code, message),
      cause: error,
    });
  }
}

function wayOut(file: string, code: string | undefined, message: string): string {
  if (code === 'ERR_MODULE_NOT_FOUND' && message.includes("'kms-lab'"))
    return 'install kms-lab in a folder at or above the file, as for any module that it imports';
  if (/\.[cm]?ts$/.test(file) && /^ERR_(UNKNOWN_FILE_EXTENSION|UNSUPPORTED_TYPESCRIPT_SYNTAX)$/.test(code ?? ''))
    return 'compile it to JavaScript first; Node.js 22.18 and later read TypeScript whose types can be left out';
  if (/outside a module|Unexpected token 'export'/.test(message))
    return 'end its name in .mjs, or say that what is in its folder are modules: npm pkg set type=module';
  return '--debug shows where';
}

/** By what a lab is made of: it may have been made by another copy of kms-lab. */
function isLab(value: unknown): value is Lab {
  const { id, facts, steps, valuesOf } = (value ?? {}) as Partial<Record<keyof Lab, unknown>>;
  return typeof id === 'string' && typeof facts === 'object' && Array.isArray(steps) && typeof valuesOf === 'function';
}
