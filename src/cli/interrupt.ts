import { setMaxListeners } from 'node:events';
import { LabError } from '../errors.js';
import { discardUnfinished } from '../files/output.js';

/**
 * Ctrl-C once: finish the call in flight and report. A second time: stop at once, as any program would. The hint says what to do
 * then, where it is not to remove what was made.
 */
export function onInterrupt(hint?: string): { signal: AbortSignal; done(): void } {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // labs side by side, and keys, each listen
  const handlers = {
    SIGINT: () => stop('SIGINT', 'interrupted'),
    SIGTERM: () => stop('SIGTERM', 'terminated'),
  } as const;
  const done = () => {
    for (const name of Object.keys(handlers) as (keyof typeof handlers)[]) process.off(name, handlers[name]);
  };
  function stop(name: keyof typeof handlers, kind: 'interrupted' | 'terminated') {
    if (controller.signal.aborted) {
      done();
      discardUnfinished();
      process.kill(process.pid, name);
      return;
    }
    process.stderr.write(`\nkms-lab: ${kind}: finishing the call in flight (again to stop at once)\n`);
    controller.abort(new LabError(kind, `${kind} by ${name}`, hint === undefined ? {} : { hint }));
  }
  for (const name of Object.keys(handlers) as (keyof typeof handlers)[]) process.on(name, handlers[name]);
  return { signal: controller.signal, done };
}
