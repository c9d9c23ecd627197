import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/emulator/fault.js';
import { operations } from '../../../src/emulator/wire/constraints.js';
import { encodeReply, parseInput } from '../../../src/emulator/wire/parse.js';

const body = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

function refusal(operation: string, value: unknown): string {
  try {
    parseInput(operation, body(value));
  } catch (error) {
    if (error instanceof Fault) return `${error.status} ${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('a request is read as the API model describes it', () => {
  it('knows the 56 operations', () => {
    expect(operations.size).toBe(56);
    expect(parseInput('Encapsulate', body({ KeyId: 'k', EncapsulationAlgorithm: 'ML_KEM' }))).toEqual({
      KeyId: 'k',
      EncapsulationAlgorithm: 'ML_KEM',
    });
  });

  it('turns base64 into bytes and epoch seconds into dates', () => {
    const encrypt = parseInput('Encrypt', body({ KeyId: 'k', Plaintext: 'aGk=' }));
    expect(Buffer.from(encrypt.Plaintext as Uint8Array).toString()).toBe('hi');
    const imported = { KeyId: 'k', ImportToken: 'aGk=', EncryptedKeyMaterial: 'aGk=', ValidTo: 1700000000.5 };
    expect(parseInput('ImportKeyMaterial', body(imported)).ValidTo).toEqual(new Date(1700000000500));
  });

  it('ignores unknown members and takes null for absent', () => {
    expect(parseInput('ListKeys', body({ Limit: 5, Marker: null, Colour: 'red' }))).toEqual({ Limit: 5 });
  });

  it('keeps an encryption context as it came, whatever its keys are called', () => {
    const read = parseInput('Decrypt', body('{"CiphertextBlob":"aGk=","EncryptionContext":{"__proto__":"a","b":"c"}}'));
    expect(Object.entries(read.EncryptionContext as object)).toEqual([
      ['__proto__', 'a'],
      ['b', 'c'],
    ]);
  });

  it('counts characters, not UTF-16 units', () => {
    expect(refusal('CreateKey', { Description: '🔑'.repeat(8192) })).toBe('accepted');
  });
});

describe('wrong types are a SerializationException', () => {
  it.each([
    ['Encrypt', '{', ''],
    ['Encrypt', '', ''],
    ['Encrypt', '[]', 'Start of list found where not expected'],
    ['Encrypt', 'null', 'Unexpected value type in payload'],
    ['Encrypt', { KeyId: 5 }, 'NUMBER_VALUE can not be converted to a String'],
    ['Encrypt', { KeyId: {} }, 'Start of structure or map found where not expected.'],
    ['Encrypt', { KeyId: [] }, 'Start of list found where not expected'],
    ['Encrypt', { Plaintext: 'a' }, 'Base64 encoded length is expected a multiple of 4 bytes but found: 1'],
    ['Encrypt', { Plaintext: '****' }, 'Invalid Base64 character'],
    ['Encrypt', { DryRun: 'true' }, 'STRING_VALUE can not be converted to a Boolean'],
    ['Encrypt', { EncryptionContext: { a: true } }, 'TRUE_VALUE can not be converted to a String'],
    ['Encrypt', { EncryptionContext: [] }, 'Start of list found where not expected'],
    ['Encrypt', { GrantTokens: 'a' }, 'Expected list or null'],
    ['ListKeys', { Limit: '5' }, 'STRING_VALUE can not be converted to an Integer'],
    ['ListKeys', { Limit: 1.5 }, 'DECIMAL_VALUE can not be converted to an Integer'],
    ['TagResource', { Tags: ['a'] }, 'Unexpected field type'],
    ['ImportKeyMaterial', { ValidTo: 'tomorrow' }, 'STRING_VALUE can not be converted to a Date'],
  ])('%s %j', (operation, value, message) => {
    expect(refusal(operation, value)).toBe(`400 SerializationException: ${message}`);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseInput('ListKeys', Buffer.from([0x7b, 0xff, 0x7d]))).toThrow(Fault);
  });

  it('refuses more than a mebibyte', () => {
    expect(refusal('ListKeys', ' '.repeat(1024 * 1024 + 1))).toMatch(/^413 RequestEntityTooLargeException/);
  });
});

describe('broken constraints are one ValidationException that names them all', () => {
  const one = (what: string) => `400 ValidationException: 1 validation error detected: ${what}`;

  it('a required member', () => {
    expect(refusal('DescribeKey', {})).toBe(
      one("Value null at 'keyId' failed to satisfy constraint: Member must not be null"),
    );
  });

  it('a length; the text of a sensitive member is not repeated', () => {
    const Plaintext = Buffer.alloc(4097).toString('base64');
    expect(refusal('Encrypt', { KeyId: 'k', Plaintext })).toBe(
      one("Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"),
    );
    expect(refusal('Decrypt', { CiphertextBlob: '' })).toBe(
      one(
        "Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'ciphertextBlob' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
    );
  });

  it('an enum, a pattern, a range', () => {
    expect(refusal('CreateKey', { Origin: 'MOON' })).toBe(
      one(
        "Value 'MOON' at 'origin' failed to satisfy constraint: Member must satisfy enum value set: [AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE]",
      ),
    );
    expect(refusal('DeleteAlias', { AliasName: 'alias/a b' })).toBe(
      one(
        "Value 'alias/a b' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
      ),
    );
    expect(refusal('ScheduleKeyDeletion', { KeyId: 'k', PendingWindowInDays: 0 })).toBe(
      one(
        "Value '0' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value greater than or equal to 1",
      ),
    );
  });

  it('inside lists: by position for structures, as a whole for simple values', () => {
    expect(refusal('TagResource', { KeyId: 'k', Tags: [{ TagKey: '', TagValue: 'v' }] })).toBe(
      one(
        "Value '' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
    );
    expect(refusal('UntagResource', { KeyId: 'k', TagKeys: ['a', ''] })).toBe(
      one(
        "Value '[a, ]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]",
      ),
    );
  });

  it("several, in the model's order and not the request's", () => {
    expect(refusal('Encrypt', { EncryptionAlgorithm: 'ROT13', Plaintext: '' })).toBe(
      '400 ValidationException: 3 validation errors detected: ' +
        "Value null at 'keyId' failed to satisfy constraint: Member must not be null; " +
        "Value at 'plaintext' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value 'ROT13' at 'encryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE]",
    );
  });

  it('in a map, a null value', () => {
    expect(refusal('Decrypt', { CiphertextBlob: 'aGk=', EncryptionContext: { a: null } })).toBe(
      one(
        "Value '{a=null}' at 'encryptionContext' failed to satisfy constraint: Map value must satisfy constraint: [Member must not be null]",
      ),
    );
  });
});

describe('a reply is written as JSON 1.1', () => {
  const written = (reply: object) => Buffer.from(encodeReply(reply)).toString();

  it('bytes as base64, dates as epoch seconds, undefined not at all', () => {
    const reply = { A: Buffer.from('hi'), B: new Date(1700000000123), C: undefined, D: [{ E: true }], F: 'ü"' };
    expect(written(reply)).toBe('{"A":"aGk=","B":1700000000.123,"D":[{"E":true}],"F":"ü\\""}');
  });

  it('whatever text there is, as names and as values', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (texts) => {
        expect(written({ texts })).toBe(JSON.stringify({ texts }));
      }),
    );
    const reply = Object.fromEntries(Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).entries());
    const names = Object.fromEntries(Object.values(reply).map((text) => [text, text]));
    expect(written({ reply, names })).toBe(JSON.stringify({ reply, names }));
  });

  it('keeps a key that JavaScript treats specially', () => {
    expect(written({ Context: JSON.parse('{"__proto__":"a"}') })).toBe('{"Context":{"__proto__":"a"}}');
  });
});
