import { hang, usable, widest } from './layout.js';
import { inkFor } from './mark.js';
import type { Screen } from './reporter.js';

/** One operation of the KMS API, for `kms-lab actions`. */
export interface ActionRow {
  /** In AWS's spelling: "Encrypt". */
  action: string;
  /** What it does, in a line. */
  does: string;
  /** "Read", "Write", "Permissions management"… */
  access: string;
  /** The IAM actions it needs: "kms:Encrypt". */
  iam: readonly string[];
  /** The masterclass names it. */
  masterclass: boolean;
  /** The labs that call it and are answered, in teaching order. */
  labs: readonly string[];
}

/** The actions of the masterclass and then the others, each with what it does, its access level and who shows it. */
export function actionLines(rows: readonly ActionRow[], screen: Screen): string[] {
  const ink = inkFor(screen);
  const limit = usable(screen.columns, widest);
  const widths = [0, ...rows.map(({ action }) => action.length)];
  const column = Math.max(...widths) + 2;
  const lines = (row: ActionRow) => [
    `${ink.style.bold(row.action)}${' '.repeat(column - row.action.length)}${row.access}`,
    ...[row.does, ...needs(row), shownBy(row)]
      .flatMap((text) => hang('    ', ink.text(text), limit))
      .map((line) => ink.style.dim(line)),
  ];
  const group = (title: string, of: readonly ActionRow[]) =>
    of.length > 0 ? [ink.style.bold(`${title} (${of.length})`), '', ...of.flatMap(lines), ''] : [];
  return [
    ...group(
      'In the masterclass',
      rows.filter(({ masterclass }) => masterclass),
    ),
    ...group(
      'The rest of the API',
      rows.filter(({ masterclass }) => !masterclass),
    ),
  ].slice(0, -1);
}

/** Said only where it is not the action of the same name alone. */
function needs({ action, iam }: ActionRow): string[] {
  return iam.join() === `kms:${action}` ? [] : [`needs ${iam.join(' and ')}`];
}

const shownBy = ({ labs }: ActionRow) => (labs.length > 0 ? `lab ${labs.join(', ')}` : 'in no lab');
