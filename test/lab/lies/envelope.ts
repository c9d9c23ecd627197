import { randomBytes } from 'node:crypto';
import type {
  DecryptCommandInput,
  DecryptResponse,
  GenerateDataKeyCommandInput,
  GenerateDataKeyResponse,
  GenerateDataKeyWithoutPlaintextCommandInput,
  KMS,
} from '@aws-sdk/client-kms';
import { Fault } from '../../../src/emulator/fault.js';
import { failed, ok } from '../../../src/emulator/wire/protocol.js';
import type { Between } from '../room.js';
import { flipped, otherKey } from './case.js';

/** A KMS that lies about data keys; `kms` is the honest one behind it. */
interface Lie {
  GenerateDataKey?(kms: KMS, input: GenerateDataKeyCommandInput): Promise<GenerateDataKeyResponse>;
  GenerateDataKeyWithoutPlaintext?(
    kms: KMS,
    input: GenerateDataKeyWithoutPlaintextCommandInput,
  ): Promise<GenerateDataKeyResponse>;
  Decrypt?(kms: KMS, input: DecryptCommandInput): Promise<DecryptResponse>;
}

export interface EnvelopeCase {
  lie: string;
  of: () => Lie;
  /** Exactly these claims fail. */
  fails: string[];
  skips: string[];
}

/** Stand between the lab and its KMS, and lie. */
export function lyingAboutDataKeys(kms: KMS, lie: Lie): Between {
  return async ({ operation, input, pass }) => {
    const answer = lie[operation as keyof Lie];
    if (!answer) return await pass();
    const blob = input.CiphertextBlob;
    const asked = { ...input, ...(typeof blob === 'string' && { CiphertextBlob: Buffer.from(blob, 'base64') }) };
    try {
      const { $metadata, ...reply } = (await answer.call(lie, kms, asked as never)) as { $metadata?: unknown };
      return ok(reply, 'a-lie');
    } catch (error) {
      const { name, message } = error as Error;
      return failed(new Fault(name, message), 'a-lie');
    }
  };
}

const all = ['5.3', '5.4', '5.5', '5.6', '5.7'];

/** The nth data key, from 1, is not what its wrapped form holds. */
const otherPlaintext = (nth: number): Lie => {
  let asked = 0;
  return {
    GenerateDataKey: async (kms, input) => {
      const answer = await kms.generateDataKey(input);
      return ++asked === nth ? { ...answer, Plaintext: randomBytes(32) } : answer;
    },
  };
};

const without = <Input extends { EncryptionContext?: unknown }>({ EncryptionContext: _, ...input }: Input) => input;

export const aboutDataKeys: EnvelopeCase[] = [
  {
    lie: 'gives a data key and wraps another',
    of: () => otherPlaintext(1),
    fails: ['KMS unwraps it: the same key'],
    skips: all,
  },
  {
    lie: 'does so for the file alone',
    of: () => otherPlaintext(3),
    fails: ['the tag is right: nothing was changed', 'what comes out has the same SHA-256'],
    skips: [],
  },
  {
    lie: 'does so for the AWS Encryption SDK',
    of: () => otherPlaintext(5),
    fails: ['it opens its message', 'what comes out is what went in', 'and says in which context'],
    skips: [],
  },
  {
    lie: 'does so when the AWS Encryption SDK keeps the key in its cache',
    of: () => otherPlaintext(6),
    fails: ['nothing is refused in this step'],
    skips: [],
  },
  {
    lie: 'unwraps to another key, once the file is encrypted',
    of: () => {
      let asked = 0;
      return {
        Decrypt: async (kms, input) => {
          const answer = await kms.decrypt(input);
          return input.EncryptionContext && ++asked === 3 ? { ...answer, Plaintext: randomBytes(32) } : answer;
        },
      };
    },
    fails: ['the tag is right: nothing was changed', 'what comes out has the same SHA-256'],
    skips: [],
  },
  {
    lie: 'ignores the encryption context',
    of: () => ({
      GenerateDataKey: (kms, input) => kms.generateDataKey(without(input)),
      GenerateDataKeyWithoutPlaintext: (kms, input) => kms.generateDataKeyWithoutPlaintext(without(input)),
      Decrypt: (kms, input) => kms.decrypt(without(input)),
    }),
    fails: ['in another context it does not', 'without a context it does not'],
    skips: all,
  },
  {
    lie: 'gives everybody the same data key',
    of: () => {
      let first: Promise<GenerateDataKeyResponse> | undefined;
      return {
        GenerateDataKey: (kms, input) => {
          first ??= kms.generateDataKey(input);
          return first;
        },
      };
    },
    fails: ['asked again, KMS gives another data key'],
    skips: all,
  },
  {
    lie: 'gives 128 bits for 256',
    of: () => ({
      GenerateDataKey: (kms, { KeySpec: _, NumberOfBytes: __, ...input }) =>
        kms.generateDataKey({ ...input, KeySpec: 'AES_128' }),
    }),
    fails: ['the data key has 256 bits'],
    skips: all,
  },
  {
    lie: 'wraps a data key by writing it down',
    of: () => {
      const wrapped = new Map<string, GenerateDataKeyResponse>();
      return {
        GenerateDataKey: async (kms, input) => {
          const { Plaintext = new Uint8Array(0), ...answer } = await kms.generateDataKey(input);
          const CiphertextBlob = Buffer.concat([answer.CiphertextBlob ?? Plaintext, Plaintext]);
          wrapped.set(CiphertextBlob.toString('base64'), answer);
          return { ...answer, Plaintext, CiphertextBlob };
        },
        Decrypt: (kms, input) => {
          const { CiphertextBlob } = wrapped.get(Buffer.from(input.CiphertextBlob ?? []).toString('base64')) ?? input;
          return kms.decrypt({ ...input, CiphertextBlob });
        },
      };
    },
    fails: ['it does not stand in its wrapped form'],
    skips: all,
  },
  {
    lie: 'wraps under another key than it says',
    of: () => ({
      GenerateDataKey: async (kms, input) => ({ ...(await kms.generateDataKey(input)), KeyId: await otherKey(kms) }),
    }),
    fails: ['the answer names the KMS key'],
    skips: all,
  },
  {
    lie: 'wraps the data key of before for later',
    of: () => {
      let before: GenerateDataKeyResponse | undefined;
      return {
        GenerateDataKey: async (kms, input) => {
          const answer = await kms.generateDataKey(input);
          before ??= answer;
          return answer;
        },
        GenerateDataKeyWithoutPlaintext: async (kms, input) => before ?? kms.generateDataKeyWithoutPlaintext(input),
      };
    },
    fails: ['it is a data key of its own'],
    skips: all,
  },
  {
    lie: 'unwraps a key that was changed',
    of: () => ({
      Decrypt: (kms, input) =>
        kms.decrypt(input).catch((refusal) =>
          kms.decrypt({ ...input, CiphertextBlob: flipped(input.CiphertextBlob) }).catch(() => {
            throw refusal;
          }),
        ),
    }),
    fails: ['refused: a bit of the wrapped key'],
    skips: ['5.6', '5.7'],
  },
];
