import { verify as verifyOffline } from 'node:crypto';
import type { KeySpec, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { StepContext } from '../../src/lab/define.js';
import { kindOf, mlDsa65In, publicKeyIn } from './public-key.js';

/** A way to sign: what KMS calls it, what others do, and how anybody verifies it without KMS. */
export interface Scheme {
  /** What the names of its key and of its files begin with. */
  name: string;
  spec: KeySpec;
  algorithm: SigningAlgorithmSpec;
  /** The kind of its public key, as `kindOf` says it, and as people do. */
  kind: string;
  publicKey: string;
  /** Bytes of a signature, where they are always as many. */
  bytes?: number;
  /** Whether it is a signature of the message; false for a key of another kind. */
  verifies(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** What the alias of a scheme's key is called. */
export const keyNameOf = ({ name }: Scheme): string => `asymmetric-${name}-key`;

export const p256: Scheme = {
  name: 'signing',
  spec: 'ECC_NIST_P256',
  algorithm: 'ECDSA_SHA_256',
  kind: 'ec prime256v1',
  publicKey: 'a point on the curve P-256',
  verifies: async (der, message, signature) => {
    const key = publicKeyIn(der);
    return key?.asymmetricKeyType === 'ec' && verifyOffline('sha256', message, key, signature);
  },
};

export const ed25519: Scheme = {
  name: 'ed25519',
  spec: 'ECC_NIST_EDWARDS25519',
  algorithm: 'ED25519_SHA_512',
  kind: 'ed25519',
  publicKey: 'an Ed25519 key (RFC 8410)',
  bytes: 64,
  verifies: async (der, message, signature) => {
    const key = publicKeyIn(der);
    return key?.asymmetricKeyType === 'ed25519' && verifyOffline(null, message, key, signature);
  },
};

export const mlDsa65: Scheme = {
  name: 'ml-dsa',
  spec: 'ML_DSA_65',
  algorithm: 'ML_DSA_SHAKE_256',
  kind: 'ml-dsa-65',
  publicKey: 'an ML-DSA-65 key of 1,952 bytes (FIPS 204)',
  bytes: 3309,
  // Node.js reads such a key from version 24 on, where its OpenSSL does (3.5).
  verifies: async (der, message, signature) => {
    const key = publicKeyIn(der);
    if (key?.asymmetricKeyType?.toString() === 'ml-dsa-65') return verifyOffline(null, message, key, signature);
    const bytes = mlDsa65In(der);
    const { ml_dsa65 } = await import('@noble/post-quantum/ml-dsa.js');
    return !!bytes && signature.length === ml_dsa65.lengths.signature && ml_dsa65.verify(signature, message, bytes);
  },
};

/** A message, its signature, and what it takes to verify it. */
export interface Signed {
  scheme: Scheme;
  alias: string;
  publicKey: Uint8Array;
  message: Uint8Array;
  signature: Uint8Array;
}

/** Make a key for the scheme, sign the order with it, and verify the signature without KMS and by KMS. */
export async function sign(context: StepContext, scheme: Scheme): Promise<Signed> {
  const { own, kms, files, verify } = context;
  const { name, spec, algorithm, kind } = scheme;
  const Description = `kms-lab: signatures with ${algorithm}`;
  const keyName = keyNameOf(scheme);
  await own.key(keyName, { Description, KeySpec: spec, KeyUsage: 'SIGN_VERIFY' });
  const alias = own.alias(keyName);
  const { PublicKey, KeyUsage } = await kms.getPublicKey({ KeyId: alias });
  const publicKey = await files.write(`${name}-public-key.der`, PublicKey);
  verify.equal(`its public key is ${scheme.publicKey}`, kindOf(publicKey), kind);
  verify.equal('its usage is SIGN_VERIFY', KeyUsage, 'SIGN_VERIFY');
  const message = await files.sample('order.txt');
  const made = await kms.sign({ KeyId: alias, Message: message, MessageType: 'RAW', SigningAlgorithm: algorithm });
  const signature = await files.write(`${name}-signature.bin`, made.Signature);
  if (scheme.bytes)
    verify.equal(`the signature has ${scheme.bytes.toLocaleString('en-US')} bytes`, signature.length, scheme.bytes);
  const signed = { scheme, alias, publicKey, message, signature };
  const offline = await scheme.verifies(publicKey, message, signature);
  verify.equal('the public key alone verifies the signature, without KMS', offline, true);
  verify.equal('KMS verifies it too', (await kms.verify(question(signed))).SignatureValid, true);
  return signed;
}

/** Change the message, then the signature: neither KMS nor the public key may take it. */
export async function refuseChanges(context: StepContext, signed: Signed): Promise<void> {
  const { kms, files, tools, verify } = context;
  const { scheme, publicKey, message, signature } = signed;
  const dearer = Buffer.from(message).toString().replace('Pay 100 ', 'Pay 900 ');
  const changes = {
    'a changed message': { message: await files.write('changed-order.txt', Buffer.from(dearer)), signature },
    'a changed signature': {
      message,
      signature: await tools.flipped(signature, `${scheme.name}-signature-changed.bin`),
    },
  };
  for (const [what, changed] of Object.entries(changes)) {
    const call = kms.verify(question({ ...signed, ...changed }));
    await verify.refused(`${what} is refused by KMS`, call, 'KMSInvalidSignatureException');
    const offline = await scheme.verifies(publicKey, changed.message, changed.signature);
    verify.equal(`${what} is refused by the public key`, offline, false);
  }
}

/** The request that verifies it. */
const question = ({ alias, scheme, message, signature }: Signed) => ({
  KeyId: alias,
  Message: message,
  MessageType: 'RAW' as const,
  Signature: signature,
  SigningAlgorithm: scheme.algorithm,
});
