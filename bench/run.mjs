// The measurements that README quotes: `npm run bench`. Each pairs a command of ours with a peer, run in turn, and
// gives the median of the ratios pair by pair, so that a machine whose speed drifts does not decide the result.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'dist', 'src', 'main.js');
const runs = Number(process.env.BENCH_RUNS ?? 15);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function timed(args, options) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function pair(title, ours, peer, goal, options = {}) {
  timed(ours, options);
  timed(peer, options);
  const rows = Array.from({ length: runs }, () => {
    const a = timed(ours, options);
    const b = timed(peer, options);
    return { a, b, ratio: a / b };
  });
  const of = (key) => median(rows.map((row) => row[key]));
  return { title, ours: of('a'), peer: of('b'), ratio: of('ratio'), goal };
}

async function withServer(work) {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--state', 'memory'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let text = '';
    for await (const chunk of child.stdout) {
      text += chunk;
      const url = /AWS_ENDPOINT_URL=(\S+)/.exec(text)?.[1];
      if (url) return work(url);
    }
    throw new Error('serve ended before it listened');
  } finally {
    child.kill('SIGTERM');
  }
}

const rows = [pair('kms-lab --help : node -e 0', [program, '--help'], ['-e', '0'], '≤ 1.6')];
const folder = mkdtempSync(join(tmpdir(), 'kms-lab-bench-'));
try {
  rows.push(
    await withServer((url) => {
      const env = {
        PATH: process.env.PATH,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'us-east-1',
        AWS_CONFIG_FILE: join(folder, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      };
      const lab = [program, 'symmetric', '--endpoint-url', url];
      return pair('kms-lab symmetric : bare SDK script', lab, [join(root, 'bench', 'bare.mjs'), url], '≤ 1.3', {
        cwd: folder,
        env,
      });
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(`Node.js ${process.version}, ${process.platform} ${process.arch}, medians of ${runs} pairs\n`);
console.log('| measured (whole process) | ours, ms | peer, ms | ratio | goal |');
console.log('|---|---:|---:|---:|---|');
for (const { title, ours, peer, ratio, goal } of rows)
  console.log(`| ${title} | ${ours.toFixed(0)} | ${peer.toFixed(0)} | ${ratio.toFixed(2)} | ${goal} |`);
