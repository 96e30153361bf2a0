import { grace, type Invariant, now } from './invariant.ts';

/** What a gateway took for a payment beyond what it was for, as activities/payments/surplus.ts reckons it. */
const surplus = `payment.received - payment.prepaid - checkout.kept
  - (select coalesce(sum(allocation.amount), 0) from allocation join journal on journal.id = journal_id where journal.payment_id = payment.id)
  - (select coalesce(sum(amount), 0) from gateway_refund where payment_id = payment.id and state <> 'failed')`;

/** Payments that wait for their money, and what gateways took and gave back (P7, P8). */
export const gatewayInvariants: readonly Invariant[] = [
  {
    name: 'capture-booked-once',
    meaning:
      'All money a gateway took is booked once, for its amount, on the account of the gateway; and nothing else is booked as taken there (P8).',
    sql: `
      select 'capture:' || capture.id as id from gateway_capture capture join payment on payment.id = capture.payment_id
      left join journal on journal.id = capture.journal_id
      where (capture.currency = payment.currency) <> (journal.id is not null)
        or journal.id is not null and (journal.payment_id is distinct from payment.id or not exists (
          select from posting where journal_id = journal.id and account = 'gateway:' || capture.provider
            and amount = capture.amount and currency = capture.currency))
      union all
      select 'journal:' || id from journal
      where kind = 'payment-online' and 1 <> (select count(*) from gateway_capture where journal_id = journal.id)`,
  },
  {
    name: 'refund-agrees-with-booking',
    meaning:
      'All money that goes back through a gateway is booked for its amount, and taken back if the gateway would not.',
    sql: `
      select 'refund:' || refund.id as id from gateway_refund refund
      where not exists (select from posting where journal_id = refund.journal_id and account = 'gateway:' || refund.provider
          and amount = -refund.amount and currency = refund.currency)
        or (refund.state = 'failed')::int <> (select count(*) from journal where reverses = refund.journal_id)
      union all
      select 'journal:' || id from journal
      where kind = 'refund-online' and 1 <> (select count(*) from gateway_refund where journal_id = journal.id)`,
  },
  {
    name: 'surplus-has-task',
    meaning:
      'Whatever was paid online beyond what was to be paid waits for staff, or was kept or sent back by their decision (P7).',
    sql: `
      select 'payment:' || payment.id as id from payment join checkout on checkout.payment_id = payment.id join patron on patron.id = payment.patron_id
      where patron.erased_at is null and ${surplus} > 0
        and not exists (select from task where kind = 'payment-surplus' and subject_id = payment.id and resolved_at is null)`,
  },
  {
    name: 'line-open-with-payment',
    meaning: 'A charge is locked to a payment as long as the payment is under way, and no longer.',
    sql: `
      select 'payment:' || payment.id as id from payment join payment_line line on line.payment_id = payment.id
      where line.open <> (payment.ended_at is null)`,
  },
  {
    name: 'online-payment-has-checkout',
    meaning: 'A payment online, and no other, has a checkout and a time until which it can be paid.',
    sql: `
      select 'payment:' || payment.id as id from payment left join checkout on checkout.payment_id = payment.id
      where (payment.means = 'online') <> (checkout.payment_id is not null)
        or (payment.means = 'online') <> (payment.provider is not null and payment.expires_at is not null)`,
  },
  {
    name: 'notification-followed',
    meaning: 'The gateway has been asked because of every notification about a payment (P8).',
    sql: `
      select 'notification:' || id as id from gateway_event
      where payment_id is not null and followed_at is null and received_at < ${now} - ${grace}`,
  },
];
