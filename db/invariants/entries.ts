import type { Invariant } from './invariant.ts';

const ofAccount = (
  name: string,
): string => `coalesce((select sum(posting.amount) from journal join posting on posting.journal_id = journal.id
  where journal.entry_id = entry.id and posting.account = '${name}:' || entry.account), 0)`;

/** What becomes of entries of bank statements (P9). */
export const entryInvariants: readonly Invariant[] = [
  {
    name: 'entry-is-booked',
    meaning:
      'Every entry that was looked at is booked into its bank account to the cent, by the one booking it names.',
    sql: `
      select 'bank-entry:' || entry.id as id from bank_entry entry left join journal on journal.id = journal_id
      where state <> 'new' and (${ofAccount('bank')} <> entry.amount or journal.entry_id is distinct from entry.id or journal.kind <> 'bank-entry')
      union all
      select 'journal:' || journal.id from journal left join bank_entry entry on entry.journal_id = journal.id
      where journal.kind = 'bank-entry' and entry.id is null`,
  },
  {
    name: 'entry-waits-or-is-decided',
    meaning: 'An entry waits for staff exactly while something of it is in suspense.',
    sql: `
      select 'bank-entry:' || entry.id as id from bank_entry entry where state <> 'new' and (state = 'suspended') <> (${ofAccount('suspense')} <> 0)`,
  },
  {
    name: 'waiting-entry-has-task',
    meaning: 'Whatever of the bank’s waits for staff has its task, and no task is left of what does not.',
    sql: `
      select 'bank-entry:' || entry.id as id from bank_entry entry where (state = 'suspended') <> exists (
        select from task where kind = 'bank-entry' and subject_id = entry.id and resolved_at is null)
      union all
      select 'bank-return:' || id from bank_return where state = 'waiting' and not exists (
        select from task where kind = 'bank-return' and subject_id = entry_id and resolved_at is null)`,
  },
  {
    name: 'suspense-is-of-entries',
    meaning: 'Nothing is in suspense but what entries have put there.',
    sql: `
      select distinct 'journal:' || journal.id as id from posting join journal on journal.id = journal_id
      left join bank_entry entry on entry.id = entry_id and posting.account = 'suspense:' || entry.account
      where posting.account like 'suspense:%' and entry.id is null`,
  },
  {
    name: 'cash-arrived-as-booked',
    meaning:
      'What of the cash on its way an entry shows is what was booked for it from there, branch by branch; and what was carried is what its own booking says.',
    sql: `
      select 'bank-entry:' || entry_id as id from (
        select entry_id, branch, amount from carried_cash where entry_id is not null
        union all
        select journal.entry_id, substr(account, 9), amount from journal join posting on posting.journal_id = journal.id
        where journal.entry_id is not null and account like 'transit:%'
          and (kind = 'bank-cash' or exists (select from journal cash where cash.id = journal.reverses and cash.kind = 'bank-cash'))
      ) line group by entry_id, branch having sum(amount) <> 0
      union all
      select 'journal:' || id from carried_cash where not exists (
        select from posting where journal_id = carried_cash.id and account = 'transit:' || branch
          and posting.amount = carried_cash.amount and posting.currency = carried_cash.currency)`,
  },
  {
    name: 'returned-is-owed',
    meaning:
      'A payer is charged for money that came back out of suspense, by the entry that tells of it and for a booking that was not taken back as well; and that is no income.',
    sql: `
      select 'charge:' || charge.id as id from charge join journal on journal.id = journal_id left join bank_entry entry on entry.id = entry_id
      where cause = 'returned-payment' and (entry.id is null or entry.amount >= 0
        or not exists (select from posting where journal_id = journal.id and account = 'suspense:' || entry.account and amount = -charge.amount)
        or exists (select from journal back where back.reverses = charge.subject_id)
        or not exists (select from journal paid where paid.id = charge.subject_id and paid.patron_id = charge.patron_id))
      union all
      select 'journal:' || journal_id from posting where account in ('income:returned-payment', 'subsidy:returned-payment')`,
  },
  {
    name: 'returns-are-waiting',
    meaning: 'What is to be sent back is what waits to be sent back.',
    sql: `
      select library || ' ' || account as id from (
        select library, account, amount from bank_return where state = 'waiting'
        union all
        select library, substr(account, 9), amount from posting join journal on journal.id = journal_id where account like 'returns:%'
      ) line group by library, account having sum(amount) <> 0`,
  },
];
