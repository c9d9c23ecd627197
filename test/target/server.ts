import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Answer {
  status?: number;
  type?: string;
  body?: string;
}

/** A server of this test on a free port; it answers as told and remembers what it was asked. */
export async function serving(answer: (request: IncomingMessage) => Answer): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked.push(request.headers['x-amz-target']?.toString() ?? 'sts');
      const { status = 200, type = 'application/x-amz-json-1.1', body = '' } = answer(request);
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** STS's answer to GetCallerIdentity. */
export const identityXml = (account: string): Answer => ({
  type: 'text/xml',
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::${account}:user/ann</Arn><UserId>AIDAEXAMPLE</UserId><Account>${account}</Account>
    </GetCallerIdentityResult></GetCallerIdentityResponse>`,
});

/** STS's refusal, as AWS writes it. */
export const refusalXml = (code: string, message: string): Answer => ({
  status: 403,
  type: 'text/xml',
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});
