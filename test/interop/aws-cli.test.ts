import { describe, expect, it } from 'vitest';
import { onPath } from '../support/on-path.js';
import { launch, scratch } from '../support/program.js';
import { served } from '../support/served.js';

const hasAws = process.platform !== 'win32' && onPath('aws', '--version');

describe.skipIf(!hasAws)(`the AWS CLI over HTTP${hasAws ? '' : ' (no `aws` on PATH)'}`, () => {
  it('makes a key, seals and opens a file, and finds its calls in CloudTrail', async () => {
    const { env, url } = await served();
    const script = `set -euo pipefail
unset AWS_ENDPOINT_URL # only newer ones know it, and only newer ones AWS_REGION
export AWS_DEFAULT_REGION=us-east-1
aws() { command aws --endpoint-url ${url} "$@"; }
aws sts get-caller-identity --query Account --output text
KEY=$(aws kms create-key --description 'of the CLI' --query KeyMetadata.KeyId --output text)
printf 'hi' >plain
aws kms encrypt --key-id "$KEY" --plaintext fileb://plain --encryption-context tenant=a \\
  --query CiphertextBlob --output text | base64 --decode >sealed
aws kms decrypt --ciphertext-blob fileb://sealed --encryption-context tenant=a --query Plaintext --output text | base64 --decode
printf '\\n'
aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=Decrypt --query 'Events[].Username' --output text
aws kms decrypt --ciphertext-blob fileb://sealed --encryption-context tenant=b || printf 'exit %s\\n' "$?"`;
    const ended = await launch('bash', ['-c', script], { cwd: scratch(), env }).ended;
    const [account, plain, username, last] = ended.stdout.trimEnd().split('\n');
    expect([account, plain, username]).toEqual(['111122223333', 'hi', 'lab']);
    expect(last).toMatch(/^exit 25[0-9]$/);
    expect(ended.stderr).toContain('(InvalidCiphertextException) when calling the Decrypt operation');
  });
});
