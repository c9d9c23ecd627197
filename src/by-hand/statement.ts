import type { Base64Text, Comparison, Flip, RandomFile } from '../kms/act.js';

/** A text in which variables stand for what differs from person to person: ids, the account, the Region. */
export type Word = readonly (string | Variable)[];

export interface Variable {
  variable: string;
}

/** One step of a shell's work, whichever shell it is. Files are named as they stand in the lab's folder. */
export type Statement =
  | AwsCall
  | Obstacle
  | Assignment
  | Forgetting
  | TextFile
  | Command
  | Flip
  | RandomFile
  | Base64Text
  | Comparison;

/** A call with the AWS CLI. */
export interface AwsCall {
  act: 'aws';
  /** "kms describe-key". */
  command: string;
  options: readonly Option[];
  /** What of the answer is kept, in this order; nothing: it is shown. */
  kept: readonly Kept[];
  /** The part of the answer that is shown, where not all is. */
  shown?: string;
  /** It is asked until a part of its answer is as awaited. */
  until?: { query: string; is: string };
  /** The variable with the session of the role that asks. */
  session?: string;
  /** The exception with which it is refused. */
  refused?: string;
  /** What its outcome proves, where that is all in the line. */
  proves?: string;
}

/** A call that nobody can make by hand, and why. */
export interface Obstacle {
  act: 'obstacle';
  command: string;
  why: string;
}

/** An option and its values, or the tags of ownership of a key. */
export type Option = readonly Word[] | { lab: string; alias: string };

/**
 * A part of an answer: into a variable; into a file, from base64 or as text; or compared with what a file holds.
 * `query` is a path of JMESPath.
 */
export interface Kept {
  query: string;
  as: 'variable' | 'bytes' | 'text' | 'same';
  name: string;
}

/** A variable that a person may want to set otherwise; `why` says so. */
export interface Assignment {
  act: 'set';
  variable: string;
  value: Word;
  why: string;
}

/** A secret that is no longer needed. */
export interface Forgetting {
  act: 'forget';
  variable: string;
}

/** A file of text. */
export interface TextFile {
  act: 'text';
  into: string;
  text: Word;
}

/** A program of the learner's. */
export interface Command {
  act: 'program';
  program: string;
  words: readonly Word[];
  /** What it says on stdout goes there. */
  into?: string;
  /** The variable that it reads on stdin. */
  secret?: string;
  refused?: string;
}
