import { Temporal } from 'temporal-polyfill';
import { inTransaction } from '../../db/transaction.ts';
import { lendingOf } from '../../domain/supply.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';

const most = 1_000;

const ended = `update supply_request set delivery = '{}', content = content - 'note', erased_at = ?
  where id = any(array(select id from supply_request where library = ? and ended_at < ? and erased_at is null order by ended_at limit ${most}))
  returning id`;

/** Of the messages only that they were exchanged stays; those that a centre sent on for it too. */
const messages = `update ill_message set body = '{}', xml = null, confirmation = null
  where state not in ('stored', 'queued') and about_id = any(array(
    select id from unnest(?::uuid[]) supply (id)
    union all
    select attempt.id from ill_attempt attempt join ill_request request on request.id = attempt.request_id where request.on_behalf_of = any(?::uuid[])))`;

/**
 * Takes the people out of outside requests that ended longer ago than the library's policy says: where it went, for whom, what was written about it. What was lent to whom stays, for the settlement between the
 * libraries. At most a thousand a library and run; answers how many.
 */
export async function eraseSupplies({ orm, policies }: ActivityDeps, now: number): Promise<number> {
  let erased = 0;
  for (const policy of policies.all()) {
    const { eraseAfter } = lendingOf(policy);
    const before = instant(now)
      .toZonedDateTimeISO(policy.timeZone)
      .subtract(Temporal.Duration.from(eraseAfter));
    erased += await inTransaction(orm, async (tx) => {
      const values = [new Date(now), policy.code, toDate(before.toInstant())];
      const rows = await tx.execute<{ id: string }[]>(ended, values);
      const ids = `{${rows.map(({ id }) => id).join(',')}}`;
      if (rows.length > 0) await tx.execute(messages, [ids, ids]);
      return rows.length;
    });
  }
  return erased;
}
