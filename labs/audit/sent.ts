/** A call that was made: what KMS answered names it, and CloudTrail's event does. */
export interface SentCall {
  operation: string;
  requestId: string;
}

/** The calls of a run as they are saved beside its files, so that a later run can go on looking. Nothing in it is secret. */
export interface Sent {
  account: string;
  identity: string;
  region: string;
  /** ISO 8601. */
  begun: string;
  ended: string;
  keyArn: string;
  /** The material that decrypted, where KMS names it. */
  keyMaterialId?: string | undefined;
  context: Record<string, string>;
  calls: SentCall[];
}

/** The name of the file that holds it. */
export const sentFile = 'requests.json';

/** Whether calls of this operation use a KMS key. */
export const usesKey = (operation: string): boolean => operation !== 'GenerateRandom' && operation !== 'ListKeys';

export const toBytes = (sent: Sent): Uint8Array => Buffer.from(`${JSON.stringify(sent, undefined, 2)}\n`);

const strings = ['account', 'identity', 'region', 'begun', 'ended', 'keyArn'] as const;
const isText = (value: unknown): value is string => typeof value === 'string';

/** Read it again; undefined when it is not what this lab writes. */
export function fromBytes(bytes: Uint8Array): Sent | undefined {
  try {
    const sent = JSON.parse(Buffer.from(bytes).toString()) as Sent;
    const calls = sent.calls.every(({ operation, requestId }) => isText(operation) && isText(requestId));
    const context = Object.values(sent.context).every(isText);
    return strings.every((name) => isText(sent[name])) && calls && context && sent.calls.length > 0 ? sent : undefined;
  } catch {
    return undefined;
  }
}
