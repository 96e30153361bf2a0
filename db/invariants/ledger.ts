import type { Invariant } from './invariant.ts';

/** Money (P10, F6). */
export const ledgerInvariants: readonly Invariant[] = [
  {
    name: 'journal-balances',
    meaning: 'Every booking has postings, and they sum to zero in each currency.',
    sql: `
      select distinct 'journal:' || journal.id as id from journal left join posting on posting.journal_id = journal.id
      group by journal.id, posting.currency having coalesce(sum(posting.amount), 1) <> 0`,
  },
  {
    name: 'charge-remaining',
    meaning: 'What is left of a charge is neither negative nor more than the charge.',
    sql: `select 'charge:' || id as id from charge where remaining < 0 or remaining > amount`,
  },
  {
    name: 'charge-is-booked',
    meaning:
      'Every charge is booked on its own reader for its amount, and every such booking has its charge.',
    sql: `
      select 'charge:' || charge.id as id from charge join journal on journal.id = charge.journal_id
      where journal.patron_id is distinct from charge.patron_id or journal.kind <> 'charge-' || charge.cause or 1 <> (
        select count(*) from posting where journal_id = journal.id and account = 'receivable:' || charge.patron_id
          and amount = charge.amount and currency = charge.currency)
      union all
      select 'journal:' || journal.id from journal
      where kind like 'charge-%' and reverses is null and 1 <> (select count(*) from charge where journal_id = journal.id)`,
  },
  {
    name: 'charged-once',
    meaning: 'Nothing is charged twice for the same cause.',
    sql: `
      select cause || ' ' || subject_type || ':' || subject_id as id from charge
      group by cause, subject_type, subject_id having count(*) > 1`,
  },
  {
    name: 'charge-allocated',
    meaning: 'What is left of a charge is the charge less what bookings have settled of it (P10).',
    sql: `
      select 'charge:' || id as id from charge
      where remaining <> amount - (select coalesce(sum(allocation.amount), 0) from allocation where charge_id = charge.id)`,
  },
  {
    name: 'dropped-by-a-booking',
    meaning: 'A charge that was dropped has the one booking that takes it back, and no other has one (F5).',
    sql: `
      select 'charge:' || id as id from charge
      where (dropped_at is not null)::int <> (select count(*) from journal where reverses = charge.journal_id)`,
  },
  {
    name: 'receivable-is-owed',
    meaning: 'What a reader’s account shows as owed is what is left of the reader’s charges (P10).',
    sql: `
      select 'patron:' || patron_id || ' ' || currency as id from (
        select patron_id, currency, -remaining as amount from charge
        union all
        select substr(account, 12)::uuid, currency, amount from posting where account like 'receivable:%'
      ) line group by patron_id, currency having sum(amount) <> 0`,
  },
];
