import { statSync } from 'node:fs';
import type { Context } from '../envelope/message.js';
import { LabError } from '../errors.js';
import { remember } from '../files/remembered.js';
import { jsonLine } from '../report/json.js';
import { hang, usable } from '../report/layout.js';
import { inkFor } from '../report/mark.js';
import { size } from '../report/progress-bar.js';
import { notesFolder } from '../target/state.js';
import type { Key } from './envelope-key.js';
import type { Tool } from './enveloping.js';
import { stdoutScreen } from './screen.js';

/** Note that the file is under this key, so that cleanup leaves the key alone. Without a note the lab's key is not used. */
export function rememberFile({ paths, target, options }: Tool, { arn, ofLab }: Key): void {
  const folder = notesFolder(target.kind, options.state, process.env);
  if (folder === undefined) return; // the key ends with this process, cleanup or not
  try {
    remember(folder, { path: paths.output, keyArn: arn });
  } catch (error) {
    const why = `can't note in ${folder} that the file needs its key: ${(error as NodeJS.ErrnoException).code}`;
    const hint = 'set XDG_STATE_HOME to a folder you may write to; or name a key of yours with --key-id';
    if (ofLab) throw new LabError('usage', why, { hint, cause: error });
    process.stderr.write(`kms-lab: ${why}\n`);
  }
}

const warning =
  'Nobody can open it without this key. `kms-lab cleanup` leaves the key alone while the file stays where it is; ' +
  'with --lose-files, or when you move the file, cleanup would make it unreadable.';

/** Say on stdout what was done. */
export function tellDone({ action, options, paths }: Tool, key: Key, context: Context): void {
  const bytes = statSync(paths.output).size;
  const warn = action === 'encrypt' && key.ofLab ? { warning } : {};
  if (options.json) {
    const { arn: keyArn } = key;
    const event = {
      type: `envelope:${action}`,
      input: paths.input,
      output: paths.output,
      bytes,
      keyArn,
      context,
      ...warn,
    };
    process.stdout.write(`${jsonLine(event)}\n`);
    return;
  }
  if (options.quiet) return;
  const screen = stdoutScreen(options.color);
  const ink = inkFor(screen);
  const limit = usable(screen.columns);
  const pairs = Object.entries(context).map(([name, value]) => `${name}=${value}`);
  const facts = [
    size(bytes),
    `${action}ed ${action === 'encrypt' ? 'under' : 'with'} ${key.name}`,
    ...(pairs.length > 0 ? [`context ${pairs.join(', ')}`] : []),
  ];
  const lines = [
    ...hang(`${ink.mark('passed')} `, ink.text(`${paths.output}: ${facts.join(` ${ink.dot} `)}`), limit),
    ...('warning' in warn ? hang('  ', ink.text(warning), limit) : []),
  ];
  screen.write(lines.map((line) => `${line}\n`).join(''));
}
