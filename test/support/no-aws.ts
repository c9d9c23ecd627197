/**
 * The suite's set-up, run before each test file: whatever the machine knows about AWS is taken away, and nothing but
 * loopback can be reached, by this process or by one it starts. There is no switch.
 */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import './no-aws-guard.mjs';

for (const name of Object.keys(process.env)) {
  if (/^(AWS_|KMS_LAB_|(https?|all|no)_proxy$)/i.test(name)) delete process.env[name];
}

const nowhere = join(tmpdir(), `kms-lab-test-${process.pid}`);
const guard = new URL('./no-aws-guard.mjs', import.meta.url).href;
/** Nothing listens on the discard port: a program that follows a proxy (Python, curl) gets a refusal at once. */
const deadProxy = 'http://127.0.0.1:9';

Object.assign(process.env, {
  AWS_CONFIG_FILE: join(nowhere, 'no-config'),
  AWS_SHARED_CREDENTIALS_FILE: join(nowhere, 'no-credentials'),
  AWS_EC2_METADATA_DISABLED: 'true',
  // The SDK's notice about Node.js 20 in every spec's output; programs that specs start must be silent without it.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  // Where the embedded KMS would keep its state if a test gave none: never the developer's own.
  XDG_STATE_HOME: join(nowhere, 'state'),
  LOCALAPPDATA: join(nowhere, 'state'),
  HTTP_PROXY: deadProxy,
  HTTPS_PROXY: deadProxy,
  ALL_PROXY: deadProxy,
  http_proxy: deadProxy,
  https_proxy: deadProxy,
  all_proxy: deadProxy,
  NO_PROXY: '127.0.0.1,localhost,::1',
  no_proxy: '127.0.0.1,localhost,::1',
});

if (!process.env.NODE_OPTIONS?.includes(guard)) {
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${guard}`.trim();
}

afterAll(() => rmSync(nowhere, { recursive: true, force: true }));
