import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second on every Linux that matters. */
const ticksPerSecond = 100;

interface Row {
  readonly pid: number;
  readonly parent: number;
  /** Seconds of its own, and of its children that have ended. */
  readonly seconds: number;
}

function rowOf(pid: string): Row | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold anything, parentheses too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { pid: Number(pid), parent: Number(fields[1]), seconds: ticks / ticksPerSecond };
  } catch {
    return undefined;
  }
}

/** Processor seconds that a process and all that it has started have used so far; NaN where the system does not tell (only Linux does). */
export function cpuSeconds(pid: number): number {
  try {
    const rows = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => rowOf(name) ?? []);
    const family = new Set([pid]);
    for (let before = 0; before < family.size;) {
      before = family.size;
      for (const row of rows) if (family.has(row.parent)) family.add(row.pid);
    }
    return rows.filter((row) => family.has(row.pid)).reduce((sum, row) => sum + row.seconds, 0);
  } catch {
    return Number.NaN;
  }
}
