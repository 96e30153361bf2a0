import type { Invariant } from './invariant.ts';

const erased = `(select id from patron where erased_at is not null)`;

/** Of a reader who was erased nothing can be read (A12). */
export const erasureInvariants: readonly Invariant[] = [
  {
    name: 'erased-reader-is-empty',
    meaning: 'The row of an erased reader names no person, and its card is no card.',
    sql: `
      select 'patron:' || id as id from patron
      where erased_at is not null and (name <> '' or email is not null or phone is not null or birth_date is not null or login is not null
        or details <> '{}' or notice_preferences <> '{}' or permissions <> '{}' or paid_until is not null or expires_on is not null
        or main_id is not null or closed_at is null or card not in ('erased:' || id, 'anonymous:' || user_group))`,
  },
  {
    name: 'erased-reader-has-nothing',
    meaning:
      'An erased reader has no holds, loans, sessions, passwords, blocks, carts, applications’ forms or bindings to an identity.',
    sql: `
      select distinct 'patron:' || patron_id as id from (
        select patron_id from hold union all select patron_id from loan
      ) past join patron on patron.id = patron_id where erased_at is not null and card like 'erased:%'
      union
      select 'patron:' || patron_id from (
        select patron_id from credential union all select patron_id from block union all select patron_id from cart_line
        union all select patron_id from cart_confirmation union all select patron_id from patron_identity
        union all select patron_id from application_form union all select application.patron_id from application_form
          join application on application.id = application_id
        union all select holder_id from known_address union all select holder_id from session where holder_kind = 'patron'
      ) held where patron_id in ${erased}`,
  },
  {
    name: 'erased-reader-unreadable',
    meaning: 'No message, address, remark or change of an erased reader can be read.',
    sql: `
      select 'notice:' || id as id from notice
      where patron_id in ${erased} and (coalesce(recipient, '') <> '' or coalesce(subject, '') <> '' or coalesce(body_text, '') <> ''
        or body_html is not null or last_error is not null or state = 'queued')
      union all
      select 'patron_change:' || id from patron_change
      where patron_id in ${erased} and applied_at is not null and (wanted <> '{}' or before <> '{}')
      union all
      select 'remark:' || remark.id from patron_change join remark on remark.id = remark_id
      where patron_id in ${erased} and text <> ''
      union all
      select 'email_confirmation:' || id from email_confirmation where subject_id in ${erased} and (address <> '' or replaces is not null)`,
  },
  {
    name: 'erasure-on-record',
    meaning: 'Every erased reader has the record of the erasure, and every record its reader.',
    sql: `
      select 'patron:' || patron.id as id from patron left join erasure on erasure.patron_id = patron.id
      where (erased_at is not null and card not like 'anonymous:%') <> (erasure.id is not null)`,
  },
];
