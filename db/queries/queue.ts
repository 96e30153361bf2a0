import type { EntityManager } from '@mikro-orm/postgresql';

/*
 * What a list says of a title's queue and what is decided by it are the same words: these are scalar subqueries, to be used where the query has a row
 * `hold` or `loan`.
 */

/** The place in the queue of the row `hold`: 1 is served next (H5). Who waits for another issue of a magazine does not count. */
export const queuePosition = `(
  select count(*)::int + 1 from hold ahead
  where ahead.title_id = hold.title_id and ahead.state in ('waiting', 'in-transit') and ahead.queue_no < hold.queue_no
    and (ahead.requested_item_id is null or hold.requested_item_id is null or same_issue(ahead.requested_item_id, hold.requested_item_id)))`;

/** How many waiting holds of other readers the item of the row `loan` could serve (L2). */
export const heldByOthers = `(
  select count(*)::int from hold
  where hold.title_id = loan.title_id and hold.state = 'waiting' and hold.patron_id <> loan.patron_id
    and (hold.requested_item_id is null or same_issue(hold.requested_item_id, loan.item_id)))`;

/** The copies that serve whoever asked for this one: all of the same issue of a magazine (H1). */
export async function copiesOfIssue(em: EntityManager, itemId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select copy.id from item asked join item copy on copy.title_id = asked.title_id and same_issue(asked.id, copy.id) where asked.id = ?`,
    [itemId],
  );
  return rows.map(({ id }) => id);
}
