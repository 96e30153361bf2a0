import type { Invariant } from './invariant.ts';

/** Payments, balances, deposits and tills (P2, P3, P10, A6). */
export const deskMoneyInvariants: readonly Invariant[] = [
  {
    name: 'credit-within-limit',
    meaning: 'No reader’s balance is further below zero than the account’s overdraft allows (P2).',
    sql: `
      select 'patron:' || patron.id || ' ' || balance.currency as id from (
        select substr(account, 9)::uuid as patron_id, currency, sum(amount) as used from posting where account like 'prepaid:%'
        group by account, currency having sum(amount) > 0) balance
      join patron on patron.id = balance.patron_id where used > coalesce(overdraft_limit, 0)`,
  },
  {
    name: 'deposit-held',
    meaning: 'No more of a deposit is given back than was left (A6).',
    sql: `
      select account || ' ' || currency as id from posting where account like 'deposit:%' group by account, currency having sum(amount) > 0`,
  },
  {
    name: 'payment-received',
    meaning:
      'A payment is settled when money was booked for it, and what it has received is the sum of those bookings (P8).',
    sql: `
      select 'payment:' || payment.id as id from payment left join (
        select payment_id, sum(posting.amount) filter (where posting.amount > 0 and account not like 'income:%') as received
        from journal join posting on posting.journal_id = journal.id where payment_id is not null and kind like 'payment-%' group by payment_id
      ) booked on booked.payment_id = payment.id
      where payment.received <> coalesce(booked.received, 0) or (state = 'settled') <> (payment.received > 0)`,
  },
  {
    name: 'payment-reversed-as-booked',
    meaning: 'A payment shows as taken back when nothing booked for it stands.',
    sql: `
      select 'payment:' || payment.id as id from payment left join (
        select money.payment_id, bool_and(later.id is not null) as gone
        from journal money left join journal later on later.reverses = money.id
        where money.payment_id is not null and money.kind like 'payment-%' group by money.payment_id
      ) booked on booked.payment_id = payment.id
      where (reversed_at is not null) <> coalesce(booked.gone, false)`,
  },
  {
    name: 'drawer-counted',
    meaning:
      'What was counted in a till is what was in it before and what was booked in its session, differences with it (P3).',
    sql: `
      select 'drawer:' || id as id from (
        select drawer_session.*, coalesce(booked.opening, 0) as opening, coalesce(booked.closing, 0) as closing, coalesce(booked.moved, 0) as moved
        from drawer_session left join lateral (
          select sum(amount) filter (where kind = 'drawer-opening') as opening, sum(amount) filter (where kind = 'drawer-closing') as closing,
            sum(amount) filter (where kind not in ('drawer-opening', 'drawer-closing')) as moved
          from journal join posting on posting.journal_id = journal.id
          where drawer_id = drawer_session.id and account = 'cash:' || drawer_session.branch) booked on true
      ) session
      where opening_count <> opening_booked + opening
        or (closed_at is not null and (closing_booked <> opening_count + moved or closing_count <> closing_booked + closing))`,
  },
  {
    name: 'drawer-of-its-branch',
    meaning: 'What is booked in a session went into or out of the till of its own branch.',
    sql: `
      select distinct 'journal:' || journal.id as id from journal join drawer_session on drawer_session.id = drawer_id
        join posting on posting.journal_id = journal.id
      where (account like 'cash:%' or account like 'card:%')
        and (substr(account, 6) <> drawer_session.branch or journal.library <> drawer_session.library)`,
  },
];
