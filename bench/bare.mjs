// The peer of `kms-lab symmetric`: the same SDK calls in the same order on the same endpoint, and nothing else.
import { randomBytes } from 'node:crypto';
import { KMS } from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const endpoint = process.argv[2];
const kms = new KMS({ endpoint });
await new STS({ endpoint }).getCallerIdentity({});
const KeyId = 'alias/kms-lab-symmetric-key';
const refused = (call) =>
  call.then(
    () => {
      throw new Error('not refused');
    },
    () => {},
  );
const plaintext = Buffer.from('the same amount of work as the lab does, without any proof of it');

const { KeyMetadata } = await kms.describeKey({ KeyId });
await kms.listResourceTags({ KeyId: KeyMetadata.KeyId });
await kms.describeKey({ KeyId });
const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: plaintext });
await kms.encrypt({ KeyId, Plaintext: plaintext });
await kms.decrypt({ CiphertextBlob });
const EncryptionContext = { department: 'finance', purpose: 'lab' };
const bound = (await kms.encrypt({ KeyId, Plaintext: plaintext, EncryptionContext })).CiphertextBlob;
await kms.decrypt({ CiphertextBlob: bound, EncryptionContext });
await kms.decrypt({ CiphertextBlob: bound, EncryptionContext });
await refused(kms.decrypt({ CiphertextBlob: bound, EncryptionContext: { department: 'marketing' } }));
await refused(kms.decrypt({ CiphertextBlob: bound }));
const changed = Uint8Array.from(CiphertextBlob);
changed[changed.length - 1] ^= 1;
await refused(kms.decrypt({ CiphertextBlob: changed }));
const large = await kms.encrypt({ KeyId, Plaintext: randomBytes(4096) });
await kms.decrypt({ CiphertextBlob: large.CiphertextBlob });
await refused(kms.encrypt({ KeyId, Plaintext: randomBytes(4097) }));
const moved = { department: 'archive', purpose: 'lab' };
const again = await kms.reEncrypt({
  CiphertextBlob: bound,
  SourceEncryptionContext: EncryptionContext,
  DestinationKeyId: KeyId,
  DestinationEncryptionContext: moved,
});
await kms.decrypt({ CiphertextBlob: again.CiphertextBlob, EncryptionContext: moved });
await refused(kms.decrypt({ CiphertextBlob: again.CiphertextBlob, EncryptionContext }));
