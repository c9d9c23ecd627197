import type { StepContext } from '../../src/lab/define.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'simulate' | 'verify' | 'note'>;

/** What is nobody's mistake and goes away: what happens, its exception, HTTP status, and what the API reference says of it. */
const passing = [
  [
    'KMS waits in vain for a system behind it',
    'DependencyTimeoutException',
    503,
    'The system timed out while trying to fulfill the request. You can retry the request.',
  ],
  [
    'something goes wrong inside KMS',
    'KMSInternalException',
    500,
    'The request was rejected because an internal exception occurred. The request can be retried.',
  ],
] as const;

/** Call a simulated KMS too fast, while it is not well, and while it is about to rotate the key by itself. */
export async function weather({ simulate, verify, note }: Context, KeyId: string): Promise<void> {
  const provoke = provoker({ verify, note });
  await simulate.world(async ({ kms, quotas, advance }) => {
    quotas({ perSecond: { GenerateDataKeyWithoutPlaintext: 1 } });
    const dataKey = () => kms().generateDataKeyWithoutPlaintext({ KeyId, KeySpec: 'AES_256' });
    await dataKey();
    await provoke('faster than the quota is too fast', 'ThrottlingException', dataKey);
    advance({ seconds: 1 });
    await verify.allowed('repaired: a second later it is done', dataKey());
  });
  for (const [what, code, status, message] of passing) {
    await simulate.world(async ({ kms, fault }) => {
      fault('GenerateRandom', { code, status, message, times: 2 });
      const random = (attempts: number) => kms(undefined, { attempts }).generateRandom({ NumberOfBytes: 32 });
      await provoke(what, code, () => random(1));
      const { $metadata } = await random(2);
      verify.equal('repaired: an SDK that may try twice does, and gets its answer', $metadata.attempts, 2);
    });
  }
  await simulate.world(async ({ kms: kmsIn, advance }) => {
    const kms = kmsIn();
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    advance({ days: 89, hours: 23, minutes: 50 });
    await provoke('a rotation on demand ten minutes before an automatic one', 'ConflictException', () =>
      kms.rotateKeyOnDemand({ KeyId }),
    );
    advance({ minutes: 10 });
    await verify.allowed('repaired: after that one it is done', kms.rotateKeyOnDemand({ KeyId }));
  });
}
