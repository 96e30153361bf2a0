import type { EntityManager } from '@mikro-orm/postgresql';
import type { Closure } from '../../domain/calendar.ts';

/** The columns of a `Closure`. */
export const closureColumns = `
  place, to_char(day, 'YYYY-MM-DD') as day, to_char(opens, 'HH24:MI') as opens, to_char(closes, 'HH24:MI') as closes`;

/** Days staff closed, or opened at other hours, from a day before `from` on. */
export async function closuresFrom(em: EntityManager, library: string, from: Date): Promise<Closure[]> {
  return em.execute(
    `select ${closureColumns} from closure where library = ? and day >= (?::timestamptz)::date - 1`,
    [library, from],
  );
}

/** A day as staff entered it. */
export interface EnteredClosure extends Required<Closure> {
  readonly id: string;
  readonly reason: string;
}

/** What staff entered for a day, `YYYY-MM-DD`, and after it. */
export async function enteredClosures(
  em: EntityManager,
  library: string,
  from: string,
): Promise<EnteredClosure[]> {
  return em.execute(
    `select id, reason, ${closureColumns} from closure where library = ? and day >= ?::date order by closure.day, place nulls first`,
    [library, from],
  );
}

/** Whether staff have entered this day for the library. */
export async function isEntered(em: EntityManager, library: string, id: string): Promise<boolean> {
  const rows = await em.execute<unknown[]>('select from closure where library = ? and id = ?', [library, id]);
  return rows.length === 1;
}
