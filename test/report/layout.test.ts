import { expect, it } from 'vitest';
import { ascii, oneLine, shortenIds, visible } from '../../src/report/clean.js';
import { duration, keep, money, table, width, wrap } from '../../src/report/layout.js';

it('shortens ids in the middle wherever they stand', () => {
  expect(shortenIds('key/1234abcd-12ab-34cd-56ef-1234567890ab is fine')).toBe('key/1234…90ab is fine');
  expect(shortenIds(`mrk-${'1a2b'.padEnd(28, '0')}9f0e`)).toBe('mrk-1a2b…9f0e');
  expect(shortenIds('alias/kms-lab-symmetric-key 111122223333')).toBe('alias/kms-lab-symmetric-key 111122223333');
});

it('shows what a terminal would obey', () => {
  expect(visible('a\u001b]0;x\u0007\u202eb')).toBe('a\\x1b]0;x\\x07\\u202eb');
  expect(oneLine('a\r\n\tb')).toBe('a b');
  expect(ascii('a · b … → é')).toBe('a - b ... -> ?');
});

it('wraps at blanks, cuts what is too long, keeps commands whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrap(`run ${keep('kms-lab cleanup --local')} now`, 10)).toEqual(['run', 'kms-lab cleanup --local', 'now']);
});

it('measures columns, not characters', () => {
  expect(width('\u001b[1m鍵e\u0301✔\u001b[0m')).toBe(4);
});

it('sets a table, and wraps the widest column when it must', () => {
  expect(
    table(
      [
        ['a', 'one two three four'],
        ['bb', '2'],
      ],
      14,
      [{ align: 'right' }],
    ),
  ).toEqual([' a  one two', '    three four', 'bb  2']);
  expect(table([], 80)).toEqual([]);
});

it('spells money and time', () => {
  expect([1, 0.03, 12.5].map(money)).toEqual(['$1.00', '$0.03', '$12.50']);
  expect([0, 210, 996, 3240, 9960, 59_600, 125_000, 3_780_000].map(duration)).toEqual([
    '0.00 s',
    '0.21 s',
    '1.0 s',
    '3.2 s',
    '10 s',
    '1 min 0 s',
    '2 min 5 s',
    '1 h 3 min',
  ]);
});
