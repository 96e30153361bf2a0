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
];
