/**
 * How to write a lab. `labs/<lab>/lab.ts` exports one, and `labs/index.ts` lists it; nothing else is to be registered.
 * A lab of your own lies in any file: it imports `Lab` from 'kms-lab', and `kms-lab run FILE` runs it.
 *
 *     export default Lab.define('multi-region', {
 *       number: 4, title: 'Multi-Region keys', minutes: 15, keys: 2, teaches: ['one key id, two Regions'],
 *       options: {                                                  // → --replica-region <region>, --wait <time>
 *         replicaRegion: option.text('<region>', 'Region of the replica'),
 *         wait: option.duration('how long to wait', '15m'),
 *       },
 *       check({ replicaRegion }, { region }) {                      // before anything is made; exit 2
 *         if (replicaRegion === region) throw new LabError('usage', '--replica-region is the Region of the primary');
 *       },
 *     })
 *       .step('Make a primary', 'Why it is worth doing.', async ({ own, options, place, verify }) => {
 *         const key = await own.newKey('mrk', { MultiRegion: true });        // own.key() would use an earlier one again
 *         const there = options.replicaRegion ?? (place.region === 'us-west-2' ? 'us-east-1' : 'us-west-2');
 *         const replica = await own.replica('mrk', key, there);              // tagged, waited for, with its alias there
 *         verify.equal('one id', replica.KeyId, key.KeyId);
 *         return { key, there };                                             // what later steps may ask for by name
 *       })
 *       .step('Read it elsewhere', 'Why.', async ({ kms, kmsIn, verify, key, there, note }) => {
 *         const { CiphertextBlob } = await kms.encrypt({ KeyId: key.KeyId, Plaintext: Buffer.from('hi') });
 *         await verify.opens('it opens there', kmsIn(there).decrypt({ CiphertextBlob }), Buffer.from('hi'));
 *         await kms.disableKey({ KeyId: key.KeyId });                        // KMS may take minutes to know: `soon` asks again
 *         await verify.soon.refused('disabled, it refuses', () => kms.decrypt({ CiphertextBlob }), 'DisabledException');
 *         note('worth knowing, and not a claim');
 *       })
 *       .step('Let a year pass', 'Why.', async ({ until, kms, key }) => {
 *         await until('the key is Enabled', () => kms.describeKey({ KeyId: key.KeyId }), (is) => !!is.KeyMetadata?.Enabled);
 *       }, { optional: true })                                               // may end as "not offered here"
 *       .checkedBy(checks);                                                  // how it is graded when done by hand: check.ts
 *
 * The rules: a claim is verified or not made; a lab never prints, sleeps or catches an error to hide it. What a step returns
 * is known to later steps, and to the compiler. A step that asks for what an optional step returned is optional too.
 */
import type { StepCheck } from './check.js';
import type { StepContext } from './context.js';
import type { Place } from './events.js';
import { type LabOptions, type OptionValues, optionValues } from './options.js';

export { LabError } from '../errors.js';
export type { Act } from '../kms/act.js';
export { type CheckContext, leavesNoTrace, NotGraded, type StepCheck, Waiting } from './check.js';
export type { StepContext } from './context.js';
export type { Created, LabFiles } from './files.js';
export { NotOffered } from './offered.js';
export { option } from './options.js';

/** What a lab says about itself; `list`, `show`, reports and documents print it from here. */
export interface LabFacts {
  /** Position in the masterclass: step 2 of lab 1 is "1.2". */
  number: number;
  title: string;
  minutes: number;
  /** One line each: what a learner knows afterwards. */
  teaches: readonly string[];
  /** KMS keys that exist after a first run, replicas included: what it costs is said before anything is made. */
  keys: number;
}

/** A lab's own options, and what it refuses before anything is made. */
export interface LabDeclared<Options extends LabOptions = LabOptions> {
  options?: Options;
  /** @throws LabError `usage` or `guard`, when the options don't go with one another or with the place. */
  check?(options: OptionValues<Options>, place: Place): void;
}

/** How a step is run. */
export interface StepRules {
  /**
   * It may end as "not offered here": the target answers UnsupportedOperation, UnknownOperation, or a validation error that names
   * the key spec, or has no `simulate`. The lab is then proven without it.
   */
  optional?: boolean;
  /** Where there is nothing to type for it: why, or what to do instead. COMMANDS.md says it in place of lines. */
  byHand?: string;
}

/** A step as the runner sees it: plain data and one function. */
export interface Step {
  readonly title: string;
  /** Why the step is worth doing: shown under its title. */
  readonly why: string;
  readonly optional: boolean;
  readonly byHand: string | undefined;
  run(context: StepContext): Promise<object | undefined>;
}

/** A step that always throws returns `never`, which would make of all that is known: never. */
type Learned<Known, Result> = [Result] extends [never] ? Known : Result extends object ? Known & Result : Known;

/**
 * A lab is a chain of steps in which each step returns what later steps may use. The compiler knows what has been
 * learned so far: a step that asks for a value no earlier step returned does not compile.
 */
export class Lab<Known extends object = object, Titles extends string = string> {
  private constructor(
    /** The subcommand and folder name: `symmetric`. */
    readonly id: string,
    readonly facts: LabFacts,
    readonly steps: readonly Step[],
    /** The options of its own command. */
    readonly options: LabOptions,
    private readonly refuse: (options: never, place: Place) => void,
    /** How `kms-lab check` grades what was done by hand, by the title of the step: see `check.ts`. */
    readonly checks: Readonly<Record<string, StepCheck>> = {},
  ) {}

  static define<const Options extends LabOptions = Record<never, never>>(
    id: string,
    { options, check, ...facts }: LabFacts & LabDeclared<Options>,
  ): Lab<{ options: OptionValues<Options> }, never> {
    return new Lab(id, facts, [], options ?? {}, check ?? (() => {}));
  }

  // biome-ignore lint/suspicious/noConfusingVoidType: an async function without a return is a Promise<void>.
  step<Result extends object | void, const Title extends string>(
    title: Title,
    why: string,
    run: (context: StepContext & Known) => Promise<Result>,
    { optional = false, byHand }: StepRules = {},
  ): Lab<Learned<Known, Result>, Titles | Title> {
    // The runner hands over a context that holds all that earlier steps returned, or skips the step: see run.ts.
    const step = { title, why, optional, byHand, run: run as unknown as Step['run'] };
    return new Lab(this.id, this.facts, [...this.steps, step], this.options, this.refuse);
  }

  /** Say how each step is graded by `kms-lab check` when a learner has done the lab by hand; none may be left out. */
  checkedBy<Checks extends Readonly<Record<Titles, StepCheck>>>(
    checks: Checks & Readonly<Record<Exclude<keyof Checks, Titles>, never>>,
  ): Lab<Known, Titles> {
    return new Lab(this.id, this.facts, this.steps, this.options, this.refuse, checks);
  }

  /** "1.2" for the second step of lab 1. */
  stepId(index: number): string {
    return `${this.facts.number}.${index + 1}`;
  }

  /** Of all its steps, in order. */
  get stepIds(): string[] {
    return this.steps.map((_step, index) => this.stepId(index));
  }

  /** The values of its options: those given, and defaults. @throws LabError when the lab refuses them at this place. */
  valuesOf(given: Readonly<Record<string, unknown>>, place: Place): Record<string, unknown> {
    const values = optionValues(this.options, given);
    this.refuse(values as never, place);
    return values;
  }
}
