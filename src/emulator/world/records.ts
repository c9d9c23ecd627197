import type { KeySpec, KeyState, KeyUsageType, OriginType, RotationType } from '@aws-sdk/client-kms';

/** Milliseconds since 1970 on the world's clock. */
export type Instant = number;

/** One generation of a key's material. */
export interface Material {
  /** 64 hexadecimal digits, in answers `KeyMaterialId`. */
  readonly id: string;
  /**
   * SYMMETRIC_DEFAULT: 32 bytes; HMAC: 28 to 128 bytes; private keys: DER PKCS#8, post-quantum ones as their seed. Empty once
   * an imported one has been deleted in every Region.
   */
  readonly secret: Uint8Array;
  readonly created: Instant;
  /** The rotation that made it current; a key's first material has none. */
  readonly rotated?: { readonly type: RotationType; readonly date: Instant };
  /** DER SubjectPublicKeyInfo: what remains of a private key that was deleted. */
  readonly publicKey?: Uint8Array;
}

/** What the keys of a multi-Region set have in common; a single-Region key has one to itself. Stored per account. */
export interface SharedRecord {
  readonly account: string;
  readonly id: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsageType;
  readonly origin: OriginType;
  readonly multiRegion: boolean;
  readonly primaryRegion: string;
  /** Every Region that has one of the keys, the primary's included. */
  readonly regions: readonly string[];
  /** Oldest first; all but the last only decrypt. None before the first import. */
  readonly materials: readonly Material[];
  /** Automatic rotation, planned in the Region that was the primary's; `next` is past when the key was disabled then. */
  readonly rotation?: { readonly days: number; readonly next: Instant; readonly region: string };
  /** When the rotation on demand that is running was asked for. */
  readonly onDemand?: Instant;
  /** Imported for the next rotation on demand; not yet the key's for good. */
  readonly pending?: Material;
  /** Origin EXTERNAL: 32 bytes that seal import tokens and name imported materials. */
  readonly importSecret?: Uint8Array;
}

/** What one Region's key knows of a material that its owner imports. */
export interface ImportRecord {
  /** False once it was deleted or has expired. */
  readonly imported: boolean;
  readonly expires?: Instant;
  readonly description?: string;
}

export interface KeyTag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** A KMS key in one Region: what it does not share with its relatives. */
export interface KeyRecord {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly state: KeyState;
  readonly created: Instant;
  readonly description: string;
  /** The key policy as JSON text, as it was given. */
  readonly policy: string;
  /** Sorted by their names. */
  readonly tags: readonly KeyTag[];
  /** Origin EXTERNAL: by the materials' ids. Each Region's key is given its material by itself. */
  readonly imports?: Readonly<Record<string, ImportRecord>>;
  /** The waiting period before deletion; a primary's has no end while replicas live. */
  readonly deletion?: { readonly days: number; readonly due?: Instant };
}

/** A key as operations see it. */
export interface Key extends KeyRecord {
  readonly arn: string;
  readonly shared: SharedRecord;
}

export interface AliasRecord {
  /** Begins with `alias/`. */
  readonly name: string;
  readonly keyId: string;
  readonly created: Instant;
  readonly updated: Instant;
}

/** The material that encrypts now. */
export function currentMaterial(shared: SharedRecord): Material {
  const last = shared.materials.at(-1);
  if (!last) throw new Error(`key ${shared.id} has no material`);
  return last;
}
