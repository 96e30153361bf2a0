import type { PersonalTable } from './personal-table.ts';

/** Money sent back to a reader by the bank. Names and numbers of payers stand in the entries. */
export const matchingTables: readonly PersonalTable[] = [
  {
    table: 'bank_return',
    rows: 'select * from bank_return where patron_id = :patron',
    erase: [],
    stays: 'What was sent back, when, and by whom.',
  },
];
