import type { Invariant } from './invariant.ts';

/** What is disputed and waived (P1, P7). */
export const chargeInvariants: readonly Invariant[] = [
  {
    name: 'disputed-waits-for-staff',
    meaning:
      'A charge that is held out has an open dispute of its own reader and a task for staff, and no other charge has either (P7).',
    sql: `
      select 'charge:' || charge.id as id from charge
        left join dispute on dispute.charge_id = charge.id and dispute.state = 'open'
        left join task on task.subject_id = charge.id and task.kind = 'charge-disputed' and task.resolved_at is null
      where (charge.disputed_at is not null) <> (dispute.id is not null) or (charge.disputed_at is not null) <> (task.id is not null)
        or (dispute.patron_id, dispute.opened_at) <> (charge.patron_id, charge.disputed_at)`,
  },
  {
    name: 'upheld-was-waived',
    meaning: 'What staff found right was waived with the decision, and nothing else was waived for it (P7).',
    sql: `
      with waived as (
        select charge_id, journal.at from journal join allocation on journal_id = journal.id
        where journal.kind like 'waiver-%' and journal.reason = 'dispute-upheld'
      )
      select 'dispute:' || dispute.id as id from dispute
      where state = 'upheld' and not exists (select from waived where waived.charge_id = dispute.charge_id)
      union all
      select 'charge:' || charge_id from waived
      where not exists (select from dispute where dispute.charge_id = waived.charge_id and state = 'upheld')`,
  },
  {
    name: 'waiver-is-counted',
    meaning:
      'Every waiver, and every waiver taken back, counts once against one charge of its reader, for as much as it books (P10).',
    sql: `
      select 'journal:' || journal.id as id from journal
        left join allocation on allocation.journal_id = journal.id left join charge on charge.id = allocation.charge_id
      where journal.kind like 'waiver-%' or journal.kind = 'reversal-waiver'
      group by journal.id
      having count(charge.id) <> 1 or bool_or(charge.patron_id <> journal.patron_id) or sum(allocation.amount) is distinct from (
        select sum(amount) from posting where journal_id = journal.id and account = 'waiver:' || min(charge.cause))`,
  },
];
