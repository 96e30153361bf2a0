import { grace, type Invariant, now } from './invariant.ts';

/** Closed months, what gateways keep and pay out, and payments that wait (P8, P9). */
export const reconciliationInvariants: readonly Invariant[] = [
  {
    name: 'books-closed-as-decided',
    meaning: 'The books are closed until the end of the latest month that was closed and not reopened (P9).',
    sql: `
      select 'library:' || code as id from library
      where closed_until is distinct from (select max(ends_at) from month_closing where library = code and reopened_at is null)`,
  },
  {
    name: 'closed-month-untouched',
    meaning:
      'In a closed month there is what there was when it was closed: as many bookings, for as much (P9).',
    sql: `
      select 'closing:' || closing.id as id from month_closing closing join library on code = closing.library and closed_until = ends_at, lateral (
        select count(distinct journal.id) as journals, coalesce(sum(posting.amount) filter (where posting.amount > 0), 0) as debits
        from journal left join posting on posting.journal_id = journal.id where journal.library = code and at < ends_at) present
      where reopened_at is null and (closing.journals <> present.journals or closing.debits <> present.debits)`,
  },
  {
    name: 'late-booking-in-open-month',
    meaning:
      'A booking that came after its month was closed stands at the beginning of the month that was open, and keeps its own time (P9).',
    sql: `
      select 'journal:' || id as id from journal
      where value_at is not null and (value_at >= at or not exists (
        select from month_closing where library = journal.library and ends_at = journal.at))`,
  },
  {
    name: 'settlement-line-booked-once',
    meaning:
      'What a gateway keeps of a line of its settlement file is booked once, and nothing else is (P9).',
    sql: `
      select 'settlement-line:' || line.id as id from settlement_line line
      where line.fee <> 0 and line.kind <> 'fee' and not exists (
        select from journal join posting on posting.journal_id = journal.id
        where operation = 'settlement:' || line.library || ':' || provider || ':' || key
          and account = 'fee:' || provider and posting.amount = line.fee and posting.currency = line.currency)
      union all
      select 'journal:' || id from journal where kind = 'settlement' and not exists (
        select from settlement_line line where operation = 'settlement:' || line.library || ':' || provider || ':' || key)`,
  },
  {
    name: 'gateway-account-adds-up',
    meaning:
      'What stands on a gateway’s account is what it took, less what went back, what it kept, and what has come to the bank: nothing else is booked there (P9).',
    sql: `
      select distinct 'journal:' || journal.id as id from journal join posting on posting.journal_id = journal.id
      left join journal original on original.id = journal.reverses
      where posting.account like 'gateway:%' and journal.kind <> 'settlement' and coalesce(journal.entry_id, original.entry_id) is null
        and not exists (select from gateway_capture where journal_id = journal.id)
        and not exists (select from gateway_refund where journal_id in (journal.id, journal.reverses))
        and not exists (select from gateway_return where journal_id = journal.id)`,
  },
  {
    name: 'gateway-return-booked-once',
    meaning:
      'What staff decided about money that a gateway gave back is booked for its amount, and nothing is without such a decision (P9).',
    sql: `
      select 'gateway-return:' || decided.id as id from gateway_return decided
      where not exists (select from posting where journal_id = decided.journal_id and account = 'returned:' || decided.provider
          and amount = decided.amount and currency = decided.currency)
        or exists (select from gateway_refund where id = decided.refund_id and (amount <> -decided.amount or ref <> decided.ref))
      union all
      select 'journal:' || id from journal
      where kind = 'gateway-return' and 1 <> (select count(*) from gateway_return where journal_id = journal.id)`,
  },
  {
    name: 'payment-not-stuck',
    meaning:
      'A payment that waits for its money has a time until which it waits, and that has not passed; one that waits for staff has a task.',
    sql: `
      select 'payment:' || id as id from payment
      where state = 'open' and (expires_at is null and means <> 'online' or expires_at < ${now} - ${grace})
        or state = 'submitted' and not exists (
          select from task where resolved_at is null and (subject_id = payment.id or workflow_id = 'payment:' || payment.id))`,
  },
];
