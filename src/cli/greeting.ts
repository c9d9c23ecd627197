/**
 * What to paste into another terminal, so that the AWS CLI talks to a server. `usual`: `test` has its usual secret; one that was given
 * is not repeated.
 */
export function greeting(url: string, folder: string, usual: boolean): string {
  const secret = usual
    ? 'export AWS_SECRET_ACCESS_KEY=test'
    : "# export AWS_SECRET_ACCESS_KEY: the secret that was given for the access key 'test'";
  return `# the embedded KMS listens on ${url} (state: ${folder}); Ctrl-C ends it
export AWS_ENDPOINT_URL=${url}
export AWS_ACCESS_KEY_ID=test
${secret}
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
unset AWS_PROFILE AWS_SESSION_TOKEN
`;
}
