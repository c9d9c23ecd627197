import { expect, it } from 'vitest';
import { Counter } from '../../src/cli/looking.js';

it('tells how far a search has come, and that AWS makes it wait', () => {
  const shown: string[] = [];
  const counter = new Counter({ show: (what) => shown.push(what), hide: () => shown.push('') });
  counter.throttled('us-east-1: KMS throttles ListKeys');
  counter.count('keys to be looked at', 50, 1200);
  counter.throttled('us-east-1: KMS throttles ListResourceTags');
  counter.count('keys to be looked at', 100, 1200);
  counter.hide();
  expect(shown).toEqual([
    'us-east-1: KMS throttles ListKeys',
    'keys to be looked at: 50 of 1,200',
    'keys to be looked at: 50 of 1,200; us-east-1: KMS throttles ListResourceTags',
    'keys to be looked at: 100 of 1,200',
    '',
  ]);
});
