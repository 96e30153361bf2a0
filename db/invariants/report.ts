import { type Checked, isBroken } from './check.ts';

/** What an audit found, as `--json` prints it. */
export interface AuditReport {
  /** The moment asked about, ISO 8601. */
  readonly at: string;
  /** How many invariants are broken. */
  readonly broken: number;
  readonly invariants: readonly Checked[];
}

export function auditReport(now: number, checked: readonly Checked[]): AuditReport {
  return {
    at: new Date(now).toISOString(),
    broken: checked.filter(isBroken).length,
    invariants: checked,
  };
}

/** One line an invariant, below each broken one what it means and the rows that break it, and a last line that says how it stands. */
export function auditTable({ invariants, broken }: AuditReport): string {
  const width = Math.max(...invariants.map(({ name }) => name.length));
  const lines = invariants.flatMap((each) => [
    `${each.name.padEnd(width)}  ${String(each.violations).padStart(6)}  ${verdict(each)}`,
    ...(each.violations > 0 ? details(each) : []),
  ]);
  const sum =
    broken === 0 ? `All ${invariants.length} hold.` : `${broken} of ${invariants.length} are broken.`;
  return [...lines, '', sum].join('\n');
}

function verdict(checked: Checked): string {
  if (isBroken(checked)) return 'BROKEN';
  return checked.violations > 0 ? 'see' : 'ok';
}

function details({ meaning, ids, violations }: Checked): string[] {
  const more = violations > ids.length ? [`    … and ${violations - ids.length} more`] : [];
  return [`    ${meaning}`, ...ids.map((id) => `    ${id}`), ...more];
}
