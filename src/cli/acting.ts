import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs/index.js';
import { actions, type Requirement } from '../emulator/authz/actions.js';
import type { OperationName } from '../kms/sensitive.js';
import { packageRoot } from '../lab/package-root.js';
import { type ActionRow, actionLines } from '../report/actions.js';
import { jsonLine } from '../report/json.js';
import { type ActionFacts, actionFacts } from './action-facts.js';
import { stdoutScreen } from './screen.js';

/** What the labs call, a line each: `symmetric: CreateAlias CreateKey …`. A spec runs them all and compares. */
export const operationsFile = join('labs', 'operations.txt');

/** List the operations of KMS with their facts. */
export function tellActions(options: { json?: boolean; color: boolean }): void {
  const rows = actionRows(readFileSync(join(packageRoot(), operationsFile), 'utf8'));
  const lines = options.json ? rows.map(jsonLine) : actionLines(rows, stdoutScreen(options.color));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** Every operation that the emulator's table of IAM actions knows, in alphabetical order. */
export function actionRows(calls: string): ActionRow[] {
  const called = new Map(calls.split(/\r?\n/).map((line) => line.split(': ') as [string, string | undefined]));
  const shows = (lab: string, action: string) => called.get(lab)?.split(' ').includes(action);
  return (Object.entries(actions) as [OperationName, readonly Requirement[]][]).map(([action, requirements]) => {
    const { does, access, taught }: ActionFacts = actionFacts[action];
    const iam = [
      ...new Set(requirements.map(({ action: needed, when }) => (when ? `${needed} with ${when}` : needed))),
    ];
    const shownBy = labs.filter(({ id }) => shows(id, action)).map(({ id }) => id);
    return { action, does, access, iam, masterclass: taught === true, labs: shownBy };
  });
}
