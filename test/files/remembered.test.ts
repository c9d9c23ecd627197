import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesUnder, remember } from '../../src/files/remembered.js';

const posix = process.platform !== 'win32';
const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const mrk = (region: string, account = '111122223333') => `arn:aws:kms:${region}:${account}:key/mrk-1234abcd`;

let state: string;
let path: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'kms-lab-remembered-'));
  path = join(state, 'notes.encrypted');
  writeFileSync(path, `header aws-kms ${keyArn} body`);
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const under = (arn = keyArn) => filesUnder([state])(arn);

describe('a file that was encrypted', () => {
  it('is found by the key that opens it', () => {
    remember(state, { path, keyArn });
    expect(under()).toEqual([path]);
    expect(under(`${keyArn}0`)).toEqual([]);
  });

  it('is one file however often it is remembered, and wherever', () => {
    remember(state, { path, keyArn });
    remember(state, { path, keyArn });
    remember(join(state, 'other'), { path, keyArn });
    expect(filesUnder([state, join(state, 'other')])(keyArn)).toEqual([path]);
  });

  it('counts for the relatives of a multi-Region key, and not for a key of another account', () => {
    writeFileSync(path, mrk('us-east-1'));
    remember(state, { path, keyArn: mrk('us-east-1') });
    expect(under(mrk('eu-west-1'))).toEqual([path]);
    expect(under(mrk('us-east-1', '999999999999'))).toEqual([]);
  });

  it('counts no longer when it is gone, or something else, or under another key', () => {
    remember(state, { path, keyArn });
    writeFileSync(path, 'an essay about something else');
    expect(under()).toEqual([]);
    rmSync(path);
    expect(under()).toEqual([]);
    mkdirSync(path);
    expect(under()).toEqual([]);
  });

  it.runIf(posix)('is not looked for behind a link', () => {
    const link = join(state, 'link');
    symlinkSync(path, link);
    remember(state, { path: link, keyArn });
    expect(under()).toEqual([]);
  });
});

describe('the notes', () => {
  it.runIf(posix)('are readable by their owner alone', () => {
    remember(join(state, 'new'), { path, keyArn });
    const folder = join(state, 'new', 'encrypted-files');
    const [name = ''] = readdirSync(folder);
    expect([folder, join(folder, name)].map((each) => statSync(each).mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it('are read without those that are not notes', () => {
    remember(state, { path, keyArn });
    const folder = join(state, 'encrypted-files');
    writeFileSync(join(folder, `${'0'.repeat(64)}.json`), 'nonsense');
    writeFileSync(join(folder, `${'1'.repeat(64)}.json`), '{"path":1}');
    writeFileSync(join(folder, 'README'), 'hello');
    expect(under()).toEqual([path]);
  });

  it('need not be there', () => {
    expect(filesUnder([join(state, 'nowhere')])(keyArn)).toEqual([]);
  });
});
