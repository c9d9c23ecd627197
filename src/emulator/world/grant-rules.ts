import type { CreateGrantRequest, GrantConstraints, GrantOperation, KeyUsageType } from '@aws-sdk/client-kms';
import { parseArn } from '../arn.js';
import { Fault } from '../fault.js';
import type { Checked } from '../operation.js';
import { checkPrincipal } from '../principal.js';
import type { Key } from './records.js';

const refuse = (message: string) => new Fault('ValidationException', message);

/** Allowed in a grant on any key; an encryption context has no bearing on them. */
const onAnyKey: readonly GrantOperation[] = ['CreateGrant', 'DescribeKey', 'RetireGrant'];
const encryption: readonly GrantOperation[] = ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'];

/** "Grant operations" in the Developer Guide (grants.html#terms-grant-operations), by what keys are for. */
const byUsage: Readonly<Record<KeyUsageType, readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: encryption,
  SIGN_VERIFY: ['Sign', 'Verify'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret'],
  ENCAPSULATE_DECAPSULATE: ['Encapsulate', 'Decapsulate'],
};

/** Symmetric encryption keys also make data keys; keys that are pairs have a public one. */
function bySpec({ shared: { spec, usage } }: Key): readonly GrantOperation[] {
  if (usage === 'GENERATE_VERIFY_MAC') return [];
  if (spec !== 'SYMMETRIC_DEFAULT') return ['GetPublicKey'];
  const pairs = ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] as const;
  return ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', ...pairs];
}

/** Whether an encryption context constraint has a bearing on it. */
export const hasContext = (operation: GrantOperation) => !onAnyKey.includes(operation);

const longestValue = 384;
const mostPairs = 8;

/** GrantConstraints in the API reference: one kind, 8 pairs, values of 384 characters. */
function checkConstraints({ EncryptionContextEquals, EncryptionContextSubset, SourceArn }: GrantConstraints): void {
  if (EncryptionContextEquals && EncryptionContextSubset) {
    throw refuse('You can specify either EncryptionContextEquals or EncryptionContextSubset, but not both.');
  }
  const values = Object.values(EncryptionContextEquals ?? EncryptionContextSubset ?? {});
  if (values.length > mostPairs) {
    throw refuse(`A grant constraint can include up to ${mostPairs} encryption context pairs.`);
  }
  if (values.some((value) => value.length > longestValue)) {
    throw refuse(`An encryption context value in a grant constraint cannot exceed ${longestValue} characters.`);
  }
  if (SourceArn !== undefined && !parseArn(SourceArn)) {
    throw new Fault('InvalidArnException', `Invalid arn ${SourceArn}`);
  }
}

const oneOf = (principal: unknown, service: unknown, kind: string) => {
  if (principal !== undefined && service !== undefined) {
    throw refuse(`You can specify either ${kind}Principal or ${kind}ServicePrincipal, but not both.`);
  }
};

/** What can be refused before the key is looked at. */
export function checkGrantRequest(request: Checked<CreateGrantRequest>): void {
  const { Operations, Constraints } = request;
  oneOf(request.GranteePrincipal, request.GranteeServicePrincipal, 'Grantee');
  oneOf(request.RetiringPrincipal, request.RetiringServicePrincipal, 'Retiring');
  if (request.GranteePrincipal === undefined && request.GranteeServicePrincipal === undefined) {
    throw refuse('You must specify either GranteePrincipal or GranteeServicePrincipal.');
  }
  if (request.GranteeServicePrincipal !== undefined) checkServiceGrant(request);
  if (Operations.length === 0) throw refuse('Grants must contain at least one operation.');
  if (Operations.every((operation) => operation === 'CreateGrant')) {
    throw refuse('Grants must not contain only the CreateGrant operation.');
  }
  if (Constraints) checkConstraints(Constraints);
}

/** A service acts for many customers: its grant says for which resource, and who may end it (API reference, CreateGrant). */
function checkServiceGrant({ Constraints, RetiringPrincipal, RetiringServicePrincipal }: Checked<CreateGrantRequest>) {
  if (Constraints?.SourceArn === undefined) {
    throw refuse('When you specify a GranteeServicePrincipal, you must also specify a SourceArn grant constraint.');
  }
  if (RetiringPrincipal === undefined && RetiringServicePrincipal === undefined) {
    throw refuse(
      'When you specify a GranteeServicePrincipal, you must also specify a RetiringPrincipal or a RetiringServicePrincipal.',
    );
  }
}

/**
 * Refuse principals that are none and operations that the key's spec and usage do not have.
 * @throws Fault InvalidArnException, ValidationException
 */
export function checkGrantFits(key: Key, request: Checked<CreateGrantRequest>): void {
  for (const principal of [request.GranteePrincipal, request.RetiringPrincipal]) {
    if (principal !== undefined) checkPrincipal(principal, key);
  }
  const { spec, usage } = key.shared;
  const possible = [...onAnyKey, ...byUsage[usage], ...bySpec(key)];
  const wrong = request.Operations.filter((operation) => !possible.includes(operation));
  if (wrong.length > 0) {
    throw refuse(`${key.arn} key spec ${spec} and key usage ${usage} do not support [${wrong.join(', ')}] in a grant.`);
  }
  const { EncryptionContextEquals, EncryptionContextSubset } = request.Constraints ?? {};
  if (!EncryptionContextEquals && !EncryptionContextSubset) return;
  if (spec === 'SYMMETRIC_DEFAULT' || !request.Operations.some(hasContext)) return;
  throw refuse(`${key.arn} key spec is ${spec}, whose operations have no encryption context to constrain.`);
}
