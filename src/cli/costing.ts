import { labs } from '../../labs/index.js';
import { hourlyUsd, monthlyUsd, prices } from '../kms/price.js';
import { costLines, type LabCost } from '../report/cost.js';
import { jsonLine } from '../report/json.js';
import { stdoutScreen } from './screen.js';

/** Say what the keys of labs cost, of one lab when it is named. */
export function tellCost(lab: string | undefined, options: { json?: boolean; color: boolean }): void {
  const rows = labs.filter(({ id }) => lab === undefined || id === lab).map(({ id, facts }) => row(id, facts.keys));
  const keys = rows.reduce((sum, each) => sum + each.keys, 0);
  const total = row('all labs', keys);
  if (options.json) {
    tellJson(rows, total);
    return;
  }
  const lines = costLines(rows, total, prices, stdoutScreen(options.color));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

const row = (lab: string, keys: number): LabCost => ({
  lab,
  keys,
  hourlyUsd: hourlyUsd(keys),
  dailyUsd: 24 * hourlyUsd(keys),
  monthlyUsd: monthlyUsd(keys),
});

function tellJson(rows: readonly LabCost[], { lab: _all, ...total }: LabCost): void {
  const events = [
    ...rows.map((each) => ({ type: 'cost:lab', ...each })),
    { type: 'cost:total', ...total },
    { type: 'cost:prices', currency: 'USD', ...prices },
  ];
  for (const event of events) process.stdout.write(`${jsonLine(event)}\n`);
}
