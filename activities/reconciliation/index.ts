import { Context } from '@temporalio/activity';
import { Temporal } from 'temporal-polyfill';
import { reader } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { daysBetween } from '../../domain/months.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant } from '../facts.ts';
export { createDifferenceCommands } from './decide.ts';
import { type ReconcileDay, reconcileDay } from './reconcile-day.ts';

export interface DaysToReconcile {
  readonly library: string;
  readonly now: number;
}

/** The comparison of a library's money, day by day (P9). */
export function createReconciliationActivities(deps: ActivityDeps) {
  return {
    reconcileDay: (step: ReconcileDay) => reconcileDay(deps, step, () => Context.current().heartbeat()),
    daysToReconcile: (wish: DaysToReconcile) => daysToReconcile(deps, wish),
  };
}

/** After an outage this many days are made up for at once; the others when staff ask for them. */
const most = 31;

/** The days that are over and have no report, `YYYY-MM-DD`: yesterday, and what lies between it and the latest report. */
async function daysToReconcile(
  { orm, policies }: ActivityDeps,
  { library, now }: DaysToReconcile,
): Promise<{ days: readonly string[] }> {
  const yesterday = civilDay(policies.get(library), instant(now)).subtract({ days: 1 });
  const [row] = await reader(orm).execute<{ day: string | null }[]>(
    `select to_char(max(day), 'YYYY-MM-DD') as day from reconciliation where library = ?`,
    [library],
  );
  if (!row?.day) return { days: [yesterday.toString()] };
  const next = Temporal.PlainDate.from(row.day).add({ days: 1 }).toString();
  return { days: daysBetween(next, yesterday.toString()).slice(-most) };
}
