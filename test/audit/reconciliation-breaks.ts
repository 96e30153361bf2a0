import type { Break } from './breaks.ts';

const unlocked = (sql: string): string => `
  alter table journal disable trigger journal_append_only;
  ${sql};
  alter table journal enable trigger journal_append_only;`;

/** What could be wrong with closed months and with what gateways keep. */
export const reconciliationBreaks: readonly Break[] = [
  {
    name: 'books-closed-as-decided',
    sql: () => `update library set closed_until = '2030-01-01' where code = 'chikushino'`,
  },
  {
    name: 'closed-month-untouched',
    sql: ({ books: { closed } }) =>
      unlocked(`update journal set at = '${closed}'::timestamptz - interval '1 day', value_at = null
        where id = (select id from journal where library = 'demo' and kind = 'settlement' limit 1)`),
  },
  {
    name: 'late-booking-in-open-month',
    sql: () =>
      unlocked(`update journal set value_at = at + interval '1 second'
        where id = (select id from journal where library = 'demo' and kind = 'settlement' limit 1)`),
  },
  {
    name: 'settlement-line-booked-once',
    sql: () => `update settlement_line set fee = fee + 1, net = net - 1 where kind = 'payment'`,
  },
  {
    name: 'gateway-account-adds-up',
    sql: () => `
      with j as (insert into journal (id, library, operation, kind, at, actor)
        values (gen_random_uuid(), 'demo', 'astray', 'other', '2026-06-01T10:00Z', 'system') returning id)
      insert into posting (id, journal_id, account, amount, currency)
      select gen_random_uuid(), id, account, amount, 'EUR' from j, (values ('gateway:online', 1), ('returned:online', -1)) side (account, amount)`,
  },
  {
    name: 'gateway-return-booked-once',
    sql: () => `
      with j as (insert into journal (id, library, operation, kind, at, actor)
        values (gen_random_uuid(), 'demo', 'undecided', 'gateway-return', '2026-06-01T10:00Z', 'system') returning id)
      insert into posting (id, journal_id, account, amount, currency)
      select gen_random_uuid(), id, account, amount, 'EUR' from j, (values ('loss:online', 1), ('returned:online', -1)) side (account, amount)`,
  },
  {
    name: 'payment-not-stuck',
    sql: ({ online: { open } }) => `update payment set state = 'submitted' where id = '${open}'`,
  },
];
