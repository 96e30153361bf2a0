import type { Break } from './breaks.ts';

const periodOf = (charge: string): string =>
  `(select id from membership_period where charge_id = '${charge}')`;

/** What could be wrong with usage fees and what is owed. */
export const membershipBreaks: readonly Break[] = [
  {
    name: 'period-agrees-with-charge',
    sql: ({ membership: { dropped } }) =>
      `update membership_period set state = 'raised', settled_at = null where charge_id = '${dropped}'`,
  },
  {
    name: 'period-covers-its-card',
    sql: ({ membership: { main, paid } }) =>
      `delete from membership_cover where patron_id = '${main}' and period_id = ${periodOf(paid)}`,
  },
  {
    name: 'paid-until-is-covered',
    sql: ({ membership: { paid } }) => `
      update membership_cover set until = until + 1 where period_id = ${periodOf(paid)};
      update membership_period set ends_on = ends_on + 1 where id = ${periodOf(paid)};`,
  },
  {
    name: 'paid-until-on-record',
    sql: ({ membership: { sub } }) => `update patron set paid_until = paid_until + 1 where id = '${sub}'`,
  },
  {
    name: 'charge-allocated',
    sql: ({ membership: { owing } }) => `
      insert into allocation (journal_id, charge_id, amount) select journal_id, id, 1 from charge where id = '${owing}'`,
  },
  {
    name: 'dropped-by-a-booking',
    sql: ({ membership: { dropped } }) => `
      alter table journal disable trigger journal_append_only;
      update journal set reverses = null where reverses = (select journal_id from charge where id = '${dropped}');
      alter table journal enable trigger journal_append_only;`,
  },
  {
    name: 'receivable-is-owed',
    sql: ({ membership: { owing } }) => `
      insert into posting (id, journal_id, account, amount, currency)
      select gen_random_uuid(), journal.id, line.account, line.amount, currency from charge join journal on journal.id = charge.journal_id,
        lateral (values ('receivable:' || charge.patron_id, -1), ('cash:zentrale', 1)) line (account, amount) where charge.id = '${owing}'`,
  },
];
