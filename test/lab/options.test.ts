import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab, LabError, option } from '../../src/lab/define.js';
import { openRoom, type Room } from './room.js';

const lab = Lab.define('with-options', {
  number: 9,
  title: 'A lab',
  minutes: 1,
  keys: 0,
  teaches: [],
  options: {
    replicaRegion: option.text('<region>', 'Region of the replica'),
    file: option.text('<path>', 'a file', 'sample.bin'),
    wait: option.duration('how long to wait', '15m'),
    resume: option.flag('go on'),
    size: option.of('<bytes>', 'how large', Number),
  },
  check({ replicaRegion }, { region }) {
    if (replicaRegion === region) throw new LabError('usage', `both are ${region}`);
  },
}).step('Say', 'why', async ({ options, note }) => {
  options.replicaRegion satisfies string | undefined;
  options.file satisfies string;
  options.wait satisfies number;
  options.resume satisfies boolean;
  options.size satisfies number | undefined;
  // @ts-expect-error nobody declared it
  options.other;
  note(JSON.stringify(options));
});

describe("a lab's own options", () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  const said = async (options: Record<string, unknown>) =>
    JSON.parse((await room.run(lab, { options })).of('note')[0]?.text ?? '');

  it('reach its steps, and those that are not given have their defaults', async () => {
    expect(await said({})).toEqual({ file: 'sample.bin', wait: 900_000, resume: false });
    expect(await said({ replicaRegion: 'eu-west-1', resume: true, size: 7, fresh: true })).toEqual({
      replicaRegion: 'eu-west-1',
      file: 'sample.bin',
      wait: 900_000,
      resume: true,
      size: 7,
    });
  });

  it('are refused by the lab before any step', async () => {
    const told = await room.run(lab, { options: { replicaRegion: 'us-east-1' } });
    expect(told.error).toMatchObject({ kind: 'usage', message: 'both are us-east-1' });
    expect([told.steps('skipped'), room.asked]).toEqual([['9.1'], []]);
  });

  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
  ])('read %s as a time', (typed, ms) => {
    expect(option.duration('', '1s').parse(typed)).toBe(ms);
  });
  it.each(['', '90', 's', '1d', '-1s', '1 s'])('do not read "%s" as a time', (typed) => {
    expect(() => option.duration('', '1s').parse(typed)).toThrow('90s, 15m, 1h');
  });
});
