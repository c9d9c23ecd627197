import { execFile } from 'node:child_process';
import { type Finding, failed, passed, warning } from './check.js';

/** Node.js, by its version ("22.20.0"). The SDK's own notice, which the program keeps off the screen, says the rest. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const text = version;
  const install = 'install Node.js 22 or later (https://nodejs.org)';
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!supported) return failed('Node.js', 'usage', `${text} is not supported`, install);
  if (major > 20) return passed('Node.js', text);
  const notice = `${text}: versions of the AWS SDK from January 2027 on need Node.js 22`;
  return warning('Node.js', notice, install);
}

interface Tool {
  command: string;
  args: string[];
  /** What is lost without it. */
  without: string;
}

const tools: Readonly<Record<string, Tool>> = {
  'AWS CLI': {
    command: 'aws',
    args: ['--version'],
    without: 'the printed `aws` lines can not be pasted; install it (https://aws.amazon.com/cli/)',
  },
  openssl: {
    command: 'openssl',
    args: ['version'],
    without: 'labs skip their cross-checks with openssl; install it if you want them',
  },
};

/** Programs that labs may use; `PATH` is that of the environment. */
export async function toolFindings(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  return Promise.all(Object.entries(tools).map(([name, tool]) => toolFinding(name, tool, env)));
}

async function toolFinding(name: string, { command, args, without }: Tool, env: NodeJS.ProcessEnv): Promise<Finding> {
  const answer = await versionOf(command, args, env);
  if ('version' in answer) return passed(name, answer.version);
  return warning(name, answer.missing, without);
}

function versionOf(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ version: string } | { missing: string }> {
  return new Promise((resolve) => {
    // Python, in which the AWS CLI is written, may need seconds at its first start.
    execFile(command, args, { env, timeout: 10_000, windowsHide: true }, (error, stdout) => {
      const [line = ''] = stdout.trim().split('\n');
      if (!error && line) resolve({ version: line.trim() });
      else resolve({ missing: error?.code === 'ENOENT' ? 'not found' : 'found, but it does not run' });
    });
  });
}
