import type { CallEvent } from '../lab/events.js';
import type { RunRecord } from './record.js';

/** What came of a KMS key in a run: so many of them. */
export interface Use {
  what: string;
  /** Where it lives, or what it is for. */
  where: string;
  times: number;
}

/** A KMS key as pictures show it. */
export interface MappedKey {
  keyId: string;
  region: string;
  alias?: string;
  /** Known when this run made the key. */
  spec?: string;
  /** Of a multi-Region key, as far as this run's calls tell. */
  role?: 'primary' | 'replica';
  uses: Use[];
}

/** What calls of each operation give, under the key they name. */
const gives: Readonly<Record<string, readonly [what: string, where: string]>> = {
  Encrypt: ['ciphertext', 'encrypted inside KMS'],
  ReEncrypt: ['ciphertext', 're-encrypted inside KMS'],
  GenerateDataKey: ['data key', 'encrypts your data outside KMS'],
  GenerateDataKeyWithoutPlaintext: ['data key', 'still encrypted, for later'],
  GenerateDataKeyPair: ['data key pair', 'used outside KMS'],
  GenerateDataKeyPairWithoutPlaintext: ['data key pair', 'private key still encrypted'],
  GetPublicKey: ['public key', 'downloaded, used outside KMS'],
  Sign: ['signature', 'signed inside KMS'],
  GenerateMac: ['MAC tag', 'made inside KMS'],
  DeriveSharedSecret: ['shared secret', 'derived inside KMS'],
  RotateKeyOnDemand: ['rotation', 'older key material still decrypts'],
  ImportKeyMaterial: ['key material', 'imported by you'],
  CreateGrant: ['grant', 'lends the use of the key'],
};

/** The keys of a run with what came of each, from its calls: those that KMS refused do not count. */
export function keyMap({ labs }: RunRecord): MappedKey[] {
  return labs.flatMap((lab) => {
    const calls = lab.steps.flatMap((step) => step.calls).filter(isReal);
    return (lab.end?.keys ?? []).map(({ keyId, region, alias }) => {
      const key = { keyId, region, ...(alias !== undefined && { alias }) };
      const spec = specOf(key, calls);
      const role = roleOf(key, calls);
      return { ...key, ...(spec && { spec }), ...(role && { role }), uses: usesOf(key, calls) };
    });
  });
}

/** KMS did it, in the account itself and not in a throw-away copy of its world. */
const isReal = ({ outcome, service, simulated }: CallEvent & { simulated?: true }) =>
  outcome === 'ok' && service === 'kms' && !simulated;

type Named = Pick<MappedKey, 'keyId' | 'alias' | 'region'>;

function usesOf(key: Named, calls: readonly CallEvent[]): Use[] {
  const uses = new Map<string, Use>();
  for (const call of calls) {
    const given = gives[call.operation];
    const named = member(call.input, call.operation === 'ReEncrypt' ? 'DestinationKeyId' : 'KeyId');
    if (!given || call.region !== key.region || !names(named, key)) continue;
    const [what, where] = given;
    const use = uses.get(call.operation) ?? { what, where, times: 0 };
    uses.set(call.operation, { ...use, times: use.times + 1 });
  }
  return [...uses.values()];
}

/** A key is named by its id, its ARN, its alias, or the alias's ARN. */
const names = (named: string | undefined, { keyId, alias }: Named): boolean =>
  named !== undefined &&
  [keyId, alias].some(
    (name) => name && (named === name || named.endsWith(`:key/${name}`) || named.endsWith(`:${name}`)),
  );

/** CreateKey names no key yet; the tag that goes with it names the alias. */
function specOf({ alias, region }: Named, calls: readonly CallEvent[]): string | undefined {
  const made = calls.find(
    ({ operation, input, region: where }) =>
      operation === 'CreateKey' &&
      where === region &&
      alias !== undefined &&
      tags(input).get('kms-lab:alias') === alias,
  );
  return made && (member(made.input, 'KeySpec') ?? 'SYMMETRIC_DEFAULT');
}

/** The last call that says which Region holds the primary key decides. */
function roleOf(key: Named, calls: readonly CallEvent[]): MappedKey['role'] {
  if (!key.keyId.startsWith('mrk-')) return undefined;
  let primary: string | undefined;
  for (const { operation, input, region } of calls) {
    if (!names(member(input, 'KeyId'), key)) continue;
    if (operation === 'ReplicateKey') primary = region;
    if (operation === 'UpdatePrimaryRegion') primary = member(input, 'PrimaryRegion');
  }
  return primary === undefined ? undefined : primary === key.region ? 'primary' : 'replica';
}

function member(input: unknown, name: string): string | undefined {
  const value = (input as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

function tags(input: unknown): Map<string, string> {
  const list = (input as { Tags?: unknown } | undefined)?.Tags;
  const pairs = Array.isArray(list) ? (list as Readonly<Record<string, unknown>>[]) : [];
  return new Map(pairs.map((tag) => [String(tag.TagKey), String(tag.TagValue)]));
}
