import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf, fingerprintOf, learnerFolder, look, manifestOrReason, saveManifest, unfinished } from './folder.js';
import { type Manifest, manifestName, matches } from './manifest.js';

/** What stays in a learner's folder, and why. */
export interface KeptFile {
  path: string;
  reason: string;
}

/** What removing a lab's files would do, or did. Paths as `dir` was given. */
export interface FilesPlan {
  remove: string[];
  kept: KeptFile[];
}

/** What `removeLearnerFiles` would do; changes nothing. */
export function planLearnerFiles(dir: string): FilesPlan {
  const plan: FilesPlan = { remove: [], kept: [] };
  const folder = look(dir);
  if (!folder) return plan;
  if (!folder.isDirectory()) return { remove: [], kept: [{ path: dir, reason: 'is not a folder' }] };
  const manifest = manifestOrReason(dir);
  for (const name of readdirSync(dir).sort()) {
    if (name === manifestName && typeof manifest !== 'string') continue;
    const path = join(dir, name);
    const reason = typeof manifest === 'string' ? manifest : whyKept(path, name, manifest);
    if (reason) plan.kept.push({ path, reason });
    else plan.remove.push(path);
  }
  return plan;
}

/**
 * Remove the files that this program made in `dir`: those in its manifest that are plain files with one link and unchanged
 * since, and what a killed process left half-written. Then the manifest, `dir` and its parent, if nothing else is in them.
 * May be called again.
 */
export function removeLearnerFiles(dir: string): FilesPlan {
  const plan = planLearnerFiles(dir);
  const done: FilesPlan = { remove: [], kept: [...plan.kept] };
  for (const path of plan.remove) {
    try {
      rmSync(path, { force: true });
      done.remove.push(path);
    } catch (error) {
      done.kept.push({ path, reason: `can't be removed: ${codeOf(error)}` });
    }
  }
  if (look(dir)?.isDirectory()) tidy(dir, done.kept);
  return done;
}

/** The labs' folders below `cwd` that hold files of this program; of one lab when it is named. */
export function findLearnerFolders(cwd: string, lab?: string): string[] {
  const root = join(cwd, learnerFolder);
  if (!look(root)?.isDirectory()) return [];
  return readdirSync(root)
    .filter((name) => (lab === undefined || name === lab) && look(join(root, name))?.isDirectory())
    .filter((name) => readdirSync(join(root, name)).some((file) => file === manifestName || unfinished.test(file)))
    .sort()
    .map((name) => join(root, name));
}

/** Why a file stays, or undefined when it is ours to remove. */
function whyKept(path: string, name: string, manifest: Manifest): string | undefined {
  const stats = look(path);
  if (stats?.isFile() && stats.nlink === 1 && unfinished.test(name)) return undefined;
  const known = manifest.get(name);
  if (!known) return 'was not made by kms-lab';
  if (!stats?.isFile()) return 'is not a plain file';
  if (stats.nlink > 1) return 'has another name too (hard link)';
  const current = fingerprintOf(path, stats, [known]);
  return current && matches(known, current) ? undefined : 'was changed since kms-lab wrote it';
}

/** Keep in the manifest only what is still there; take away what is empty. */
function tidy(dir: string, kept: readonly KeptFile[]): void {
  const manifest = manifestOrReason(dir);
  if (typeof manifest === 'string') return;
  const still = [...manifest].filter(([name]) => kept.some(({ path }) => path === join(dir, name)));
  if (still.length > 0) saveManifest(dir, new Map(still));
  else rmSync(join(dir, manifestName), { force: true });
  removeEmpty(dir);
  if (basename(dirname(dir)) === learnerFolder) removeEmpty(dirname(dir));
}

function removeEmpty(dir: string): void {
  if (readdirSync(dir).length === 0) rmSync(dir, { recursive: true });
}
