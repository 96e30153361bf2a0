import type { EntityManager } from '@mikro-orm/postgresql';
import type { TitleFacts } from '../../domain/holdable.ts';
import type { ItemState } from '../../domain/kinds.ts';
import { issueKey } from './title-facts.ts';

/** Where a title's copies are, who waits for them, and what `isHoldable` decides on. */
export interface Availability {
  /** How many copies are in each state; states without any are left out. */
  readonly copies: Readonly<Partial<Record<ItemState, number>>>;
  /** Readers' holds that wait, are on their way or lie on the hold shelf. */
  readonly openHolds: number;
  /** Of a magazine only the latest issue's copies, unless it was asked for with all its items. */
  readonly facts: TitleFacts;
}

/** The newest issue by date of those not withdrawn; it may have several copies. */
export const latestIssue = `item.state <> 'withdrawn' and item.issued_on =
  (select max(issue.issued_on) from item issue where issue.title_id = item.title_id and issue.state <> 'withdrawn')`;

const query = `
  select title.id,
    (select coalesce(jsonb_object_agg(state, copies), '{}') from
      (select state, count(*) as copies from item where title_id = title.id group by state) by_state) as copies,
    (select count(*) from hold where title_id = title.id and state in ('waiting', 'in-transit'))::int
      + (select count(*) from item where title_id = title.id and state = 'hold-shelf')::int as "openHolds",
    jsonb_build_object('kind', title.kind, 'items', (select coalesce(jsonb_agg(jsonb_build_object(
      'id', item.id, 'state', item.state, 'forLoan', item.for_loan, 'isLatestIssue', title.kind = 'magazine', 'issue', ${issueKey('item')})), '[]')
      from item where title_id = title.id and (title.kind <> 'magazine' or ${latestIssue}))) as facts
  from title where title.id = any(?::uuid[])`;

/** The availability of titles, by id. An id that is not there has no entry. */
export async function availabilityOf(
  em: EntityManager,
  ids: readonly string[],
): Promise<Map<string, Availability>> {
  if (ids.length === 0) return new Map();
  const rows = await em.execute<(Availability & { id: string })[]>(query, [`{${ids.join(',')}}`]);
  return new Map(rows.map(({ id, ...availability }) => [id, availability]));
}
