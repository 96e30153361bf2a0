import type { Break } from './breaks.ts';

/** What could be wrong with disputes and waivers. */
export const chargeBreaks: readonly Break[] = [
  {
    name: 'disputed-waits-for-staff',
    sql: ({ charges: { disputed } }) => `
      update task set resolved_at = now(), resolved_by = 'system', outcome = 'dropped' where subject_id = '${disputed}'`,
  },
  {
    name: 'upheld-was-waived',
    sql: ({ charges: { rejected } }) => `update dispute set state = 'upheld' where charge_id = '${rejected}'`,
  },
  {
    name: 'waiver-is-counted',
    sql: ({ charges: { waiver } }) => `
      insert into posting (id, journal_id, account, amount, currency)
      select gen_random_uuid(), '${waiver}', line.account, line.amount, 'EUR'
      from (values ('waiver:other', 1), ('income:other', -1)) line (account, amount)`,
  },
];
