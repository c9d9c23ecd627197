import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.js';
import { requestHandler } from '../../src/emulator/handler.js';

describe('GetCallerIdentity', () => {
  it('tells who signed', async () => {
    const emulator = await createEmulator({ state: 'memory' });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const sts = new STSClient({ region: 'us-east-1', credentials, requestHandler: requestHandler(emulator) });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '111122223333',
      Arn: 'arn:aws:iam::111122223333:user/lab',
      UserId: expect.stringMatching(/^AIDA/),
    });
    await emulator.close();
  });
});
