import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';
import type { Case } from './case.js';

const metadata = (lies: Partial<KeyMetadata>): Lie => ({
  DescribeKey: async (kms, input) => {
    const { KeyMetadata: key } = await kms.describeKey(input);
    return { KeyMetadata: { ...key, ...lies } as KeyMetadata };
  },
});

export const aboutKeys: Case[] = [
  ...(
    [
      ['it is Enabled', { KeyState: 'Disabled' }],
      ['it is Enabled', { KeyState: 'PendingDeletion' }],
      ['its spec is SYMMETRIC_DEFAULT (AES-256-GCM)', { KeySpec: 'RSA_2048' }],
      ['its usage is ENCRYPT_DECRYPT', { KeyUsage: 'SIGN_VERIFY' }],
      ['AWS KMS made its key material', { Origin: 'EXTERNAL' }],
      ['you manage it, not an AWS service', { KeyManager: 'AWS' }],
      ['alias/kms-lab-symmetric-key names it', { KeyId: '00000000-0000-4000-8000-000000000000' }],
    ] as const
  ).map(([claim, lies]) => ({
    lie: `says ${JSON.stringify(lies)}`,
    of: () => metadata(lies),
    fails: [claim],
    skips: ['1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8'],
  })),
];
