import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Which rooms a room may import, beside itself, errors.ts and regions.ts. Data flows one way: cli ─ target ─ lab ─ kms ─ endpoint,
 * and events ─ reporters. A lab never prints, a reporter never calls KMS, the emulator never knows that a lab exists.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/main.ts': ['src/cli'],
  // What labs of somebody's own may import.
  'src/index.ts': ['src/lab', 'src/kms'],
  'src/cli': [
    'labs',
    'src/target',
    'src/lab',
    'src/kms',
    'src/cleanup',
    'src/report',
    'src/by-hand',
    'src/files',
    'src/envelope',
    'src/emulator',
  ],
  'src/target': ['src/kms', 'src/emulator'],
  'src/cleanup': ['src/kms', 'src/files', 'src/lab/events.ts'],
  'src/lab': ['src/kms', 'src/files'],
  'src/kms': [],
  'src/files': [],
  // The AWS Encryption SDK over the clients of a run: what the tools of lab 5 do, and what the lab shares with them.
  'src/envelope': ['src/kms', 'src/files'],
  // A run of a lab, retold for a shell: it hears the run's calls, and nobody but the command line asks for it.
  'src/by-hand': ['src/lab', 'src/kms'],
  'src/report': ['src/lab/events.ts', 'src/lab/check-events.ts', 'src/cleanup/events.ts'],
  'src/emulator': [],
  'src/errors.ts': [],
  'src/regions.ts': [],
  labs: ['src/lab', 'src/envelope'],
};

const files = ['src', 'labs']
  .flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)),
  )
  .filter((path) => path.endsWith('.ts'))
  .map((path) => path.split(sep).join('/'));

/** The room a file belongs to: the longest name in the table that it starts with. */
const roomOf = (path: string) =>
  Object.keys(mayImport).find((room) => path === room || path.startsWith(`${room}/`)) ?? `no room: ${path}`;

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.normalize(posix.join(posix.dirname(path), specifier)).replace(/\.js$/, '.ts'));
}

describe('the house', () => {
  it('has only rooms that the table knows', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => room.startsWith('no room'))).toEqual([]);
  });

  it.each(files)('%s imports only what its room may', (path) => {
    const room = roomOf(path);
    const allowed = [room, 'src/errors.ts', 'src/regions.ts', ...(mayImport[room] ?? [])];
    const wrong = importsOf(path).filter(
      (target) => !allowed.some((name) => target === name || target.startsWith(`${name}/`)),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps files small enough to read at once', () => {
    const long = files
      .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 200);
    expect(long).toEqual([]);
  });
});
