import { describe, expect, it } from 'vitest';
import { ed25519Sign, ed25519Verify } from '../../../src/emulator/crypto/ed25519.js';
import { flipped } from '../../support/flip.js';

const hex = (text: string) => Buffer.from(text, 'hex');
/** RFC 8410, section 7: what stands before the seed in a PKCS#8. */
const material = (seed: string) => ({ id: seed, secret: hex(`302e020100300506032b657004220420${seed}`), created: 0 });

/** RFC 8032, sections 7.1 (tests 1 to 3) and 7.3: seed, message, signature. */
const vectors = [
  [
    'ED25519_SHA_512',
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    'ED25519_SHA_512',
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'ED25519_SHA_512',
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'ED25519_PH_SHA_512',
    '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    '616263',
    '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
  ],
] as const;

describe('RFC 8032', () => {
  it.each(vectors)('%s with seed %s', async (algorithm, seed, message, expected) => {
    const said = { bytes: hex(message), type: 'RAW' } as const;
    const signature = await ed25519Sign(material(seed), algorithm, said);
    expect(Buffer.from(signature).toString('hex')).toBe(expected);
    expect(await ed25519Verify(material(seed), algorithm, said, signature)).toBe(true);
    expect(await ed25519Verify(material(seed), algorithm, said, flipped(signature, 300))).toBe(false);
  });
});
