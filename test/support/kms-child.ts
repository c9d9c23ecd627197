/** A process of its own on a shared state: makes keys for ever (or as many as asked) and prints each one acknowledged. */
import { writeSync } from 'node:fs';
import { kmsUnderTest } from './kms-under-test.js';

const [dir = '', count = 'Infinity'] = process.argv.slice(2);
const on = await kmsUnderTest({ state: { dir } });
for (let n = 0; n < Number(count); n++) writeSync(1, `${await on.key()}\n`);
await on.close();
