import type { MikroORM } from '@mikro-orm/postgresql';
import { rowsOf, type Statement } from '../prepared.ts';

/** Main and sub cards are counted apart (F10); `main`: a card with sub cards. */
export type CardRole = 'main' | 'sub' | 'single';

/** The counts of one user group's cards of one role. */
export interface GroupCounts {
  readonly group: string;
  readonly role: CardRole;
  /** Cards that were open at the end of the period. */
  readonly cards: number;
  /** Of these, opened within the period. */
  readonly opened: number;
  /** Cards closed within the period. */
  readonly closed: number;
  /** Cards whose validity or "paid until" ended within the period and has not been renewed since. */
  readonly expired: number;
  /** Loans made within the period. */
  readonly loans: number;
  /** Holds placed within the period. */
  readonly holds: number;
}

/** `from` and `to` are the instants at which the period begins and ends, `firstDay` and `lastDay` its civil days, both included. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** One pass over each table: loans and holds are counted by reader first, and readers by group and role. */
const counts: Statement = {
  name: 'statistics',
  text: `
    with lent as (select patron_id, count(*) as n from loan where library = $1 and checked_out_at >= $2 and checked_out_at < $3 group by patron_id),
      placed as (select patron_id, count(*) as n from hold where library = $1 and placed_at >= $2 and placed_at < $3 group by patron_id),
      mains as (select distinct main_id as id from patron where library = $1 and main_id is not null),
      card as (
        select patron.id, patron.user_group, patron.created_at, patron.closed_at, patron.paid_until, patron.expires_on,
          case when patron.main_id is not null then 'sub' when mains.id is not null then 'main' else 'single' end as role
        from patron left join mains on mains.id = patron.id where patron.library = $1)
    select card.user_group as "group", card.role,
      count(*) filter (where created_at < $3 and (closed_at is null or closed_at >= $3))::int as cards,
      count(*) filter (where created_at >= $2 and created_at < $3)::int as opened,
      count(*) filter (where closed_at >= $2 and closed_at < $3)::int as closed,
      count(*) filter (where least(paid_until, expires_on) between $4::date and $5::date and (closed_at is null or closed_at >= $3))::int as expired,
      coalesce(sum(lent.n), 0)::int as loans, coalesce(sum(placed.n), 0)::int as holds
    from card left join lent on lent.patron_id = card.id left join placed on placed.patron_id = card.id
    group by card.user_group, card.role order by card.user_group, card.role`,
};

/** Counts cards, loans and holds by user group, main and sub cards apart (F10); the groups and roles are those of today. */
export function countsByGroup(
  orm: MikroORM,
  library: string,
  { from, to, firstDay, lastDay }: Period,
): Promise<GroupCounts[]> {
  return rowsOf(orm, counts, [library, from, to, firstDay, lastDay]);
}
