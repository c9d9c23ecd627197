import { BlockList, isIP } from 'node:net';
import { type Piece, textOf } from './template.js';
import { arnWildcard, type Matcher, wildcard } from './wildcard.js';

/** How a condition operator compares a value of the request with one of the policy. */
export interface Operator {
  /** `Not…`: no value of the policy may match. */
  negated: boolean;
  /** Make a policy's value ready. */
  wanted(pieces: readonly Piece[]): Matcher;
}

type Wanted = Operator['wanted'];

const never: Matcher = () => false;

const equals: Wanted = (pieces) => {
  const text = textOf(pieces);
  return (actual) => actual === text;
};

const equalsIgnoreCase: Wanted = (pieces) => {
  const text = textOf(pieces).toLowerCase();
  return (actual) => actual.toLowerCase() === text;
};

const numberOf = (text: string) => (/^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : Number.NaN);

/** ISO 8601, or seconds since 1970. A bare year is a date. */
const timeOf = (text: string) =>
  /^\d+(\.\d+)?$/.test(text) && text.length !== 4 ? Number(text) * 1000 : Date.parse(text);

/** What is no number, or no date, compares as false. */
const ordered =
  (read: (text: string) => number, holds: (actual: number, wanted: number) => boolean): Wanted =>
  (pieces) => {
    const limit = read(textOf(pieces));
    return (actual) => holds(read(actual), limit);
  };

const binary: Wanted = (pieces) => {
  const bytes = Buffer.from(textOf(pieces), 'base64');
  return (actual) => bytes.equals(Buffer.from(actual, 'base64'));
};

/** An address, or a range in CIDR notation. */
const address: Wanted = (pieces) => {
  const [network = '', length] = textOf(pieces).split('/');
  const version = isIP(network);
  const bits = length === undefined ? (version === 6 ? 128 : 32) : Number(length);
  if (version === 0 || !(bits >= 0 && bits <= (version === 6 ? 128 : 32))) return never;
  const range = new BlockList();
  range.addSubnet(network, bits, version === 6 ? 'ipv6' : 'ipv4');
  return (actual) => isIP(actual) !== 0 && range.check(actual, isIP(actual) === 6 ? 'ipv6' : 'ipv4');
};

const comparisons = {
  Equals: (actual: number, wanted: number) => actual === wanted,
  LessThan: (actual: number, wanted: number) => actual < wanted,
  LessThanEquals: (actual: number, wanted: number) => actual <= wanted,
  GreaterThan: (actual: number, wanted: number) => actual > wanted,
  GreaterThanEquals: (actual: number, wanted: number) => actual >= wanted,
};

function family(name: string, read: (text: string) => number): [string, Operator][] {
  return [
    ...Object.entries(comparisons).map(([comparison, holds]): [string, Operator] => [
      name + comparison,
      { negated: false, wanted: ordered(read, holds) },
    ]),
    [`${name}NotEquals`, { negated: true, wanted: ordered(read, comparisons.Equals) }],
  ];
}

const both = (name: string, not: string, wanted: Wanted): [string, Operator][] => [
  [name, { negated: false, wanted }],
  [not, { negated: true, wanted }],
];

/** Every condition operator but Null, which compares nothing ("Condition operators" in the IAM User Guide). */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...both('StringEquals', 'StringNotEquals', equals),
  ...both('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoreCase),
  ...both('StringLike', 'StringNotLike', wildcard),
  ...family('Numeric', numberOf),
  ...family('Date', timeOf),
  ['Bool', { negated: false, wanted: equalsIgnoreCase }],
  ['BinaryEquals', { negated: false, wanted: binary }],
  ...both('IpAddress', 'NotIpAddress', address),
  ...both('ArnEquals', 'ArnNotEquals', arnWildcard),
  ...both('ArnLike', 'ArnNotLike', arnWildcard),
]);
