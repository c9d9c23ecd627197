import { stateFolder } from '../target/state.js';
import { exposure } from './exposure.js';
import { greeting } from './greeting.js';
import { hasUsualSecret, identitiesOf, listed } from './identities.js';
import type { ServeOptions } from './serve.js';

/** Serve the embedded KMS until SIGINT or SIGTERM; both end it cleanly, with exit code 0. */
export async function serveUntilStopped(options: ServeOptions): Promise<number> {
  const known = identitiesOf(
    [...listed(process.env.KMS_LAB_CREDENTIALS ?? ''), ...(options.credential ?? [])],
    options.identity ?? [],
  );
  const stopped = whenStopped();
  const [{ createEmulator }, { serve }] = await Promise.all([
    import('../emulator/emulator.js'),
    import('../emulator/server.js'),
  ]);
  const folder = stateFolder(options.state, process.env);
  const emulator = await createEmulator({
    state: folder === 'memory' ? 'memory' : { dir: folder },
    simulate: process.env.KMS_LAB_SIMULATE,
    ...known,
  });
  try {
    const server = await serve(emulator, { host: options.host, port: options.port });
    const usual = hasUsualSecret(known.identities);
    const warning = usual ? exposure(options.host) : undefined;
    if (warning) process.stderr.write(`kms-lab: warning: ${warning}\n`);
    process.stdout.write(greeting(server.url, folder, usual));
    await stopped;
    await server.close();
  } finally {
    await emulator.close();
  }
  return 0;
}

/** Windows knows no SIGTERM; its Ctrl-Break is SIGBREAK. A second signal ends the process at once. */
function whenStopped(): Promise<void> {
  const signals = process.platform === 'win32' ? (['SIGINT', 'SIGBREAK'] as const) : (['SIGINT', 'SIGTERM'] as const);
  return new Promise<void>((resolve) => {
    const stop = () => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
