import type { StepContext } from './context.js';

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

/** A step as the runner sees it: plain data and one function. */
export interface Step {
  readonly title: string;
  /** Why the step is worth doing: shown under its title. */
  readonly why: string;
  run(context: StepContext): Promise<object | undefined>;
}

/** A step that always throws returns `never`, which would make of all that is known: never. */
type Learned<Known, Result> = [Result] extends [never] ? Known : Result extends object ? Known & Result : Known;

/**
 * A lab is a chain of steps in which each step returns what later steps may use. The compiler knows what has been
 * learned so far: a step that asks for a value no earlier step returned does not compile.
 */
export class Lab<Known extends object = object> {
  private constructor(
    /** The subcommand and folder name: `symmetric`. */
    readonly id: string,
    readonly facts: LabFacts,
    readonly steps: readonly Step[],
  ) {}

  static define(id: string, facts: LabFacts): Lab {
    return new Lab(id, facts, []);
  }

  step<Result extends object | void>(
    title: string,
    why: string,
    run: (context: StepContext & Known) => Promise<Result>,
  ): Lab<Learned<Known, Result>> {
    // The runner hands over a context that holds all that earlier steps returned, or skips the step: see run.ts.
    const step = { title, why, run: run as unknown as Step['run'] };
    return new Lab<Learned<Known, Result>>(this.id, this.facts, [...this.steps, step]);
  }

  /** "1.2" for the second step of lab 1. */
  stepId(index: number): string {
    return `${this.facts.number}.${index + 1}`;
  }
}
