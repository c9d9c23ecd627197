import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { launch } from '../support/program.js';
import { served } from '../support/served.js';

const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import boto3']).status === 0);
const script = fileURLToPath(new URL('./boto3_peer.py', import.meta.url));

describe.skipIf(!python)(`boto3 over HTTP${python ? '' : ' (no Python with boto3 on PATH)'}`, () => {
  it('uses KMS, STS and CloudTrail as it does AWS’s', async () => {
    const { env } = await served();
    const { stdout, stderr, code } = await launch(python ?? '', [script], {
      env: { ...env, AWS_DEFAULT_REGION: 'us-east-1' },
    }).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      identity: 'arn:aws:iam::111122223333:user/lab',
      created: true,
      opened: true,
      refused: 'InvalidCiphertextException',
      message: 'Alias arn:aws:kms:us-east-1:111122223333:alias/none is not found.',
      verified: true,
      pages: [2, 2, 1],
      events: [['Sign', 'lab', true]],
    });
  });
});
