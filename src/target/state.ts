import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** The port of `kms-lab serve`, so that AWS CLI lines printed under `--local` reach it, on the same state. */
export const defaultServePort = 4599;

/**
 * Where the embedded KMS keeps its world: a folder's absolute path, or "memory" (thrown away at the end).
 * `--state DIR`, KMS_LAB_STATE, else the system's place for state: XDG_STATE_HOME or ~/.local/state, %LOCALAPPDATA% on
 * Windows, and where there is no home directory a folder of this user under the temporary one.
 */
export function stateFolder(
  option: string | undefined,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const said = option ?? (env.KMS_LAB_STATE || undefined);
  if (said === 'memory') return 'memory';
  if (said !== undefined) return resolve(said);
  return defaultDir(env, platform);
}

/**
 * Where this program notes which files it encrypted. What stands under a key of the embedded KMS is noted beside that key, or
 * nowhere when the world is kept in memory; anything else in the system's place for state, whatever KMS_LAB_STATE says.
 */
export function notesFolder(kind: 'aws' | 'local' | 'endpoint', option: string | undefined, env: NodeJS.ProcessEnv) {
  if (kind !== 'local') return defaultDir(env, process.platform);
  const folder = stateFolder(option, env);
  return folder === 'memory' ? undefined : folder;
}

/** Every place in which such notes may be: a state folder may be served over HTTP as well. */
export function notesFolders(option: string | undefined, env: NodeJS.ProcessEnv): string[] {
  const folders = (['aws', 'local'] as const).flatMap((kind) => notesFolder(kind, option, env) ?? []);
  return [...new Set(folders)];
}

function defaultDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'kms-lab');
  // The XDG specification: a relative path is to be ignored.
  if (env.XDG_STATE_HOME && isAbsolute(env.XDG_STATE_HOME)) return join(env.XDG_STATE_HOME, 'kms-lab');
  const home = env.HOME || env.USERPROFILE || attempt(homedir);
  if (home && isAbsolute(home) && home !== '/') return join(home, '.local', 'state', 'kms-lab');
  return join(tmpdir(), `kms-lab-${attempt(() => userInfo().username) ?? process.getuid?.() ?? 'user'}`);
}

/** The user database may not know this user (a container that runs under any uid). */
function attempt(ask: () => string): string | undefined {
  try {
    return ask() || undefined;
  } catch {
    return undefined;
  }
}
