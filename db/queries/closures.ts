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
