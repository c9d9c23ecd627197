import { describe, expect, it } from 'vitest';
import { greeting } from '../../src/cli/greeting.js';
import { hasUsualSecret, identitiesOf } from '../../src/cli/identities.js';

describe('what serve prints to paste', () => {
  const exported = (text: string) => text.match(/^export AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)=.*$/gm);

  it('is test / test', () => {
    expect(exported(greeting('http://127.0.0.1:1', 'memory', true))).toEqual([
      'export AWS_ACCESS_KEY_ID=test',
      'export AWS_SECRET_ACCESS_KEY=test',
    ]);
  });

  it('has no secret where `--credential test:…` gave it another', () => {
    expect(exported(greeting('http://127.0.0.1:1', 'memory', false))).toEqual(['export AWS_ACCESS_KEY_ID=test']);
  });

  it.each([
    [[], true],
    [['alice:one'], true],
    [['test:other'], false],
    [['test:test'], true],
    [['test:other', 'test:test'], true],
  ])('after %j the secret of test is the usual one: %s', (credentials, usual) => {
    expect(hasUsualSecret(identitiesOf(credentials, []).identities)).toBe(usual);
  });
});
