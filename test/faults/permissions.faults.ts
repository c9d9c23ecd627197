import { join } from 'node:path';
import { expect, it } from 'vitest';
import { permissionsFile } from '../../src/cli/iam/telling.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { linesOf, neededBy } from '../iam/needs.js';
import { scripts } from '../iam/scripts.js';

/** Every permission that a call of any lab, of cleanup or of doctor asks for is taken away in turn. `npm run test:faults`. */
it('labs/permissions.txt has what each fails without, and nothing else (renew it with `npm run docs:permissions`)', async () => {
  const lines: string[] = [];
  for (const script of scripts()) lines.push(...linesOf(script, await neededBy(script)));
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(packageRoot(), permissionsFile));
});
