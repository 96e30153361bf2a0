import type { Invariant } from './invariant.ts';

/** Payments by transfer and the proof of them (P4, P5). */
export const voucherInvariants: readonly Invariant[] = [
  {
    name: 'transfer-has-reference',
    meaning: 'A payment that is waited for from another account has a reference to be found by.',
    sql: `
      select 'payment:' || id as id from payment where means in ('bank', 'transfer') and way is not null and reference is null`,
  },
  {
    name: 'voucher-task-with-voucher',
    meaning:
      'A task asks for a decision on proof of a payment while, and only while, there is some that waits for one (G2).',
    sql: `
      select 'payment:' || subject_id as id from task where kind = 'check-voucher' and resolved_at is null
        and not exists (select from payment where payment.id = subject_id and state = 'submitted')
      union all
      select 'payment:' || id from payment where means in ('bank', 'transfer') and state = 'submitted'
        and not exists (select from voucher where payment_id = payment.id and state = 'waiting')`,
  },
  {
    name: 'accepted-is-booked',
    meaning:
      'What was accepted as proof of a payment is booked, once and for the whole amount; and nothing is booked as accepted that was not.',
    sql: `
      select 'payment:' || payment.id as id from payment
      where means in ('bank', 'transfer') and exists (select from voucher where payment_id = payment.id and state = 'accepted')
        <> exists (select from journal join posting on posting.journal_id = journal.id
          where journal.payment_id = payment.id and operation = 'payment:' || payment.id and posting.amount = payment.amount)`,
  },
];
