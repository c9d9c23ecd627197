import type { OperationName } from '../kms/sensitive.js';

/** Access levels as IAM's policy editor groups actions (Service Authorization Reference, "Actions, resources, and condition keys for AWS KMS"). */
export type AccessLevel = 'List' | 'Read' | 'Write' | 'Tagging' | 'Permissions management';

export interface ActionFacts {
  /** In a line. */
  does: string;
  access: AccessLevel;
  /** The masterclass names it, in its reference or in a command. */
  taught?: true;
}

/** Every operation of today's API. What it needs in IAM is the emulator's table of actions; which labs show it, `labs/operations.json`. */
export const actionFacts = {
  CancelKeyDeletion: {
    access: 'Write',
    does: 'take back a scheduled deletion; the key is Disabled afterwards',
    taught: true,
  },
  ConnectCustomKeyStore: {
    access: 'Write',
    does: 'connect a key store of your own to its CloudHSM cluster or external manager',
  },
  CreateAlias: { access: 'Write', does: 'give a key a name that programs can use', taught: true },
  CreateCustomKeyStore: { access: 'Write', does: 'set up a key store in CloudHSM or in an external key manager' },
  CreateGrant: {
    access: 'Permissions management',
    does: 'let somebody use a key for certain operations, without touching its policy',
    taught: true,
  },
  CreateKey: { access: 'Write', does: 'make a KMS key', taught: true },
  Decapsulate: { access: 'Write', does: 'get the shared secret out of what Encapsulate made (ML-KEM)' },
  Decrypt: { access: 'Write', does: 'open what was encrypted under a key', taught: true },
  DeleteAlias: { access: 'Write', does: 'remove a name; the key stays' },
  DeleteCustomKeyStore: { access: 'Write', does: 'remove a key store that holds no keys' },
  DeleteImportedKeyMaterial: { access: 'Write', does: 'remove imported material at once; the key waits for it again' },
  DeriveSharedSecret: { access: 'Write', does: 'agree on a secret with the owner of another public key (ECDH)' },
  DescribeCustomKeyStores: { access: 'Read', does: 'tell about key stores and whether they are connected' },
  DescribeKey: { access: 'Read', does: 'tell what a key is and what state it is in', taught: true },
  DisableKey: { access: 'Write', does: 'stop a key from being used, until it is enabled again', taught: true },
  DisableKeyRotation: { access: 'Write', does: 'switch automatic rotation off', taught: true },
  DisconnectCustomKeyStore: {
    access: 'Write',
    does: 'cut a key store off; its keys cannot be used until it is connected',
  },
  EnableKey: { access: 'Write', does: 'let a disabled key be used again', taught: true },
  EnableKeyRotation: { access: 'Write', does: 'switch automatic rotation on, every 90 to 2,560 days', taught: true },
  Encapsulate: { access: 'Write', does: 'make a shared secret and its ciphertext for a public key (ML-KEM)' },
  Encrypt: { access: 'Write', does: 'encrypt up to 4,096 bytes under a key', taught: true },
  GenerateDataKey: {
    access: 'Write',
    does: 'make a data key: in the clear, and encrypted under a KMS key',
    taught: true,
  },
  GenerateDataKeyPair: { access: 'Write', does: 'make a data key pair; the private key in the clear and encrypted' },
  GenerateDataKeyPairWithoutPlaintext: {
    access: 'Write',
    does: 'make a data key pair, the private key only encrypted',
  },
  GenerateDataKeyWithoutPlaintext: { access: 'Write', does: 'make a data key for later, only encrypted', taught: true },
  GenerateMac: { access: 'Write', does: 'compute a message authentication code (HMAC)' },
  GenerateRandom: { access: 'Write', does: 'get up to 1,024 random bytes from the HSMs', taught: true },
  GetKeyLastUsage: { access: 'Read', does: 'tell when a key was last of use, and by which event' },
  GetKeyPolicy: { access: 'Read', does: 'read the policy of a key', taught: true },
  GetKeyRotationStatus: { access: 'Read', does: 'tell whether and how often a key rotates', taught: true },
  GetParametersForImport: { access: 'Read', does: 'get the public key and token to import material with' },
  GetPublicKey: { access: 'Read', does: 'download the public key of an asymmetric key', taught: true },
  ImportKeyMaterial: { access: 'Write', does: 'put material of your own into a key' },
  ListAliases: { access: 'List', does: 'list names and the keys they lead to', taught: true },
  ListGrants: { access: 'List', does: 'list the grants of a key' },
  ListKeyPolicies: { access: 'List', does: 'list the names of policies of a key: "default"' },
  ListKeyRotations: { access: 'List', does: 'list the rotations that a key has had, and its material' },
  ListKeys: { access: 'List', does: 'list the ids of all keys', taught: true },
  ListResourceTags: { access: 'List', does: 'list the tags of a key' },
  ListRetirableGrants: { access: 'List', does: 'list the grants that somebody may retire' },
  PutKeyPolicy: { access: 'Permissions management', does: 'replace the policy of a key', taught: true },
  ReEncrypt: { access: 'Write', does: 'move a ciphertext to another key or context, inside KMS', taught: true },
  ReplicateKey: { access: 'Write', does: 'make a replica of a multi-Region key in another Region', taught: true },
  RetireGrant: {
    access: 'Permissions management',
    does: 'give back a grant, as its grantee or the one it names for that',
    taught: true,
  },
  RevokeGrant: {
    access: 'Permissions management',
    does: 'take a grant away, as an administrator of the key',
    taught: true,
  },
  RotateKeyOnDemand: { access: 'Write', does: 'rotate a key now', taught: true },
  ScheduleKeyDeletion: { access: 'Write', does: 'delete a key after 7 to 30 days', taught: true },
  Sign: { access: 'Write', does: 'sign a message or its digest', taught: true },
  TagResource: { access: 'Tagging', does: 'put tags on a key' },
  UntagResource: { access: 'Tagging', does: 'take tags off a key' },
  UpdateAlias: { access: 'Write', does: 'lead a name to another key' },
  UpdateCustomKeyStore: { access: 'Write', does: 'change the settings of a key store' },
  UpdateKeyDescription: { access: 'Write', does: 'change the description of a key' },
  UpdatePrimaryRegion: { access: 'Write', does: 'make a replica the primary, and the primary a replica', taught: true },
  Verify: { access: 'Write', does: 'check a signature', taught: true },
  VerifyMac: { access: 'Write', does: 'check a message authentication code' },
} satisfies Record<OperationName, ActionFacts>;
