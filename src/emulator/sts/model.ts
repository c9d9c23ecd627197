import type { Shape } from '../wire/constraints.js';

const text = (shape: string, more: Partial<Shape> = {}): Shape => ({ type: 'string', shape, ...more });
const list = (shape: string, member: Shape, more: Partial<Shape> = {}): Shape => ({
  ...{ type: 'list', shape, member },
  ...more,
});
const structure = (shape: string, members: Record<string, Shape>): Shape => ({ type: 'structure', shape, members });

const arn = text('arnType', {
  min: 20,
  max: 2048,
  pattern: String.raw`[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+`,
});
const tagKey = text('tagKeyType', { min: 1, max: 128, pattern: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+` });
const tagValue = text('tagValueType', { min: 0, max: 256, pattern: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]*` });

/** How long credentials last, in seconds. */
export const durationSeconds = (shape: string, max: number): Shape => ({ type: 'integer', shape, min: 900, max });

/** What proves a second factor. */
export const multiFactor: Record<string, Shape> = {
  SerialNumber: text('serialNumberType', { min: 9, max: 256, pattern: String.raw`[\w+=/:,.@-]*` }),
  TokenCode: text('tokenCodeType', { min: 6, max: 6, pattern: String.raw`[\d]*` }),
};

/** AssumeRole's request (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
export const assumeRoleInput: Record<string, Shape> = {
  RoleArn: { ...arn, required: true },
  RoleSessionName: text('roleSessionNameType', {
    ...{ required: true, min: 2, max: 64, pattern: String.raw`[\w+=,.@-]*` },
  }),
  PolicyArns: list('policyDescriptorListType', structure('PolicyDescriptorType', { arn }), { max: 10 }),
  Policy: text('sessionPolicyDocumentType', {
    ...{ min: 1, max: 2048, pattern: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+` },
  }),
  DurationSeconds: durationSeconds('roleDurationSecondsType', 43_200),
  Tags: list(
    'tagListType',
    structure('Tag', { Key: { ...tagKey, required: true }, Value: { ...tagValue, required: true } }),
    { max: 50 },
  ),
  TransitiveTagKeys: list('tagKeyListType', tagKey, { max: 50 }),
  ExternalId: text('externalIdType', { min: 2, max: 1224, pattern: String.raw`[\w+=,.@:\/-]*` }),
  ...multiFactor,
  SourceIdentity: text('sourceIdentityType', { min: 2, max: 64, pattern: String.raw`[\w+=,.@-]*` }),
};
