// Lab 5 against its peers: `npm run bench:envelope`. By hand against `openssl enc -aes-256-cbc`, the tools against the
// AWS Encryption SDK alone; whole processes on one disk, their calls to KMS included. BENCH_MIB is the size of the file.
import { spawnSync } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { commands, start } from './servers.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'dist', 'src', 'main.js');
const peer = join(root, 'bench', 'envelope-peer.mjs');
const mebibytes = Number(process.env.BENCH_MIB ?? 4096);
const rounds = Number(process.env.BENCH_RUNS ?? 5);
const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'kms-lab-bench-'));
const at = (name) => join(folder, name);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** What cannot be compressed and is quickly made. */
function writeInput(path) {
  const stream = createCipheriv('aes-128-ctr', randomBytes(16), randomBytes(16));
  const zeros = Buffer.alloc(2 ** 20);
  const file = openSync(path, 'w');
  for (let n = 0; n < mebibytes; n++) writeSync(file, stream.update(zeros));
  closeSync(file);
}

/** Seconds that a process takes, and its peak memory in MiB as it says itself: that it replaces a file is not timed. */
function timed({ run: [command, ...args], makes }, env) {
  rmSync(at(makes), { force: true });
  const begun = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { seconds, memory: Number(/peak (\d+) MiB/.exec(stdout)?.[1] ?? 0) };
}

/** Rounds alternate, so that a machine whose speed drifts does not decide the result. */
function pair(title, ours, theirs, goal, env) {
  const rows = Array.from({ length: rounds + 1 }, () => {
    const a = timed(ours, env);
    const b = timed(theirs, env);
    return { ours: a.seconds, theirs: b.seconds, ratio: goal.of(a.seconds, b.seconds), memory: a.memory };
  }).slice(1); // the first warms the disk's cache
  const of = (key) => median(rows.map((row) => row[key]));
  const peak = Math.max(...rows.map(({ memory }) => memory));
  const cells = [title, of('ours').toFixed(2), of('theirs').toFixed(2), of('ratio').toFixed(2), goal.text, peak || ''];
  console.log(`| ${cells.join(' | ')} |`);
}

const faster = { of: (ours, theirs) => theirs / ours, text: '≥ 2 times as fast' };
const shown = { ...faster, text: 'as fast (no goal)' };
const overhead = { of: (ours, theirs) => ours / theirs, text: '≤ 1.2 times as long' };

const server = await start(commands.ours());
try {
  const env = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: server.url,
    XDG_STATE_HOME: folder,
    // One line at the end of each Node.js process, also of the program's.
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(
      "process.on('exit',()=>console.log('peak',Math.round(process.resourceUsage().maxRSS/1024),'MiB'))",
    )}`,
  };
  // The lab's own code, bundled as the program is.
  const byHand = join(root, 'node_modules', '.kms-lab-bench', 'by-hand.mjs');
  await build({
    input: join(root, 'bench', 'envelope-by-hand.ts'),
    platform: 'node',
    external: /^(node:|@?[a-z])/,
    output: { file: byHand, format: 'esm' },
    logLevel: 'silent',
  });
  writeInput(at('input'));
  writeFileSync(at('key'), Buffer.from(randomBytes(24).toString('base64')));
  spawnSync(process.execPath, [program, 'envelope', '--quiet', '--file', program], { cwd: folder, env });
  const [node, tool] = [process.execPath, [process.execPath, program, 'envelope']];
  console.log(
    `Node.js ${process.version}, ${process.platform} ${process.arch}, ${mebibytes} MiB, medians of ${rounds} pairs\n`,
  );
  console.log('| measured (whole process) | ours, s | peer, s | ratio | goal | our peak, MiB |');
  console.log('|---|---:|---:|---:|---|---:|');
  const cbc = (...args) => ['openssl', 'enc', '-aes-256-cbc', '-salt', '-pass', 'file:key', ...args];
  pair(
    'by hand, encrypt : openssl enc',
    { run: [node, byHand, 'seal', 'input', 'sealed'], makes: 'sealed' },
    { run: cbc('-in', 'input', '-out', 'cbc'), makes: 'cbc' },
    faster,
    env,
  );
  pair(
    'by hand, decrypt : openssl enc -d',
    { run: [node, byHand, 'open', 'sealed', 'opened'], makes: 'opened' },
    { run: cbc('-d', '-in', 'cbc', '-out', 'out'), makes: 'out' },
    shown,
    env,
  );
  for (const name of ['sealed', 'opened', 'cbc', 'out']) rmSync(at(name), { force: true });
  pair(
    'tool, encrypt : library alone',
    { run: [...tool, 'encrypt', 'input', '-o', 'ours', '--quiet'], makes: 'ours' },
    { run: [node, peer, 'encrypt', 'input', 'theirs'], makes: 'theirs' },
    overhead,
    env,
  );
  pair(
    'tool, decrypt : library alone',
    { run: [...tool, 'decrypt', 'ours', '-o', 'opened', '--quiet'], makes: 'opened' },
    { run: [node, peer, 'decrypt', 'theirs', 'out'], makes: 'out' },
    overhead,
    env,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
}
