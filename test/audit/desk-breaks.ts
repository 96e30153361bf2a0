import type { Break } from './breaks.ts';

const booking = '00000000-0000-7000-8000-00000000d001';
const session = '00000000-0000-7000-8000-00000000d002';

/** A booking that moves a unit of money onto a reader's account from nowhere that counts. */
const moved = (patron: string, account: string): string => `
  insert into journal (id, library, operation, kind, patron_id, at, actor)
  select '${booking}', library, 'moved', 'moved', id, created_at, 'system' from patron where id = '${patron}';
  insert into posting (id, journal_id, account, amount, currency) values
    (gen_random_uuid(), '${booking}', '${account}:${patron}', 1, 'EUR'), (gen_random_uuid(), '${booking}', 'nowhere', -1, 'EUR');`;

const till = (branch: string, count: number): string => `
  insert into drawer (library, branch) values ('bibliotheca', '${branch}') on conflict do nothing;
  insert into drawer_session (id, library, branch, currency, opened_at, opened_by, opening_booked, opening_count)
  values ('${session}', 'bibliotheca', '${branch}', 'EUR', now(), 'system', 0, ${count});`;

const paidInCash = `(select id from payment where means = 'cash' and state = 'settled' and reversed_at is null order by id limit 1)`;

/** What could be wrong with payments, balances and tills. */
export const deskBreaks: readonly Break[] = [
  { name: 'credit-within-limit', sql: ({ membership: { main } }) => moved(main, 'prepaid') },
  { name: 'deposit-held', sql: ({ membership: { main } }) => moved(main, 'deposit') },
  {
    name: 'payment-received',
    sql: () => `update payment set received = received + 1 where id = ${paidInCash}`,
  },
  {
    name: 'payment-reversed-as-booked',
    sql: () => `update payment set reversed_at = now() where id = ${paidInCash}`,
  },
  { name: 'drawer-counted', sql: () => till('zentrale', 5) },
  {
    name: 'drawer-of-its-branch',
    sql: () => `
      ${till('elsewhere', 0)}
      alter table journal disable trigger journal_append_only;
      update journal set drawer_id = '${session}' where payment_id = ${paidInCash};
      alter table journal enable trigger journal_append_only;`,
  },
];
