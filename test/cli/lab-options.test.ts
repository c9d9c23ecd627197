import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { withLabOptions } from '../../src/cli/lab-options.js';
import { Lab, option } from '../../src/lab/define.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 0, teaches: [] };
const one = Lab.define('one', {
  ...facts,
  options: {
    replicaRegion: option.text('<region>', 'Region of the replica'),
    wait: option.duration('how long to wait', '15m'),
  },
});
const other = Lab.define('other', {
  ...facts,
  options: { wait: option.duration('how long to wait', '15m'), resume: option.flag('go on') },
});

const read = (...argv: string[]) =>
  withLabOptions(new Command('labs').exitOverride(), [one, other]).parse(argv, { from: 'user' }).opts();

describe('options that labs declare', () => {
  it('are options of the command, one that two labs share among them', () => {
    const typed = ['--replica-region', 'eu-west-1', '--wait', '90s', '--resume'];
    expect(read(...typed)).toEqual({ replicaRegion: 'eu-west-1', wait: 90_000, resume: true });
    expect(read()).toEqual({});
  });

  it('are named with their default in the help', () => {
    const help = withLabOptions(new Command('labs'), [one, other]).helpInformation();
    expect(help).toContain('--replica-region <region>');
    expect(help.match(/how long to wait \(default: 15m\)/g)).toHaveLength(1);
  });

  it('say what would be right', () => {
    expect(() => read('--wait', 'long')).toThrow(
      expect.objectContaining({ kind: 'usage', message: '"long" (--wait): use a number and a unit: 90s, 15m, 1h' }),
    );
  });
});
