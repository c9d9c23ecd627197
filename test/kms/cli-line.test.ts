import { describe, expect, it } from 'vitest';
import { kebab } from '../../src/kms/cli-argument.js';
import { cliLine } from '../../src/kms/cli-line.js';
import { FileRegistry } from '../../src/kms/files.js';
import { Names } from '../../src/kms/names.js';
import { tagsOf } from '../../src/kms/tags.js';
import { alias, keyArn, keyId, metadata, ownership, Refusal, scripted } from './scripted.js';

const files = new FileRegistry();
const bytes = (text: string) => Buffer.from(text);
files.register(bytes('hi'), 'kms-lab-files/my notes.txt');
files.register(bytes('$'), 'cost$/x');
files.register(bytes('{"Version":"2008-10-17"}'), 'kms-lab-files/old policy.json');

/** The line of a call that went well, unless it has an outcome. */
function line(operation: string, input: object, more: { output?: object; outcome?: string; names?: Names } = {}) {
  const { output = more.outcome ? undefined : {}, outcome = 'ok', names = new Names() } = more;
  return cliLine('kms', operation, input, output, { region: 'us-east-1', cli: {}, files, names, outcome });
}

describe('An AWS CLI line', () => {
  it('keeps the id of a new key in a variable named after its alias, and uses it from then on', () => {
    const names = new Names();
    const Tags = tagsOf(ownership, alias, '2026-11-24T10:00:00.000Z');
    const lines = [
      line('CreateKey', { Tags }, { output: { KeyMetadata: metadata }, names }),
      line('CreateAlias', { AliasName: alias, TargetKeyId: keyId }, { names }),
      line('DescribeKey', { KeyId: keyArn }, { names }),
      line('DescribeKey', { KeyId: alias }, { names }),
      line('ImportKeyMaterial', { KeyId: 'other', KeyMaterialDescription: `it's for ${keyArn}` }, { names }),
    ];
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "SYMMETRIC_KEY=$(aws kms create-key --tags TagKey=kms-lab,TagValue=symmetric TagKey=kms-lab:namespace,TagValue=alice TagKey=kms-lab:run,TagValue=20261124-a1b2 TagKey=kms-lab:owner,TagValue=arn:aws:iam::111122223333:user/lab TagKey=kms-lab:created,TagValue=2026-11-24T10:00:00.000Z TagKey=kms-lab:alias,TagValue=alias/kms-lab-alice-symmetric-key --query KeyMetadata.KeyId --output text --region us-east-1)
      aws kms create-alias --alias-name alias/kms-lab-alice-symmetric-key --target-key-id "$SYMMETRIC_KEY" --region us-east-1
      aws kms describe-key --key-id "$SYMMETRIC_KEY" --region us-east-1
      aws kms describe-key --key-id alias/kms-lab-alice-symmetric-key --region us-east-1
      aws kms import-key-material --key-id other --key-material-description 'it'\\''s for arn:aws:kms:us-east-1:111122223333:key/'"$SYMMETRIC_KEY" --region us-east-1"
    `);
  });

  it('reads bytes from the file that holds them, and says so when there is none', () => {
    expect(line('Encrypt', { KeyId: alias, Plaintext: bytes('hi') })).toBe(
      `aws kms encrypt --key-id ${alias} --plaintext 'fileb://kms-lab-files/my notes.txt' --region us-east-1`,
    );
    expect(line('Encrypt', { KeyId: alias, Plaintext: bytes('secret') })).toBe(
      '# aws kms encrypt: its Plaintext (6 bytes) is in no file',
    );
    expect(line('Encrypt', { KeyId: alias, Plaintext: bytes('$') })).toMatch(/^# aws kms encrypt: the AWS CLI can't/);
    expect(line('Decrypt', { Recipient: { AttestationDocument: bytes('hi') } })).toMatch(/^# aws kms decrypt: its Rec/);
  });

  it.each<[string, object, string]>([
    ['a map', { EncryptionContext: { tenant: 'a', app: 'b c' } }, "--encryption-context 'tenant=a,app=b c'"],
    [
      'a map that is not plain',
      { EncryptionContext: { t: 'a,b', "it's": '' } },
      `--encryption-context '{"t":"a,b","it'\\''s":""}'`,
    ],
    ['a list', { Operations: ['Encrypt', 'Decrypt'] }, '--operations Encrypt Decrypt'],
    ['an empty list', { Tags: [] }, "--tags '[]'"],
    ['a flag', { DryRun: true, MultiRegion: false }, '--dry-run --no-multi-region'],
    ['a number', { PendingWindowInDays: 7 }, '--pending-window-in-days 7'],
    ['a time', { ValidTo: new Date(0) }, '--valid-to 1970-01-01T00:00:00.000Z'],
    [
      'nested values',
      { Constraints: { EncryptionContextSubset: { a: 'b' } } },
      `--constraints 'EncryptionContextSubset={a=b}'`,
    ],
    ['a policy document', { Policy: '{\n  "Version": "2012-10-17"\n}' }, `--policy '{"Version":"2012-10-17"}'`],
    [
      'a policy document that is in a file',
      { Policy: '{"Version":"2008-10-17"}' },
      `--policy 'file://kms-lab-files/old policy.json'`,
    ],
    ['text of several lines', { Description: 'a\nb\\ \u0007' }, "--description $'a\\nb\\\\ \\u0007'"],
    ['an empty text', { Description: '' }, "--description ''"],
    ['text with a dash in front', { Description: '-x' }, '--description=-x'],
    ['text that CLI v1 would fetch', { Description: 'https://x' }, `--cli-input-json '{"Description":"https://x"}'`],
    ['text that bash would change', { Description: '$(rm) `x` !! *' }, "--description '$(rm) `x` !! *'"],
  ])('spells %s', (_what, input, expected) => {
    expect(line('CreateKey', input, { outcome: 'X' })).toBe(
      `aws kms create-key ${expected} --region us-east-1  # refused: X`,
    );
  });

  it('says what a call on purpose led to, and what nobody answered', () => {
    expect(line('ListKeys', {}, { outcome: 'AccessDeniedException' })).toMatch(/ {2}# refused: AccessDeniedException$/);
    expect(line('ListKeys', {}, { outcome: 'ECONNRESET' })).toMatch(/ {2}# no answer: ECONNRESET$/);
  });

  it('carries no secret', () => {
    expect(line('DescribeKey', { KeyId: 'k', GrantTokens: ['canary'] })).not.toContain('canary');
    expect(line('RetireGrant', { GrantToken: 'canary' })).toBe('# aws kms retire-grant: its GrantToken is secret');
    expect(line('CreateCustomKeyStore', { KeyStorePassword: 'canary' })).not.toContain('canary');
  });

  it('keeps the id of a grant', () => {
    const names = new Names();
    const lines = [
      line(
        'CreateGrant',
        { KeyId: 'k', Name: 'for bob' },
        { output: { GrantId: 'abc123', GrantToken: 'canary' }, names },
      ),
      line('RevokeGrant', { KeyId: 'k', GrantId: 'abc123' }, { names }),
    ];
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "FOR_BOB_GRANT=$(aws kms create-grant --key-id k --name 'for bob' --query GrantId --output text --region us-east-1)
      aws kms revoke-grant --key-id k --grant-id "$FOR_BOB_GRANT" --region us-east-1"
    `);
  });

  it.each([
    ['KeyId', 'key-id'],
    ['ReEncrypt', 're-encrypt'],
    ['GenerateDataKeyPairWithoutPlaintext', 'generate-data-key-pair-without-plaintext'],
    ['XksProxyVpcEndpointServiceName', 'xks-proxy-vpc-endpoint-service-name'],
    ['BypassPolicyLockoutSafetyCheck', 'bypass-policy-lockout-safety-check'],
  ])('spells %s as %s', (name, expected) => expect(kebab(name)).toBe(expected));
});

describe('The lines of a step', () => {
  it('write the files that the step wrote, and read them from then on', async () => {
    const { kms, clients } = await scripted(({ operation }, count) => {
      if (operation === 'Encrypt') return { CiphertextBlob: bytes(`blob ${count}`).toString('base64') };
      if (operation === 'GetParametersForImport')
        return { PublicKey: bytes('key').toString('base64'), ImportToken: bytes('token').toString('base64') };
      return count === 1 ? { Plaintext: bytes('hi').toString('base64') } : new Refusal('InvalidCiphertextException');
    });
    clients.files.register(bytes('hi'), 'in.txt');
    const { CiphertextBlob } = await kms.encrypt({ KeyId: alias, Plaintext: bytes('hi') });
    await kms.encrypt({ KeyId: alias, Plaintext: bytes('hi') });
    clients.files.register(CiphertextBlob as Uint8Array, 'kms-lab-files/out.bin');
    const { Plaintext } = await kms.decrypt({ CiphertextBlob });
    clients.files.register(Plaintext as Uint8Array, 'kms-lab-files/decrypted.txt');
    await kms.decrypt({ CiphertextBlob, EncryptionContext: { tenant: 'b' } }).catch(() => {});
    const { PublicKey, ImportToken } = await kms.getParametersForImport({ KeyId: 'k' } as never);
    clients.files.register(PublicKey as Uint8Array, 'key.der');
    clients.files.register(ImportToken as Uint8Array, 'token.bin');
    expect(clients.takeLines().join('\n')).toMatchInlineSnapshot(`
      "aws kms encrypt --key-id alias/kms-lab-alice-symmetric-key --plaintext fileb://in.txt --query CiphertextBlob --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599 | base64 --decode > kms-lab-files/out.bin
      aws kms encrypt --key-id alias/kms-lab-alice-symmetric-key --plaintext fileb://in.txt --region us-east-1 --endpoint-url http://127.0.0.1:4599
      aws kms decrypt --ciphertext-blob fileb://kms-lab-files/out.bin --query Plaintext --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599 | base64 --decode > kms-lab-files/decrypted.txt
      aws kms decrypt --ciphertext-blob fileb://kms-lab-files/out.bin --encryption-context tenant=b --region us-east-1 --endpoint-url http://127.0.0.1:4599  # refused: InvalidCiphertextException
      aws kms get-parameters-for-import --key-id k --query '[ImportToken,PublicKey]' --output text --region us-east-1 --endpoint-url http://127.0.0.1:4599 | { read -r ImportToken PublicKey; base64 --decode <<< "$ImportToken" > token.bin; base64 --decode <<< "$PublicKey" > key.der; }"
    `);
    expect(clients.takeLines()).toEqual([]);
    clients.close();
    clients.close();
  });
});
