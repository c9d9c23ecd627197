import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administrator, type Identity } from '../../src/emulator/authz/identities.js';
import { createEmulator, type LocalEmulator } from '../../src/emulator/emulator.js';
import { requestHandler } from '../../src/emulator/handler.js';
import type { WireRequest } from '../../src/emulator/wire/message.js';
import type { Connection } from '../../src/kms/connection.js';
import { ann } from '../lab/room.js';
import { type Call, callOf } from './calls.js';

/** Where somebody acts, and as whom. */
export interface Scene {
  emulator: LocalEmulator;
  connection: Connection;
  /** A folder that goes with the stage. */
  cwd: string;
}

/** Something that the program does. Says why it did not come about; undefined: it did. */
export type Act = (scene: Scene) => Promise<string | undefined>;

/** An embedded KMS on which Ann acts: as an administrator, or under policies. */
export interface Stage {
  emulator: LocalEmulator;
  /** Let Ann do something, on a copy of the world unless told otherwise; `observe` is told of her calls. */
  play(act: Act, how?: { as?: string; on?: LocalEmulator; observe?(call: Call): void }): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Ann under each of these policies, by a name; `administrator` is there anyway. */
export async function openStage(policies: Readonly<Record<string, object>> = {}): Promise<Stage> {
  const identities: Identity[] = [
    { ...administrator, arn: ann },
    ...Object.entries(policies).map(([name, policy]) => ({
      accessKeyId: name,
      secretAccessKey: name,
      arn: ann,
      policies: [policy],
    })),
  ];
  const emulator = await createEmulator({ state: 'memory', identities });
  const cwd = mkdtempSync(join(tmpdir(), 'kms-lab-iam-'));
  return {
    emulator,
    async play(act, { as = administrator.accessKeyId, on, observe } = {}) {
      const world = on ?? emulator.copy();
      try {
        return await act({ emulator: world, connection: connectionTo(world, as, observe), cwd });
      } finally {
        if (!on) await world.close();
      }
    },
    async close() {
      await emulator.close();
      rmSync(cwd, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function connectionTo(emulator: LocalEmulator, name: string, observe?: (call: Call) => void): Connection {
  const handler = requestHandler({
    close: async () => {},
    handle: async (request: WireRequest) => {
      // What an assumed role does is allowed to the role.
      const own = request.headers.authorization?.includes(`Credential=${name}/`);
      if (own) observe?.(callOf(request));
      return await emulator.handle(request);
    },
  });
  return {
    config: (_service, region) => ({
      region,
      endpoint: 'http://127.0.0.1:1',
      requestHandler: handler,
      credentials: { accessKeyId: name, secretAccessKey: name },
      maxAttempts: 1,
    }),
    cli: {},
  };
}
