import { appendFileSync } from 'node:fs';
import { LabError } from '../errors.js';
import { annotations, stepSummary } from '../report/github.js';
import { html } from '../report/html.js';
import { junit } from '../report/junit.js';
import { markdown } from '../report/markdown.js';
import type { Reporter } from '../report/reporter.js';
import { complain } from './complain.js';
import type { LabOptions } from './lab.js';
import { reportFile } from './report-file.js';
import { nextOf } from './screen.js';

const formats = { junit, markdown, html } as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The reports beside that of stdout. */
export interface Reports {
  reporters: Reporter[];
  /** The exit code in view of them: a report that could not be written in the end is 2, unless something graver happened. */
  settle(code: number): number;
}

/** What the options ask for, and what GitHub Actions shows. Throws when a file can't be written, before anything is made. */
export function openReports(options: LabOptions, env: Environment): Reports {
  let lost = false;
  const reporters = files(options, (error) => {
    lost = true;
    complain(error, options.debug === true);
  });
  return {
    reporters: env.GITHUB_ACTIONS === 'true' ? [...reporters, ...github(env)] : reporters,
    settle: (code) => (lost && code < 2 ? 2 : code),
  };
}

function files(options: LabOptions, onLost: (error: unknown) => void): Reporter[] {
  const next = nextOf(options);
  const taken = new Map<string, string>();
  return (Object.keys(formats) as (keyof typeof formats)[]).flatMap((name) => {
    const asked = options[name];
    if (asked === undefined) return [];
    const { path, write } = reportFile(`--${name}`, asked);
    const other = taken.get(path);
    if (other) throw new LabError('usage', `--${other} and --${name} name the same file: ${asked}`);
    taken.set(path, name);
    const attempt = (text: string) => {
      try {
        write(text);
      } catch (error) {
        onLost(error);
      }
    };
    return [formats[name](attempt, next)];
  });
}

/** The runner looks for its commands on stderr as well, which leaves stdout to the result. */
function github({ GITHUB_STEP_SUMMARY: file }: Environment): Reporter[] {
  const errors = annotations((text) => void process.stderr.write(text));
  if (!file) return [errors];
  const append = (text: string) => {
    try {
      appendFileSync(file, text);
    } catch (error) {
      // Nobody asked for it by an option: a run is not worse for it.
      const { code, message } = error as NodeJS.ErrnoException;
      process.stderr.write(`kms-lab: can't write the step summary: ${code ?? message}\n`);
    }
  };
  return [errors, stepSummary(append)];
}
