import type { StepContext } from '../../src/lab/define.js';
import type { Made } from './access.js';
import { longPolicy, longScript, malformedPolicies, shortPolicy } from './policy.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'kms' | 'verify' | 'note' | 'files' | 'tools' | 'place'>;

/** Put policies on the key, each of them kept as a file. */
function putter({ kms, files }: Pick<Context, 'kms' | 'files'>, KeyId: string) {
  return async (file: string, Policy: string) => {
    await files.write(file, Buffer.from(Policy));
    return await kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy });
  };
}

/** Exceed what a key policy may hold, then what one call may carry. */
export async function exceedLimits(context: Context, { KeyId, policy }: Made): Promise<void> {
  const { kms, verify, note, files, tools, place } = context;
  const provoke = provoker({ verify, note });
  const put = putter({ kms, files }, KeyId);
  const long = longPolicy(policy, place.account);
  note(`a policy that names each of 2,150 tenants has ${Math.floor(long.length / 1024)} KB`);
  const written = await files.write('policy-too-long.json', Buffer.from(long));
  tools.byHand('node', ['-e', longScript, files.pathOf(Buffer.from(policy)), place.account], written);
  await provoke('more than a key policy may hold: 32 KB', 'LimitExceededException', () =>
    kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: long }),
  );
  await verify.allowed(
    'repaired: one pattern in place of a list',
    put('policy-with-pattern.json', shortPolicy(policy, place.account)),
  );
  await verify.allowed(
    'and the policy of before again',
    kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: policy }),
  );
  const large = await tools.random(4097, '4097-bytes.bin');
  await provoke('more than one call may encrypt: an error of another kind', 'ValidationException', () =>
    kms.encrypt({ KeyId, Plaintext: large }),
  );
  const largest = await tools.random(4096, '4096-bytes.bin');
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: largest });
  const blob = await files.write('4096-bytes-encrypted.bin', CiphertextBlob);
  await verify.opens('repaired: one byte less', kms.decrypt({ KeyId, CiphertextBlob: blob }), largest);
}

/** Put what is no policy, and see that the key keeps the one it has. */
export async function malformed(context: Context, { KeyId, message, blob, policy }: Made): Promise<void> {
  const { kms, verify, note, files } = context;
  const provoke = provoker({ verify, note });
  const put = putter({ kms, files }, KeyId);
  for (const { flaw, file, text } of malformedPolicies(policy)) {
    await provoke(flaw, 'MalformedPolicyDocumentException', () => put(file, text));
  }
  await verify.opens('meanwhile the old policy held', kms.decrypt({ KeyId, CiphertextBlob: blob }), message);
  await verify.allowed(
    'repaired: the policy, well-formed, is taken',
    kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: policy }),
  );
}
