import { createHash, createHmac } from 'node:crypto';

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();

/** The headers of a POST to `/`, signed with SigV4 as `test` / `test`; independent of the emulator's own code. */
export function signed(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  { region = 'us-east-1', service = 'kms', now = new Date() } = {},
): Record<string, string> {
  const date = `${now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const all: Record<string, string> = { host: 'localhost', 'x-amz-date': date, ...headers };
  const names = Object.keys(all).sort();
  const lines = names.map((name) => `${name}:${all[name]?.trim().replace(/\s+/g, ' ')}\n`).join('');
  const canonical = `POST\n/\n\n${lines}\n${names.join(';')}\n${sha256(body)}`;
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  let key: Buffer | string = 'AWS4test';
  for (const part of scope.split('/')) key = hmac(key, part);
  const signature = hmac(key as Buffer, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...all, authorization };
}
