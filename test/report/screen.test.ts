import { expect, it } from 'vitest';
import { screenOf } from '../../src/report/screen.js';

const utf8 = { LANG: 'en_GB.UTF-8', TERM: 'xterm-256color' };
const tty = { write: () => true, isTTY: true, columns: 120 };
const of = (env: Record<string, string>, options = {}, stream: Partial<typeof tty> = tty) =>
  screenOf({ write: () => true, ...stream }, env, { platform: 'linux', ...options });

it('colours a terminal, unless told not to', () => {
  expect(of(utf8)).toMatchObject({ isTerminal: true, colour: true, unicode: true, columns: 120 });
  expect(of({ ...utf8, NO_COLOR: '1' }).colour).toBe(false);
  expect(of({ ...utf8, TERM: 'dumb' }).colour).toBe(false);
  expect(of(utf8, { colour: false }).colour).toBe(false);
});

it('a pipe has no colour and 80 columns', () => {
  expect(of(utf8, {}, {})).toMatchObject({ isTerminal: false, colour: false, columns: 80 });
});

it('has Unicode where the locale says so', () => {
  expect(of({}).unicode).toBe(true);
  expect(of({ LANG: 'C' }).unicode).toBe(false);
  expect(of({ LC_ALL: 'C', LANG: 'en_GB.UTF-8' }).unicode).toBe(false);
  expect(of({ ...utf8, TERM: 'linux' }).unicode).toBe(false);
  expect(of({}, { platform: 'win32' }).unicode).toBe(false);
  expect(of({ WT_SESSION: 'x' }, { platform: 'win32' }).unicode).toBe(true);
});
