import { Temporal } from 'temporal-polyfill';
import { inTransaction } from '../../db/transaction.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';

const most = 1_000;

const forms = `update ill_form set address = null, beneficiary = null, beneficiary_email = null, content = content - 'note'
  where id = any(array(
    select form.id from ill_form form join ill_request request on request.id = form.request_id
    where (form.beneficiary is not null or form.beneficiary_email is not null) and form.library = ? and request.ended_at < ? limit ${most}))
  returning request_id as "requestId"`;

/** Of messages and mails only that there were any stays. */
const said = [
  `update ill_message set body = '{}', xml = null, confirmation = null
   where state not in ('stored', 'queued') and about_id in (select id from ill_attempt where request_id = any(?::uuid[]))`,
  `update ill_document set name = '' where about = 'request' and about_id = any(?::uuid[])`,
  `update notice set recipient = case when recipient is not null then '' end, subject = case when subject is not null then '' end,
     body_text = case when body_text is not null then '' end, body_html = null, content = '{}', last_error = null,
     address = case when address is not null then '' end, addressee = case when addressee is not null then '' end
   where audience <> 'patron' and subject_type = 'ill' and state <> 'queued' and subject_id = any(?::uuid[])`,
];

/**
 * Takes out of requests those who have no account that could be erased: for whom a librarian or an institution has asked (I6, I7). Requests that ended longer ago than the library's policy says; what was asked for, of
 * whom and at what price stays. At most a thousand forms a library and run; answers how many.
 */
export async function erasePeople({ orm, policies }: ActivityDeps, now: number): Promise<number> {
  let erased = 0;
  for (const { code, ill, timeZone } of policies.all()) {
    if (ill === 'none') continue;
    const kept = Temporal.Duration.from(ill.requests.erasePeopleAfter);
    const before = toDate(instant(now).toZonedDateTimeISO(timeZone).subtract(kept).toInstant());
    erased += await inTransaction(orm, async (tx) => {
      const rows = await tx.execute<{ requestId: string }[]>(forms, [code, before]);
      const ids = `{${rows.map(({ requestId }) => requestId).join(',')}}`;
      if (rows.length > 0) for (const sql of said) await tx.execute(sql, [ids]);
      return rows.length;
    });
  }
  return erased;
}
