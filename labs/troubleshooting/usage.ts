import type { StepContext } from '../../src/lab/define.js';
import type { Made } from './access.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'own' | 'kms' | 'verify' | 'note' | 'files'>;

/** Ask a key that signs to encrypt, to rotate, and to call a changed message its own; then the same of a MAC. */
export async function wrongUsage({ own, kms, verify, note, files }: Context, made: Made): Promise<void> {
  const { message } = made;
  const provoke = provoker({ verify, note });
  const changed = await files.write(
    'changed-order.txt',
    Buffer.concat([message, Buffer.from('And a third ticket.\n')]),
  );

  const signing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Description: 'kms-lab: signs' } as const;
  await own.passing('troubleshooting-signing-key', signing, async ({ KeyId }) => {
    await provoke('a key that signs does not encrypt', 'InvalidKeyUsageException', () =>
      kms.encrypt({ KeyId, Plaintext: message }),
    );
    await provoke('nor is it rotated', 'UnsupportedOperationException', () => kms.enableKeyRotation({ KeyId }));
    const SigningAlgorithm = 'ECDSA_SHA_256';
    const signed = await kms.sign({ KeyId, Message: message, SigningAlgorithm });
    const Signature = await files.write('signature.bin', signed.Signature);
    const check = (Message: Uint8Array) => kms.verify({ KeyId, Message, Signature, SigningAlgorithm });
    await provoke('a signature is not that of a changed message', 'KMSInvalidSignatureException', () => check(changed));
    const { SignatureValid } = await check(message);
    verify.equal('repaired: used to sign and verify, it does', SignatureValid, true);
  });

  const hmac = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', Description: 'kms-lab: makes MACs' } as const;
  await own.passing('troubleshooting-mac-key', hmac, async ({ KeyId }) => {
    const MacAlgorithm = 'HMAC_SHA_256';
    const made = await kms.generateMac({ KeyId, Message: message, MacAlgorithm });
    const Mac = await files.write('mac.bin', made.Mac);
    const check = (Message: Uint8Array) => kms.verifyMac({ KeyId, Message, Mac, MacAlgorithm });
    await provoke('nor is a MAC', 'KMSInvalidMacException', () => check(changed));
    verify.equal('repaired: with the message it was made of, it is valid', (await check(message)).MacValid, true);
  });
}
