import type { Invariant } from './invariant.ts';

/** Bank statements (P9). That an entry's key is unique in its account is an index's business. */
export const bankInvariants: readonly Invariant[] = [
  {
    name: 'statement-sum',
    meaning: 'What a statement tells of adds up to its closing less its opening balance.',
    sql: `
      select 'bank-statement:' || statement.id as id from bank_statement statement where closing - opening <> (
        select coalesce(sum(amount), 0) from bank_statement_entry told join bank_entry on bank_entry.id = entry_id where told.statement_id = statement.id)`,
  },
  {
    name: 'entry-of-statement',
    meaning:
      'Every entry is told of by the statement it was first found in, which is of its account and currency.',
    sql: `
      select 'bank-entry:' || entry.id as id from bank_entry entry where not exists (
        select from bank_statement statement join bank_statement_entry told on told.statement_id = statement.id
        where statement.id = entry.statement_id and told.entry_id = entry.id and statement.library = entry.library
          and statement.account = entry.account and statement.currency = entry.currency)`,
  },
  {
    name: 'statement-joins',
    meaning:
      'A statement that is said to join begins with the balance with which another ended or began; one that does not join is, or was, a task.',
    sql: `
      select 'bank-statement:' || statement.id as id from bank_statement statement
      where joins = 'joined' and not exists (
        select from bank_statement other where other.library = statement.library and other.account = statement.account and other.id <> statement.id
          and ((other.closing = statement.opening and other.to_on <= statement.from_on)
            or (other.opening = statement.opening and other.from_on = statement.from_on)))
      union all
      select 'bank-statement:' || statement.id from bank_statement statement
      where joins = 'gap' and not exists (select from task where kind = 'statement-gap' and subject_id = statement.id)`,
  },
  {
    name: 'file-taken-over-whole',
    meaning:
      'Nothing was taken over of a file that was rejected or not read yet; of one that was imported, every entry it counts.',
    sql: `
      select 'statement-file:' || file.id as id from statement_file file
      where state <> 'imported' and exists (select from bank_statement where file_id = file.id)
      union all
      select 'statement-file:' || file.id from statement_file file
      where state = 'imported' and (select coalesce(sum((each ->> 'added')::int), 0) from jsonb_array_elements(result -> 'statements') each)
        <> (select count(*) from bank_statement join bank_entry on statement_id = bank_statement.id where file_id = file.id)`,
  },
];
