import { stateFolder } from '../target/state.js';

/** Serve the embedded KMS until SIGINT or SIGTERM; both end it cleanly, with exit code 0. */
export async function serveUntilStopped(options: { port: number; host: string; state?: string }): Promise<number> {
  const [{ createEmulator }, { serve }] = await Promise.all([
    import('../emulator/emulator.js'),
    import('../emulator/server.js'),
  ]);
  const folder = stateFolder(options.state, process.env);
  const emulator = await createEmulator({
    state: folder === 'memory' ? 'memory' : { dir: folder },
    simulate: process.env.KMS_LAB_SIMULATE,
  });
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  try {
    const server = await serve(emulator, { host: options.host, port: options.port });
    process.stdout.write(greeting(server.url, folder));
    await stopped;
    await server.close();
  } finally {
    await emulator.close();
  }
  return 0;
}

/** What to paste into another terminal, so that the AWS CLI talks to this server. */
function greeting(url: string, folder: string): string {
  return `# the embedded KMS listens on ${url} (state: ${folder}); Ctrl-C ends it
export AWS_ENDPOINT_URL=${url}
export AWS_ACCESS_KEY_ID=test
export AWS_SECRET_ACCESS_KEY=test
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
unset AWS_PROFILE AWS_SESSION_TOKEN
`;
}
