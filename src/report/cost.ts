import { hang, money, table, usable } from './layout.js';
import { inkFor } from './mark.js';
import type { Screen } from './reporter.js';

/** What the keys of a lab cost while they exist, in US dollars. */
export interface LabCost {
  lab: string;
  keys: number;
  hourlyUsd: number;
  dailyUsd: number;
  monthlyUsd: number;
}

/** Prices in US dollars, and where they are from. */
export interface Prices {
  /** The day on which they were read. */
  read: string;
  source: string;
  rotationPerMonth: number;
  freeRequestsPerMonth: number;
  per10000Requests: Readonly<
    Record<'symmetric' | 'rsa2048' | 'otherAsymmetric' | 'dataKeyPairEcc' | 'dataKeyPairRsa', number>
  >;
}

const right = { align: 'right' } as const;
const fine = (usd: number) => `$${usd.toFixed(4)}`;

/** What labs cost, as a table, and what comes on top. */
export function costLines(rows: readonly LabCost[], total: LabCost, prices: Prices, screen: Screen): string[] {
  const ink = inkFor(screen);
  const limit = usable(screen.columns);
  const head = ['LAB', 'KEYS', 'AN HOUR', 'A DAY', 'A MONTH'];
  const shown = rows.length > 1 ? [...rows, total] : rows;
  const cells = [head, ...shown.map(cellsOf)];
  const [titles = '', ...lines] = table(cells, limit - 2, [{}, right, right, right, right]);
  return [
    ink.style.bold('What the keys of the labs cost on AWS while they exist'),
    '',
    ...[ink.style.dim(titles), ...lines].map((line) => `  ${line}`),
    '',
    ...notes(prices).flatMap((note) => hang('  ', ink.text(note), limit)),
  ];
}

const cellsOf = ({ lab, keys, hourlyUsd, dailyUsd, monthlyUsd }: LabCost): string[] => [
  lab,
  String(keys),
  fine(hourlyUsd),
  fine(dailyUsd),
  money(monthlyUsd),
];

function notes({ rotationPerMonth, per10000Requests: request, freeRequestsPerMonth, read, source }: Prices): string[] {
  return [
    'AWS counts by the hour, and nothing while deletion is scheduled: run `kms-lab cleanup` afterwards.',
    `A rotation adds ${money(rotationPerMonth)} a month to its key; the third and later ones add nothing.`,
    `10,000 requests: symmetric and RSA_2048 ${money(request.symmetric)}, other asymmetric ${money(request.otherAsymmetric)}, ` +
      `ECC data key pairs ${money(request.dataKeyPairEcc)}, RSA data key pairs ${money(request.dataKeyPairRsa)}.`,
    `The first ${freeRequestsPerMonth.toLocaleString('en-US')} requests of a month are free, but for those to asymmetric keys ` +
      'and for data key pairs; a lab makes a few dozen.',
    'Prices of ML-DSA, ML-KEM and Ed25519 requests are not known here.',
    `Read on ${read} at ${source}; US dollars, before tax.`,
  ];
}
