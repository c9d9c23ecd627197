import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { type KmsOptions, openKms } from '../../src/kms/clients.js';
import type { CallRecord, Ownership } from '../../src/kms/connection.js';

/** What specs look at in a request. */
export interface Asked {
  KeyId?: string;
  Tags: { TagKey: string; TagValue: string }[];
}

/** A request as it reaches the wire. */
export interface Sent {
  operation: string;
  region: string;
  /** JSON. */
  input: Asked;
}

/** What a scripted KMS does with a request: a JSON body, a status with an AWS error, or something thrown. */
export type Script = (sent: Sent, count: number) => object | Error | Refusal;

export class Refusal {
  constructor(
    readonly name: string,
    readonly status = 400,
  ) {}
}

export const nodeError = (code: string) => Object.assign(new Error(`socket: ${code}`), { code });

export const ownership: Ownership = {
  lab: 'symmetric',
  namespace: 'alice',
  run: '20261124-a1b2',
  owner: 'arn:aws:iam::111122223333:user/lab',
};

/** The client under test on a KMS that follows a script; time passes only while it sleeps. */
export async function scripted(script: Script, options: Partial<KmsOptions> = {}) {
  const sent: Sent[] = [];
  const records: CallRecord[] = [];
  const waits: string[] = [];
  let time = Date.parse('2026-11-24T10:00:00Z');
  const connection = {
    config: (_service: string, region: string): KMSClientConfig => ({
      region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: handler(region, sent, script),
    }),
    cli: { endpointUrl: 'http://127.0.0.1:4599' },
  };
  const clients = await openKms({
    connection,
    ownership,
    onCall: (record) => records.push(record),
    onWait: (what) => waits.push(what),
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
    ...options,
  });
  return { clients, kms: clients.in('us-east-1'), sent, records, waits, elapse: (ms: number) => (time += ms) };
}

function handler(region: string, sent: Sent[], script: Script) {
  return {
    async handle(request: { headers: Record<string, string>; body: Uint8Array }) {
      const operation = (request.headers['x-amz-target'] ?? '').replace('TrentService.', '');
      const input = JSON.parse(new TextDecoder().decode(request.body)) as Asked;
      sent.push({ operation, region, input });
      const count = sent.filter((each) => each.operation === operation).length;
      const answer = script({ operation, region, input }, count);
      if (answer instanceof Error) throw answer;
      const refused = answer instanceof Refusal;
      const body = refused ? { __type: answer.name, message: 'scripted' } : answer;
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': `request-${sent.length}` };
      return {
        response: { statusCode: refused ? answer.status : 200, headers, body: Buffer.from(JSON.stringify(body)) },
      };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
    metadata: { handlerProtocol: 'http/1.1' },
  };
}

export const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
export const keyArn = `arn:aws:kms:us-east-1:111122223333:key/${keyId}`;
export const metadata = { KeyId: keyId, Arn: keyArn, KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT' };
export const alias = 'alias/kms-lab-alice-symmetric-key';
