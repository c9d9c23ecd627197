/**
 * A process of its own on a shared state: makes a key, gives it an alias, a tag and one description after another, and begins
 * again, for ever. Prints what has been acknowledged, a line each. Without the SDK, since that takes longer to load than to use.
 */
import { writeSync } from 'node:fs';
import { createEmulator } from '../../src/emulator/emulator.js';
import { signed } from './signed.js';

const [dir = '', name = ''] = process.argv.slice(2);
const emulator = await createEmulator({ state: { dir } });

async function call(operation: string, request: object): Promise<{ KeyMetadata?: { KeyId: string } }> {
  const body = Buffer.from(JSON.stringify(request));
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` };
  const response = await emulator.handle({ method: 'POST', path: '/', headers: signed(body, headers), body });
  const text = response.body || '{}';
  if (response.status !== 200) throw new Error(text);
  return JSON.parse(text);
}

const acknowledge = (...words: (string | number)[]) => writeSync(1, `${words.join(' ')}\n`);

for (let n = 0; ; n++) {
  const { KeyMetadata } = await call('CreateKey', {});
  const KeyId = KeyMetadata?.KeyId as string;
  acknowledge('key', KeyId);
  await call('CreateAlias', { AliasName: `alias/${name}-${n}`, TargetKeyId: KeyId });
  acknowledge('alias', KeyId, `alias/${name}-${n}`);
  await call('TagResource', { KeyId, Tags: [{ TagKey: 'n', TagValue: String(n) }] });
  acknowledge('tag', KeyId, n);
  for (let version = 1; version <= 3; version++) {
    await call('UpdateKeyDescription', { KeyId, Description: String(version) });
    acknowledge('description', KeyId, version);
  }
}
