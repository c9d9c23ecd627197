/** Options that a lab declares for its own command, and hands to its steps typed: see `define.ts`. */

/** One option. Its name on the command line comes from its member: `replicaRegion` → `--replica-region`. */
export interface LabOption<Value> {
  readonly help: string;
  /** `<region>`; absent for an option that takes no value. */
  readonly placeholder?: string;
  /** What the step sees when the option is not given. */
  readonly otherwise: Value;
  /** Read what was typed. @throws Error whose message says what would be right. */
  parse(text: string): Value;
}

export type LabOptions = Readonly<Record<string, LabOption<unknown>>>;

/** What steps see of the options: `{ replicaRegion: string | undefined, wait: number }`. */
export type OptionValues<Options extends LabOptions> = {
  readonly [Name in keyof Options]: Options[Name] extends LabOption<infer Value> ? Value : never;
};

function text(placeholder: string, help: string): LabOption<string | undefined>;
function text(placeholder: string, help: string, otherwise: string): LabOption<string>;
function text(placeholder: string, help: string, otherwise?: string): LabOption<string | undefined> {
  return { placeholder, help, otherwise, parse: (typed) => typed };
}

/** The kinds of options. */
export const option = {
  /** `--resume`: false unless given. */
  flag: (help: string): LabOption<boolean> => ({ help, otherwise: false, parse: () => true }),
  /** `--file <path>`: undefined unless given or defaulted. */
  text,
  /** `--wait <time>`: milliseconds, typed as "90s", "15m" or "1h". */
  duration: (help: string, otherwise: string): LabOption<number> => ({
    placeholder: '<time>',
    help: `${help} (default: ${otherwise})`,
    otherwise: milliseconds(otherwise),
    parse: milliseconds,
  }),
  /** Anything else: `parse` throws an Error that says what would be right. */
  of: <Value>(placeholder: string, help: string, parse: (typed: string) => Value): LabOption<Value | undefined> => ({
    placeholder,
    help,
    otherwise: undefined,
    parse,
  }),
};

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

function milliseconds(typed: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(typed) ?? [];
  if (number === undefined || unit === undefined) throw new Error('use a number and a unit: 90s, 15m, 1h');
  return Number(number) * units[unit as keyof typeof units];
}

/** `replicaRegion` → `--replica-region`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Every option's value: what was given, else its default. */
export function optionValues(options: LabOptions, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, { otherwise }]) => [name, given[name] ?? otherwise]));
}
