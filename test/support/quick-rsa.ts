/**
 * For specs that run labs many times or import into many keys: Node.js hands out RSA keys in turn from a few that it has made,
 * since it takes up to a second to find another. Everything else about them is real. In effect once it is imported.
 */
import crypto, { type KeyPairKeyObjectResult, type RSAKeyPairKeyObjectOptions } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

/** More than any lab makes of one size. */
const poolSize = 4;

const original = crypto.generateKeyPair;
const anew = promisify(original) as (type: string, options: object) => Promise<KeyPairKeyObjectResult>;
const pools = new Map<number, Promise<KeyPairKeyObjectResult>[]>();

async function fromPool(type: string, options: object): Promise<KeyPairKeyObjectResult> {
  if (type !== 'rsa') return await anew(type, options);
  const { modulusLength } = options as RSAKeyPairKeyObjectOptions;
  const pool = pools.get(modulusLength) ?? [];
  pools.set(modulusLength, pool);
  const next = (pool.length < poolSize ? undefined : pool.shift()) ?? anew(type, options);
  pool.push(next);
  return await next;
}

crypto.generateKeyPair = Object.assign(original.bind(crypto), {
  __promisify__: original.__promisify__,
  [promisify.custom]: fromPool,
}) as typeof original;
syncBuiltinESMExports();
