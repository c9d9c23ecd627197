import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { createEmulator, type EmulatorOptions, type LocalEmulator } from '../../src/emulator/emulator.js';
import { serve } from '../../src/emulator/server.js';
import type { WireRequest, WireResponse } from '../../src/emulator/wire/message.js';

/** Answers in the embedded KMS's place where it likes to; `honest` asks the embedded KMS. */
export type Answering = (
  operation: string,
  request: WireRequest,
  honest: () => Promise<WireResponse>,
) => Promise<WireResponse | undefined> | WireResponse | undefined;

export interface Served {
  url: string;
  emulator: LocalEmulator;
  /** The operations asked so far, STS as "sts". */
  asked: string[];
  /** What a program needs to reach it. */
  env: Record<string, string>;
}

/** An embedded KMS of its own, in memory, behind HTTP on a free port; `answering` may lie, fail or wait. */
export async function served(
  answering: Answering = () => undefined,
  options: Partial<EmulatorOptions> = {},
): Promise<Served> {
  const emulator = await createEmulator({ state: 'memory', ...options });
  const asked: string[] = [];
  const server = await serve(
    {
      async handle(request) {
        const operation = request.headers['x-amz-target']?.split('.')[1] ?? 'sts';
        asked.push(operation);
        const honest = () => emulator.handle(request);
        return (await answering(operation, request, honest)) ?? honest();
      },
      close: async () => {},
    },
    { port: 0 },
  );
  onTestFinished(async () => {
    await server.close();
    await emulator.close();
  });
  return { url: server.url, emulator, asked, env: { ...keys, AWS_ENDPOINT_URL: server.url } };
}

/** The embedded KMS's administrator. */
export const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

/** An answer of KMS. */
export const json = (body: object, status = 200): WireResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});

/** An exception of KMS. */
export const refusal = (name: string, message = 'No.', status = 400): WireResponse =>
  json({ __type: name, message }, status);

/** An error of STS. */
export const stsRefusal = (code: string, status = 403): WireResponse => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body:
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code>` +
    '<Message>No.</Message></Error><RequestId>1</RequestId></ErrorResponse>',
});

/** What an answer's body says. */
export const bodyOf = ({ body }: WireRequest | WireResponse): Record<string, string> =>
  JSON.parse(Buffer.from(body).toString('utf8'));

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
