/** A KMS key that this run made. */
export interface MadeKey {
  region: string;
  keyId: string;
  arn: string;
  /** The alias name that it was made for. */
  alias: string;
}

/** How long KMS may need until all of it knows a change: "several minutes" (Developer Guide, eventual consistency). */
const unsettledMs = 5 * 60_000;

/** What a call may say, whatever its operation. */
interface Shape {
  KeyId?: string;
  TargetKeyId?: string;
  SourceKeyId?: string;
  DestinationKeyId?: string;
  AliasName?: string;
  ReplicaRegion?: string;
  KeyMetadata?: { KeyId?: string; Arn?: string };
  ReplicaKeyMetadata?: { KeyId?: string; Arn?: string };
}

/** What this run has made or changed so lately that KMS may not know it everywhere. */
export class Made {
  readonly keys: MadeKey[] = [];
  private readonly fresh = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /** Learn from a call that went well. */
  learn(region: string, operation: string, input: object, output: object, alias: string): void {
    const asked: Shape = input;
    const ref = bare(asked.KeyId ?? '');
    if (operation === 'CreateKey') this.madeKey(region, (output as Shape).KeyMetadata, alias);
    if (operation === 'ReplicateKey')
      this.madeKey(asked.ReplicaRegion ?? region, (output as Shape).ReplicaKeyMetadata, alias);
    if (operation === 'CreateAlias' || operation === 'UpdateAlias') this.touch(region, bare(asked.AliasName ?? ''));
    if (operation === 'DeleteAlias') this.forget(region, bare(asked.AliasName ?? ''));
    if (operation === 'ImportKeyMaterial') this.touch(region, `${ref} PendingImport`);
    if (operation === 'DeleteImportedKeyMaterial') this.forget(region, `${ref} PendingImport`);
    if (operation === 'CancelKeyDeletion') this.touch(region, `${ref} PendingDeletion`);
    if (operation === 'ScheduleKeyDeletion') this.forget(region, `${ref} PendingDeletion`);
  }

  /** The key or alias in this input that the run has just made, if any. */
  freshIn(region: string, input: object): string | undefined {
    const { KeyId, TargetKeyId, SourceKeyId, DestinationKeyId, AliasName } = input as Shape;
    const refs = [KeyId, TargetKeyId, SourceKeyId, DestinationKeyId, AliasName];
    return refs.find((ref) => ref !== undefined && this.isFresh(region, bare(ref)));
  }

  /**
   * Whether a refusal for the key's state may be KMS lagging behind: the key is on its way to a state (or there already),
   * or this run has just led it out of the state that KMS still sees.
   */
  lagging(region: string, operation: string, ref: string, state: string | undefined): boolean {
    if (operation === 'CancelKeyDeletion') return false;
    if (state === undefined || state === 'Creating' || state === 'Updating' || state === 'Enabled') return true;
    return this.isFresh(region, `${bare(ref)} ${state}`);
  }

  private madeKey(region: string, key: { KeyId?: string; Arn?: string } | undefined, alias: string): void {
    if (!key?.KeyId) return;
    this.keys.push({ region, keyId: key.KeyId, arn: key.Arn ?? '', alias });
    this.touch(region, key.KeyId);
  }

  private isFresh(region: string, what: string): boolean {
    const at = this.fresh.get(`${region} ${what}`);
    return at !== undefined && this.now() - at < unsettledMs;
  }

  private touch(region: string, what: string): void {
    this.fresh.set(`${region} ${what}`, this.now());
  }

  private forget(region: string, what: string): void {
    this.fresh.delete(`${region} ${what}`);
  }
}

/** A key id or alias name, out of an ARN where it is one. */
const bare = (ref: string) =>
  ref.startsWith('arn:') ? ref.slice(ref.lastIndexOf(':') + 1).replace(/^key\//, '') : ref;
