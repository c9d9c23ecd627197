import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { requestHandler } from '../../../src/emulator/handler.js';
import type { Emulator, WireRequest, WireResponse } from '../../../src/emulator/wire/message.js';
import type { CheckEvent, CheckStep } from '../../../src/lab/check-events.js';
import type { Lab } from '../../../src/lab/define.js';
import type { Place } from '../../../src/lab/events.js';
import { aliasName } from '../../../src/lab/own.js';
import { packageRoot } from '../../../src/lab/package-root.js';
import { checkLab } from '../../../src/lab/run-check.js';
import { ann, openRoom, type Room, region } from '../room.js';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** A world and a folder that somebody may spoil. */
export interface Scene {
  emulator: Emulator;
  cwd: string;
  lab: Lab;
  /** The SDK straight at that world. */
  kms: KMS;
  kmsIn(region: string): KMS;
  /** The id of the key behind the lab's alias. */
  key(name: string): Promise<string>;
  files: {
    read(name: string): Promise<Buffer>;
    write(name: string, bytes: Uint8Array | undefined): Promise<void>;
    remove(name: string): Promise<void>;
  };
}

export function sceneOf(lab: Lab, emulator: Emulator, cwd: string): Scene {
  const kmsIn = (at: string) =>
    new KMS({ region: at, credentials, requestHandler: requestHandler(emulator), maxAttempts: 1 });
  const kms = kmsIn(region);
  const path = (name: string) => join(cwd, 'kms-lab-files', lab.id, name);
  return {
    emulator,
    cwd,
    lab,
    kms,
    kmsIn,
    async key(name) {
      const { KeyMetadata } = await kms.describeKey({ KeyId: aliasName('default', name) });
      return KeyMetadata?.KeyId ?? '';
    },
    files: {
      read: (name) => readFile(path(name)),
      async write(name, bytes) {
        await mkdir(dirname(path(name)), { recursive: true });
        await writeFile(path(name), bytes ?? '');
      },
      remove: (name) => rm(path(name)),
    },
  };
}

/** What a check said. */
export interface Checked {
  events: CheckEvent[];
  outcome: 'passed' | 'failed';
  error: Error | undefined;
  /** "1.2 kms-lab-files/… is there (do this step …)", in order. */
  fails: string[];
  /** The steps of that grade. */
  steps(grade: CheckStep['grade']): string[];
  /** The operations that were sent, and what with. */
  asked: { operation: string; input: Record<string, unknown> }[];
}

export interface Checking {
  namespace?: string;
  signal?: AbortSignal;
  kind?: Place['kind'];
  /** Answers in the world's place where it likes to. */
  instead?: (operation: string, request: WireRequest) => Promise<WireResponse> | undefined;
}

/** Grade the lab in a scene. */
export async function check({ lab, emulator, cwd }: Scene, how: Checking = {}): Promise<Checked> {
  const asked: Checked['asked'] = [];
  const handler = requestHandler({
    close: async () => {},
    handle: async (request) => {
      const operation = request.headers['x-amz-target']?.replace(/^TrentService\./, '') ?? '';
      asked.push({ operation, input: JSON.parse(new TextDecoder().decode(request.body)) });
      return await (how.instead?.(operation, request) ?? emulator.handle(request));
    },
  });
  const events: CheckEvent[] = [];
  const { end, error } = await checkLab(lab, {
    connection: {
      config: (_service, at) => ({
        region: at,
        endpoint: 'http://127.0.0.1:1',
        requestHandler: handler,
        credentials,
        maxAttempts: 1,
      }),
      cli: {},
    },
    place: { kind: how.kind ?? 'local', label: 'embedded KMS', region, account: '111122223333', identity: ann },
    namespace: how.namespace ?? 'default',
    cwd,
    signal: how.signal ?? new AbortController().signal,
    emit: (event) => events.push(event),
  });
  const steps = events.filter((event) => event.type === 'check:step');
  return {
    events,
    outcome: end.outcome,
    error,
    fails: steps.flatMap(({ step, findings }) =>
      findings.flatMap(({ what, found, hint }) => (found ? [] : [`${step} ${what} (${hint})`])),
    ),
    steps: (grade) => steps.flatMap((step) => (step.grade === grade ? [step.step] : [])),
    asked,
  };
}

/** A room in which the lab has been run; each `spoilt` scene is a copy of it. */
export async function ranRoom(lab: Lab) {
  const room: Room = await openRoom();
  const folders: string[] = [];
  // Lab 5 on a small file: its own sample has 64 MiB, and each case below copies all files.
  const options = lab.id === 'envelope' ? { file: join(packageRoot(), 'labs/envelope/README.md') } : {};
  const ran = await room.run(lab, { simulated: true, options });
  if (ran.end.outcome !== 'passed') throw new Error(`${lab.id} itself failed`, { cause: ran.error });
  return {
    room,
    scene: sceneOf(lab, room.emulator, room.cwd),
    async spoilt(spoil: (scene: Scene) => Promise<unknown>): Promise<Scene> {
      const cwd = await mkdtemp(join(tmpdir(), 'kms-lab-spoilt-'));
      folders.push(cwd);
      await cp(room.cwd, cwd, { recursive: true });
      const scene = sceneOf(lab, room.emulator.copy(), cwd);
      await spoil(scene);
      return scene;
    },
    async close() {
      await room.close();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

export type RanRoom = Awaited<ReturnType<typeof ranRoom>>;

/** Every file of the folder with its bytes. */
export async function filesIn(cwd: string): Promise<Record<string, string>> {
  const names = (await readdir(cwd, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const read = async (path: string) => [path, (await readFile(path)).toString('base64')] as const;
  return Object.fromEntries(await Promise.all(names.map((entry) => read(join(entry.parentPath, entry.name)))));
}
