// The embedded KMS over HTTP, side by side with a bare server that does the same cryptography and with moto_server where it
// is installed. Rounds alternate, so that a machine whose speed drifts does not decide the result.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, Connection, rate } from './load.mjs';
import { commands, hasMoto, start } from './servers.mjs';

const rounds = Number(process.env.BENCH_RUNS ?? 5);
const sliceMs = Number(process.env.BENCH_MS ?? 700);
const keys = Number(process.env.BENCH_KEYS ?? 10_000);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);

async function ask(url, command, input) {
  const connection = new Connection(url);
  const { status, body } = await connection.send(await bytesOf(url, command, input));
  connection.close();
  if (status !== 200) throw new Error(`${command}: ${status} ${body}`);
  return JSON.parse(body);
}

/** The four calls, signed for a server. */
async function callsOf(url) {
  const made = async (input) => (await ask(url, 'createKey', input)).KeyMetadata.KeyId;
  const KeyId = await made({});
  const signing = await made({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const Plaintext = Buffer.alloc(32, 7);
  const { CiphertextBlob } = await ask(url, 'encrypt', { KeyId, Plaintext });
  const sign = { KeyId: signing, Message: Plaintext, SigningAlgorithm: 'ECDSA_SHA_256' };
  return {
    Encrypt: await bytesOf(url, 'encrypt', { KeyId, Plaintext }),
    Decrypt: await bytesOf(url, 'decrypt', { CiphertextBlob: Buffer.from(CiphertextBlob, 'base64') }),
    'Sign (P-256)': await bytesOf(url, 'sign', sign),
    DescribeKey: await bytesOf(url, 'describeKey', { KeyId }),
  };
}

async function throughput() {
  const names = ['ours', 'bare', ...(hasMoto ? ['moto'] : [])];
  const servers = {};
  for (const name of names) {
    const server = await start(commands[name]());
    servers[name] = { ...server, calls: await callsOf(server.url) };
  }
  console.log('| calls per second | connections | ours | bare | moto | ours : bare | goal | ours : moto | goal |');
  console.log('|---|---:|---:|---:|---:|---:|---|---:|---|');
  for (const connections of [1, 32]) {
    for (const operation of Object.keys(servers.ours.calls)) {
      const measured = Object.fromEntries(names.map((name) => [name, []]));
      // The first round warms up.
      for (let round = 0; round <= rounds; round++) {
        for (const name of names) {
          const { url, calls } = servers[name];
          const value = await rate(url, calls[operation], connections, round ? sliceMs : sliceMs / 2);
          if (round) measured[name].push(value);
        }
      }
      const ratio = (peer) => median(measured.ours.map((value, at) => value / measured[peer][at]));
      const speed = (name) => (measured[name] ? median(measured[name]).toFixed(0) : '–');
      const toMoto = hasMoto ? ratio('moto').toFixed(1) : '–';
      row([
        ...[operation, connections, speed('ours'), speed('bare'), speed('moto')],
        ...[ratio('bare').toFixed(2), '≥ 0.5', toMoto, connections === 32 ? '≥ 15' : ''],
      ]);
    }
  }
  for (const name of names) await servers[name].stop();
}

async function readiness() {
  const times = { ours: [], bare: [] };
  for (let round = 0; round <= 2 * rounds; round++) {
    for (const name of ['ours', 'bare']) {
      const server = await start(commands[name]());
      if (round) times[name].push(server.readyMs);
      await server.stop();
    }
  }
  const ratio = median(times.ours.map((value, at) => value / times.bare[at]));
  console.log('\n| ready to answer | ours, ms | bare listener, ms | ratio | goal |\n|---|---:|---:|---:|---|');
  row(['serve', median(times.ours).toFixed(0), median(times.bare).toFixed(0), ratio.toFixed(2), '≤ 1.8']);
}

/** Milliseconds of each page of ListKeys, from the first to the last. */
async function pages(url) {
  const connection = new Connection(url);
  const times = [];
  for (let Marker; ; ) {
    const bytes = await bytesOf(url, 'listKeys', { Limit: 100, Marker });
    const started = performance.now();
    const { body } = await connection.send(bytes);
    times.push(performance.now() - started);
    const { NextMarker, Truncated } = JSON.parse(body);
    if (!Truncated) break;
    Marker = NextMarker;
  }
  connection.close();
  return times;
}

async function makeKeys(url, count) {
  const bytes = await bytesOf(url, 'createKey', {});
  let left = count;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      const connection = new Connection(url);
      while (left-- > 0) await connection.send(bytes);
      connection.close();
    }),
  );
}

async function many(state, title) {
  const server = await start(commands.ours(state));
  const idle = server.memory();
  const started = performance.now();
  await makeKeys(server.url, keys);
  const making = performance.now() - started;
  await pages(server.url);
  const times = await pages(server.url);
  const tenth = Math.ceil(times.length / 10);
  const [first, last] = [median(times.slice(0, tenth)), median(times.slice(-tenth))];
  row([
    ...[title, ((keys * 1000) / making).toFixed(0), times.length, first.toFixed(2), last.toFixed(2)],
    ...[(last / first).toFixed(2), idle.toFixed(0), server.memory().toFixed(0)],
  ]);
  await server.stop();
}

console.log(`Node.js ${process.version}, ${process.platform} ${process.arch}, medians of ${rounds} rounds\n`);
await throughput();
await readiness();
console.log(
  `\n| ${keys} keys | made per second | pages of 100 | first pages, ms | last pages, ms | last : first | idle, MiB | with the keys, MiB |`,
);
console.log('|---|---:|---:|---:|---:|---:|---:|---:|');
await many('memory', 'state in memory');
const folder = mkdtempSync(join(tmpdir(), 'kms-lab-bench-'));
try {
  await many(folder, 'state in a folder');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
