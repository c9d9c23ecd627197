const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** How old something is, in its largest unit: `5 min`, `2 h`, `9 d`. */
export function age(ms: number): string {
  if (ms >= day) return `${Math.floor(ms / day)} d`;
  if (ms >= hour) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / minute)} min`;
}

/** The day of a date, in UTC: `2026-12-01`. */
export const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** Whose something is, as short as people say it: `ann` of `…:assumed-role/Workshop/ann`. */
export const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1).replace(/^arn:.*:/, '');

/** `1,234`. */
export const thousands = (number: number): string => number.toLocaleString('en-US');

/** `1,234 keys`. */
export const many = (number: number, noun: string): string => `${thousands(number)} ${noun}${number === 1 ? '' : 's'}`;

/** A time that is estimated: `45 s`, `3 min`. */
export const about = (seconds: number): string =>
  seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
