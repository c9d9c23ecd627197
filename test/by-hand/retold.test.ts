import { describe, expect, it } from 'vitest';
import { bash } from '../../src/by-hand/bash.js';
import { labByHand } from '../../src/by-hand/lab-by-hand.js';
import { Lab, type StepContext } from '../../src/lab/define.js';
import { resolveTarget } from '../../src/target/target.js';
import { scratch } from '../support/program.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 1, teaches: [] };

/** Run a lab on an embedded KMS of its own, and tell how it is done by hand. */
async function byHand(lab: Lab) {
  const target = await resolveTarget({ local: true, state: 'memory' }, {});
  try {
    const { account, arn } = await target.identity();
    const { kind, label, region, connection } = target;
    const place = { kind, label, region, account, identity: arn };
    return await labByHand(lab, { connection, place, other: 'us-west-2', cwd: scratch() });
  } finally {
    await target.close();
  }
}

/** The lines of a lab of one step. */
async function lines(step: (context: StepContext) => Promise<void>): Promise<string> {
  const { steps } = await byHand(Lab.define('retold', facts).step('Do', 'why', step));
  return steps.flatMap(({ statements }) => statements.map((each) => bash.say(each))).join('\n');
}

describe('what a lab does, retold to be done by hand', () => {
  it('names what it makes by variables, and leaves out looking whether the alias is free', async () => {
    const text = await lines(async ({ own, kms }) => {
      const key = await own.key('a-key');
      await kms.describeKey({ KeyId: key.Arn });
    });
    expect(text).toBe(`\
A_KEY=$(aws kms create-key --tags $(kms_lab_tags retold alias/kms-lab-a-key) \\
  --query KeyMetadata.KeyId --output text)
aws kms create-alias --alias-name alias/kms-lab-a-key --target-key-id "$A_KEY"
aws kms describe-key --key-id "$A_KEY"`);
  });

  it('writes a file of text when a call first needs it, with variables in it, and not again', async () => {
    const text = await lines(async ({ own, kms, files, place }) => {
      const { KeyId } = await own.key('a-key');
      const Plaintext = await files.write('who.txt', Buffer.from(`${place.identity}\nowes $5\n`));
      await files.write('never-used.txt', Buffer.from('nothing'));
      await kms.encrypt({ KeyId, Plaintext });
      await kms.generateMac({ KeyId, Message: Plaintext, MacAlgorithm: 'HMAC_SHA_256' }).catch(() => {});
    });
    expect(text.slice(text.indexOf('cat >'))).toBe(`\
cat > who.txt << END
\${CALLER_ARN}
owes \\$5
END
aws kms encrypt --key-id "$A_KEY" --plaintext fileb://who.txt
aws kms generate-mac --key-id "$A_KEY" --message fileb://who.txt --mac-algorithm HMAC_SHA_256  # refused: InvalidKeyUsageException`);
  });

  it('keeps bytes that are written to a file, compares what a known file should be, and says what that proves', async () => {
    const text = await lines(async ({ own, kms, files, tools, verify }) => {
      const { KeyId } = await own.key('a-key');
      const Plaintext = await tools.random(32, 'plain.bin');
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext });
      const blob = await files.write('sealed.bin', CiphertextBlob);
      await verify.opens('it opens', kms.decrypt({ CiphertextBlob: blob }), Plaintext);
      const changed = await tools.flipped(blob, 'changed.bin');
      await verify.refused(
        'changed, it does not',
        kms.decrypt({ CiphertextBlob: changed }),
        'InvalidCiphertextException',
      );
    });
    expect(text.slice(text.indexOf('head -c'))).toBe(`\
head -c 32 /dev/urandom > plain.bin
aws kms encrypt --key-id "$A_KEY" --plaintext fileb://plain.bin --query CiphertextBlob --output text \\
  | base64 --decode > sealed.bin
# it opens
aws kms decrypt --ciphertext-blob fileb://sealed.bin --query Plaintext --output text \\
  | base64 --decode | cmp - plain.bin
flip sealed.bin changed.bin
# changed, it does not
aws kms decrypt --ciphertext-blob fileb://changed.bin  # refused: InvalidCiphertextException`);
  });

  it('asks once for what is asked again at once, for all that it proves', async () => {
    const text = await lines(async ({ own, kms, verify }) => {
      const { KeyId } = await own.key('a-key');
      for (const claim of ['it is on', 'it stays on']) {
        const { KeyMetadata } = await kms.describeKey({ KeyId });
        verify.equal(claim, KeyMetadata?.KeyState, 'Enabled');
      }
    });
    expect(text).toMatch(/\n# it is on; it stays on\naws kms describe-key --key-id "\$A_KEY"$/);
  });

  it('gives a program its data key on stdin, and forgets the key afterwards', async () => {
    const text = await lines(async ({ own, kms, files, tools }) => {
      const { KeyId } = await own.key('a-key');
      const { CiphertextBlob } = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256' });
      const dataKey = await files.write('wrapped.bin', CiphertextBlob);
      tools.onPaper({ act: 'program', program: 'node', words: ['gcm.mjs', 'seal'], dataKey });
    });
    expect(text.slice(text.indexOf('read -r'))).toBe(`\
read -r CIPHERTEXT_BLOB DATA_KEY <<< "$(aws kms generate-data-key --key-id "$A_KEY" \\
  --key-spec AES_256 --query '[CiphertextBlob,Plaintext]' --output text)"
base64 --decode <<< "$CIPHERTEXT_BLOB" > wrapped.bin
node gcm.mjs seal <<< "$DATA_KEY"
unset DATA_KEY`);
  });

  it('says of a call that needs bytes which nobody has by hand that it can’t be made', async () => {
    const text = await lines(async ({ own, kms, files }) => {
      const { KeyId } = await own.key('a-key');
      const Plaintext = await files.write('unexplained.bin', Buffer.from([0, 255, 1]));
      await kms.encrypt({ KeyId, Plaintext });
    });
    expect(text).toMatch(/\n# aws kms encrypt: its Plaintext \(3 bytes\) is in no file$/);
  });

  it('says why there is nothing to do: the lab’s own words, or that it is a simulation', async () => {
    const lab = Lab.define('retold', facts)
      .step('By others', 'why', async ({ kms }) => void (await kms.listKeys({})), { byHand: 'Others do it.' })
      .step('Simulated', 'why', async ({ simulate }) => {
        await simulate.world(async ({ kms }) => void (await kms().listKeys({})));
      });
    const { steps } = await byHand(lab);
    expect(steps.map(({ instead, statements }) => [instead, statements])).toEqual([
      ['Others do it.', []],
      [expect.stringContaining('`kms-lab retold --local`'), []],
    ]);
  });

  it('tells nothing of a lab that does not pass', async () => {
    const lab = Lab.define('retold', facts).step('Fail', 'why', async ({ verify }) => verify.equal('one', 1, 2));
    await expect(byHand(lab)).rejects.toThrow('lab retold did not pass');
  });
});
