import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations as modelled } from '../../src/emulator/wire/constraints.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';
import { signed } from '../support/signed.js';

/** Every operation of the SDK's client, as it names them. */
const names = Object.getOwnPropertyNames(KMS.prototype)
  .filter((name) => /^[a-z]/.test(name) && !/^(constructor|paginate|waitUntil)/.test(name))
  .map((name) => name.charAt(0).toUpperCase() + name.slice(1))
  .sort();

let on: KmsUnderTest;
beforeAll(async () => {
  on = await kmsUnderTest();
});
afterAll(() => on.close());

async function answer(operation: string, body: object): Promise<{ status: number; type?: string; message?: string }> {
  const bytes = Buffer.from(JSON.stringify(body));
  const target = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` };
  const response = await on.emulator.handle({ method: 'POST', path: '/', headers: signed(bytes, target), body: bytes });
  const { __type: type, message } = JSON.parse(response.body || '{}');
  return { status: response.status, type, message };
}

describe('The SDK’s 56 operations', () => {
  it('are those of the API model', () => {
    expect(names).toHaveLength(56);
    expect(names).toEqual([...modelled.keys()].sort());
  });

  it.each(names)('%s is known', async (operation) => {
    const { status, type } = await answer(operation, {});
    expect(type).not.toBe('UnknownOperationException');
    expect(status).toBeLessThan(500);
  });
});
