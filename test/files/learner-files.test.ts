import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLearnerFile, writeLearnerFile } from '../../src/files/learner-files.js';
import { findLearnerFolders, planLearnerFiles, removeLearnerFiles } from '../../src/files/remove-files.js';

const posix = process.platform !== 'win32';
const bytes = (text: string) => Buffer.from(text);

let cwd: string;
let dir: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'kms-lab-files-test-'));
  dir = join(cwd, 'kms-lab-files', 'symmetric');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const at = (name: string) => join(dir, name);
const manifest = () => JSON.parse(readFileSync(at('manifest.json'), 'utf8'));
const refusal = (message: string) =>
  expect.objectContaining({ kind: 'usage', message: expect.stringContaining(message) });

describe('reading what an earlier run wrote', () => {
  it('gives the bytes', () => {
    writeLearnerFile(dir, 'a.bin', bytes('abc'));
    expect(readLearnerFile(dir, 'a.bin')).toEqual(bytes('abc'));
  });

  it('gives nothing that is not there, not ours, or was changed', () => {
    expect(readLearnerFile(dir, 'a.bin')).toBeUndefined();
    writeLearnerFile(dir, 'a.bin', bytes('abc'));
    writeFileSync(at('b.bin'), 'mine');
    expect(readLearnerFile(dir, 'b.bin')).toBeUndefined();
    writeFileSync(at('a.bin'), 'abd');
    expect(readLearnerFile(dir, 'a.bin')).toBeUndefined();
    writeFileSync(at('manifest.json'), '{}');
    expect(readLearnerFile(dir, 'a.bin')).toBeUndefined();
  });

  it.skipIf(!posix)('follows no symbolic link', () => {
    writeLearnerFile(dir, 'a.bin', bytes('abc'));
    rmSync(at('a.bin'));
    writeFileSync(join(cwd, 'abc'), 'abc');
    symlinkSync(join(cwd, 'abc'), at('a.bin'));
    expect(readLearnerFile(dir, 'a.bin')).toBeUndefined();
  });
});

describe('writing a file for the learner', () => {
  it('writes the bytes and records their SHA-256', () => {
    expect(writeLearnerFile(dir, 'a.bin', bytes('abc'))).toBe(at('a.bin'));
    expect(readFileSync(at('a.bin'), 'utf8')).toBe('abc');
    expect(manifest().files['a.bin']).toEqual({
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      bytes: 3,
    });
    expect(readdirSync(dir).sort()).toEqual(['a.bin', 'manifest.json']);
  });

  it.runIf(posix)('keeps files and folder from others', () => {
    writeLearnerFile(dir, 'a.bin', bytes('abc'));
    expect([at('a.bin'), at('manifest.json'), dir].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o600, 0o600, 0o700,
    ]);
  });

  it('replaces its own file in a later run', () => {
    writeLearnerFile(dir, 'a.bin', bytes('first'));
    writeLearnerFile(dir, 'a.bin', bytes('second'));
    expect(readFileSync(at('a.bin'), 'utf8')).toBe('second');
  });

  it('can go on after it was killed between manifest and file', () => {
    writeLearnerFile(dir, 'a.bin', bytes('first'));
    writeLearnerFile(dir, 'a.bin', bytes('second'));
    writeFileSync(at('a.bin'), 'first'); // as if the second rename had never happened
    writeLearnerFile(dir, 'a.bin', bytes('third'));
    expect(readFileSync(at('a.bin'), 'utf8')).toBe('third');
  });

  it('leaves an identical file of somebody else alone and does not claim it', () => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(at('a.bin'), 'same');
    writeLearnerFile(dir, 'a.bin', bytes('same'));
    expect(existsSync(at('manifest.json'))).toBe(false);
  });

  it('refuses to overwrite a file it did not make', () => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(at('a.bin'), 'mine');
    expect(() => writeLearnerFile(dir, 'a.bin', bytes('theirs'))).toThrow(refusal('was not made by kms-lab'));
    expect(readFileSync(at('a.bin'), 'utf8')).toBe('mine');
  });

  it('refuses to overwrite a file that changed since', () => {
    writeLearnerFile(dir, 'a.bin', bytes('first'));
    writeFileSync(at('a.bin'), 'edited by the learner');
    expect(() => writeLearnerFile(dir, 'a.bin', bytes('second'))).toThrow(refusal('was changed since'));
  });

  it.runIf(posix)('never follows a symbolic link, be it the file, the folder or the folder above', () => {
    const outside = join(cwd, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'victim'), 'precious');
    mkdirSync(dir, { recursive: true });
    symlinkSync(join(outside, 'victim'), at('a.bin'));
    expect(() => writeLearnerFile(dir, 'a.bin', bytes('x'))).toThrow(refusal('is not a plain file'));
    rmSync(dir, { recursive: true });
    symlinkSync(outside, dir);
    expect(() => writeLearnerFile(dir, 'a.bin', bytes('x'))).toThrow(refusal('is not a folder'));
    rmSync(join(cwd, 'kms-lab-files'), { recursive: true });
    symlinkSync(outside, join(cwd, 'kms-lab-files'));
    expect(() => writeLearnerFile(dir, 'a.bin', bytes('x'))).toThrow(refusal('is not a folder'));
    expect(readdirSync(outside)).toEqual(['victim']);
    expect(readFileSync(join(outside, 'victim'), 'utf8')).toBe('precious');
  });

  it.each(['../a', 'a/b', '.hidden', '', 'manifest.json', 'Manifest.JSON'])('refuses the name "%s"', (name) => {
    expect(() => writeLearnerFile(dir, name, bytes('x'))).toThrow(refusal('is no name'));
    expect(existsSync(dir)).toBe(false);
  });

  it('says so when the folder cannot be made', () => {
    writeFileSync(join(cwd, 'kms-lab-files'), 'a file where the folder should be');
    expect(() => writeLearnerFile(dir, 'a.bin', bytes('x'))).toThrow(refusal('is not a folder'));
  });

  it('does not believe a manifest that it could not have written', () => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(at('manifest.json'), '{"kms-lab":1,"files":{"../../victim":{"sha256":"00","bytes":1}}}');
    expect(() => writeLearnerFile(dir, 'a.bin', bytes('x'))).toThrow(refusal('not one that kms-lab wrote'));
  });
});

describe('removing the learner’s files', () => {
  it('removes what it made, the manifest and the empty folders', () => {
    writeLearnerFile(dir, 'a.bin', bytes('a'));
    writeLearnerFile(dir, 'b.txt', bytes('b'));
    expect(findLearnerFolders(cwd)).toEqual([dir]);
    expect(removeLearnerFiles(dir)).toEqual({ remove: [at('a.bin'), at('b.txt')], kept: [] });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('may be called again, and where nothing ever was', () => {
    expect(removeLearnerFiles(dir)).toEqual({ remove: [], kept: [] });
    expect(findLearnerFolders(cwd)).toEqual([]);
  });

  it('plans without removing', () => {
    writeLearnerFile(dir, 'a.bin', bytes('a'));
    expect(planLearnerFiles(dir)).toEqual({ remove: [at('a.bin')], kept: [] });
    expect(existsSync(at('a.bin'))).toBe(true);
  });

  it.runIf(posix)('keeps what is not its own any more, and says why', () => {
    for (const name of ['changed', 'linked', 'swapped', 'plain']) writeLearnerFile(dir, name, bytes(name));
    writeFileSync(at('changed'), 'edited');
    linkSync(at('linked'), join(cwd, 'second-name'));
    rmSync(at('swapped'));
    symlinkSync(join(cwd, 'second-name'), at('swapped'));
    writeFileSync(at('notes.txt'), 'by the learner');
    expect(removeLearnerFiles(dir)).toEqual({
      remove: [at('plain')],
      kept: [
        { path: at('changed'), reason: 'was changed since kms-lab wrote it' },
        { path: at('linked'), reason: 'has another name too (hard link)' },
        { path: at('notes.txt'), reason: 'was not made by kms-lab' },
        { path: at('swapped'), reason: 'is not a plain file' },
      ],
    });
    expect(Object.keys(manifest().files)).toEqual(['changed', 'linked', 'swapped']);
  });

  it('removes what a killed process left half-written', () => {
    writeLearnerFile(dir, 'a.bin', bytes('a'));
    writeFileSync(at('.a.bin.0123456789abcdef.part'), 'half');
    removeLearnerFiles(dir);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.runIf(posix)('keeps everything behind a link or under a manifest that is not its own', () => {
    writeLearnerFile(dir, 'a.bin', bytes('a'));
    symlinkSync(dir, join(cwd, 'link'));
    expect(removeLearnerFiles(join(cwd, 'link')).kept[0]?.reason).toBe('is not a folder');
    writeFileSync(at('manifest.json'), 'nonsense');
    expect(removeLearnerFiles(dir).remove).toEqual([]);
    expect(readdirSync(dir).sort()).toEqual(['a.bin', 'manifest.json']);
  });
});
