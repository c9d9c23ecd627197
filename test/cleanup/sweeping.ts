import { apply, type Result } from '../../src/cleanup/apply.js';
import { type Prepared, type PrepareOptions, prepare } from '../../src/cleanup/prepare.js';
import { requestHandler } from '../../src/emulator/handler.js';
import { ann, type Room, region } from '../lab/room.js';

/** What Ann's `kms-lab cleanup` (or `--undo`, or `status`) finds and plans in a room; who waits lets the world get on. */
export async function sweeping(
  { emulator }: Room,
  action: PrepareOptions['action'],
  regions: readonly string[] = [region],
): Promise<Prepared & { apply(): Promise<Result>; close(): void }> {
  const handler = requestHandler(emulator);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const connection = {
    config: (_service: string, at: string) => ({
      region: at,
      endpoint: 'http://127.0.0.1:1',
      requestHandler: handler,
      credentials,
    }),
    cli: {},
  };
  let passed = 0;
  const time = {
    now: () => Date.now() + passed,
    sleep: async (ms: number) => {
      passed += ms;
      emulator.advance(ms);
    },
  };
  const access = { account: '111122223333', identity: ann, connection };
  const prepared = await prepare(access, { regions, filter: { owner: ann }, action, time, share: 1 });
  return {
    ...prepared,
    apply: () => apply(prepared.plan, { kms: prepared.clients.kms, time }),
    close: () => prepared.clients.close(),
  };
}
