import { InvalidArgumentError } from 'commander';

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Read `90m`, `12h`, `2d` or `3w` as milliseconds. */
export function timeSpan(value: string): number {
  const [, number, unit] = /^(\d{1,5})([mhdw])$/.exec(value) ?? [];
  if (number && unit) return Number(number) * units[unit as keyof typeof units];
  throw new InvalidArgumentError('Write it like 90m, 12h, 2d or 3w.');
}
