import type { Break } from './breaks.ts';

const journal = '00000000-0000-7000-8000-00000000000e';

/** A booking of one minor unit out of an account into another, for no entry. */
const stray = (from: string, into: string): string => `
  insert into journal (id, library, operation, kind, at, actor)
    select '${journal}', library, 'stray', 'bank-other', now(), 'system' from bank_entry limit 1;
  insert into posting (id, journal_id, account, amount, currency)
    select gen_random_uuid(), '${journal}', line.account, line.amount, currency
    from (select currency from bank_entry limit 1) entry, (values ('${from}', -1), ('${into}', 1)) line (account, amount);`;

const settled = (entry: string): string =>
  `update task set resolved_at = now(), resolved_by = 'system', outcome = 'dropped' where subject_id = '${entry}';`;

/** What could be wrong with what became of entries. */
export const entryBreaks: readonly Break[] = [
  {
    name: 'entry-is-booked',
    sql: ({ entries: { credited } }) => `
      insert into posting (id, journal_id, account, amount, currency)
      select gen_random_uuid(), journal_id, line.account, line.amount, currency from bank_entry,
        (values ('bank:main', 1), ('other:main', -1)) line (account, amount) where id = '${credited}'`,
  },
  {
    name: 'entry-waits-or-is-decided',
    sql: ({ entries: { waiting } }) =>
      `update bank_entry set state = 'matched' where id = '${waiting}'; ${settled(waiting)}`,
  },
  { name: 'waiting-entry-has-task', sql: ({ entries: { waiting } }) => settled(waiting) },
  { name: 'suspense-is-of-entries', sql: () => stray('suspense:main', 'other:main') },
  {
    name: 'cash-arrived-as-booked',
    sql: ({ entries: { credited } }) => `
      insert into carried_cash (id, library, branch, amount, currency, carried_at, entry_id)
      select journal_id, library, 'main', 1, currency, now(), id from bank_entry where id = '${credited}'`,
  },
  { name: 'returned-is-owed', sql: () => stray('income:returned-payment', 'other:main') },
  { name: 'returns-are-waiting', sql: () => stray('returns:main', 'other:main') },
];
