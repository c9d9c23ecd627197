import type { KeyMetadata, KMS } from '@aws-sdk/client-kms';
import { classify } from '../errors.js';
import { ownershipOf, tagKeys } from '../kms/tags.js';
import type { Finding } from './check-events.js';
import { exceptionOf } from './exception-of.js';
import type { HandFiles } from './hand-files.js';
import { isAnswer } from './judge.js';
import type { OwnKey } from './own.js';

/** How a ciphertext is to be opened. */
export interface Opening {
  KeyId: string;
  /** What the learner calls the key: its alias. */
  under: string;
  /** The lab's own Region unless given. */
  region?: string;
  context?: Readonly<Record<string, string>>;
  algorithm?: 'RSAES_OAEP_SHA_1' | 'RSAES_OAEP_SHA_256';
}

/** A ciphertext was opened. */
export interface Opened {
  /** The key material that had sealed it, where KMS tells. */
  material: string | undefined;
  /** Bytes of plaintext. */
  bytes: number;
}

/** The ways to look for something. None throws when it is missing: the learner is told, with a hint. */
export interface Grading {
  /** Anything that can be said in a sentence; `hint`: what to do when it does not hold. Gives `holds`. */
  that(what: string, holds: boolean, hint: string): boolean;
  /** The lab's alias leads to a key that is as `wanted`, Enabled, and bears the lab's tags, by which cleanup finds it. */
  key(name: string, wanted: Partial<KeyMetadata>, region?: string): Promise<void>;
  /** A file is in the learner's folder; its bytes. */
  file(name: string, hint?: string): Uint8Array | undefined;
  /** The learner's file opens, and gives `plaintext` where that is known. What KMS answered, without the plaintext. */
  opens(name: string, how: Opening, plaintext?: Uint8Array): Promise<Opened | undefined>;
  /** The learner's file is refused with this exception. */
  refused(name: string, how: Opening, exception: string, hint: string): Promise<boolean>;
}

export interface GradingOptions {
  lab: string;
  kmsIn(region: string): KMS;
  /** The key behind an alias of the lab's. */
  keys(name: string, region: string): Promise<OwnKey | undefined>;
  region: string;
  alias(name: string): string;
  files: HandFiles;
  tell(finding: Finding): void;
}

/** Make the `grade` of one step. */
export function gradingOf({ lab, kmsIn, keys, region: home, alias, files, tell }: GradingOptions): Grading {
  const that: Grading['that'] = (what, found, hint) => {
    tell({ what, found, ...(!found && { hint }) });
    return found;
  };
  const file: Grading['file'] = (name, hint = 'do this step, and save what it gives under that name') => {
    const bytes = files.read(name);
    const there = that(`${files.typed(name)} is there`, !!bytes?.length, hint);
    return there ? bytes : undefined;
  };
  /** The same, told of only when it is not there. */
  const saved = (name: string, hint?: string) => {
    const bytes = files.read(name);
    return bytes?.length ? bytes : file(name, hint);
  };
  const decrypt = ({ KeyId, region = home, context, algorithm }: Opening, CiphertextBlob: Uint8Array) =>
    kmsIn(region).decrypt({
      ...{ KeyId, CiphertextBlob },
      ...(context && { EncryptionContext: { ...context } }),
      ...(algorithm && { EncryptionAlgorithm: algorithm }),
    });
  return {
    that,
    file,
    async key(name, wanted, region = home) {
      const kms = kmsIn(region);
      const called = `${alias(name)}${region === home ? '' : ` in ${region}`}`;
      const key = await keys(name, region);
      const make = `make the key, then: aws kms create-alias --alias-name ${alias(name)} --target-key-id KEY-ID --region ${region}`;
      if (!that(`${called} leads to a key`, key !== undefined, make) || !key) return;
      const members = Object.entries({ KeyState: 'Enabled', ...wanted }) as [keyof KeyMetadata, unknown][];
      for (const [member, value] of members)
        that(`its ${member} is ${value}`, key[member] === value, mend(member, key, value));
      const { Tags = [] } = await kms.listResourceTags({ KeyId: key.KeyId });
      const hint = `tag it as its line in COMMANDS.md does (${Object.values(tagKeys).join(', ')}), with aws kms tag-resource`;
      that('it bears the tags of this lab, so that cleanup finds it', ownershipOf(Tags)?.lab === lab, hint);
    },
    async opens(name, how, plaintext) {
      const what = `${files.typed(name)} opens under ${under(how)}`;
      const blob = saved(name);
      if (!blob) return undefined;
      try {
        const { Plaintext = new Uint8Array(), KeyMaterialId } = await decrypt(how, blob);
        const same = plaintext === undefined || Buffer.compare(Plaintext, plaintext) === 0;
        Plaintext.fill(0);
        const hint = 'it does open, but to other bytes than the file that was to be encrypted';
        return that(what, same, hint) ? { material: KeyMaterialId, bytes: Plaintext.length } : undefined;
      } catch (error) {
        if (!isJudged(error)) throw error;
        that(what, false, whyClosed(error as Error, how, blob));
        return undefined;
      }
    },
    async refused(name, how, exception, hint) {
      const blob = saved(name, hint);
      if (!blob) return false;
      const got = await exceptionOf(decrypt(how, blob).catch(onlyJudged));
      return that(`${files.typed(name)} is refused with ${exception}`, got === exception, `${hint} (now: ${got})`);
    },
  };
}

/** KMS has looked at the request and said no; that it is too busy, or does not know the caller, says nothing about a file. */
const isJudged = (error: unknown) =>
  isAnswer(error) && !['unreachable', 'credentials', 'quota'].includes(classify(error).kind);

/** What is no such answer ends the check. */
function onlyJudged(error: unknown): never {
  throw isJudged(error) ? error : classify(error);
}

const under = ({ under: name, region, context }: Opening) =>
  `${name}${region ? ` in ${region}` : ''}${context ? ` with the context ${spelt(context)}` : ''}`;

/** A context as the AWS CLI takes it. */
const spelt = (context: Readonly<Record<string, string>>) =>
  Object.entries(context)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** What to do about a member of a key's description. */
function mend(member: keyof KeyMetadata, key: KeyMetadata, wanted: unknown): string {
  if (member !== 'KeyState')
    return `it is ${key[member] ?? 'not set'}, which nothing changes later: make another key, and lead the alias to it with aws kms update-alias`;
  const enable = `aws kms enable-key --key-id ${key.KeyId}`;
  if (key.KeyState === 'PendingDeletion') return `aws kms cancel-key-deletion --key-id ${key.KeyId}, then ${enable}`;
  return key.KeyState === 'Disabled' ? enable : `it is ${key.KeyState}; wait until it is ${wanted}, and check again`;
}

function whyClosed({ name, message }: Error, how: Opening, blob: Uint8Array): string {
  if (isBase64(blob))
    return 'it holds base64 text, not the bytes it stands for: … --output text | base64 --decode > FILE';
  if (name === 'IncorrectKeyException')
    return `it was encrypted under another key: encrypt it again with --key-id ${how.under}`;
  if (name === 'InvalidCiphertextException') {
    const were = how.context ? `not encrypted with --encryption-context ${spelt(how.context)}` : 'bound to a context';
    return `these are not the bytes that KMS gave, or they were ${were}`;
  }
  if (name === 'DisabledException' || name === 'KMSInvalidStateException')
    return 'the key is not enabled: see its state';
  return `KMS says ${name}${message && message !== 'UnknownError' ? `: ${message}` : ''}`;
}

/** Whether the bytes are what `--output text` prints. A ciphertext of KMS has bytes that no text has. */
const isBase64 = (bytes: Uint8Array) =>
  bytes.length > 3 && /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(Buffer.from(bytes).toString('latin1'));
