import type { Break } from './breaks.ts';

const statement = (file: string, position: number): string =>
  `(select id from bank_statement where file_id = '${file}' and position = ${position})`;

/** What could be wrong with bank statements. */
export const bankBreaks: readonly Break[] = [
  {
    name: 'statement-sum',
    sql: ({ bank: { fileId } }) =>
      `update bank_statement set closing = closing + 1 where id = ${statement(fileId, 2)}`,
  },
  {
    name: 'entry-of-statement',
    sql: ({ bank: { fileId } }) =>
      `update bank_entry set currency = 'USD' where statement_id = ${statement(fileId, 0)}`,
  },
  {
    name: 'statement-joins',
    sql: ({ bank: { fileId } }) =>
      `update bank_statement set joins = 'joined' where id = ${statement(fileId, 2)}`,
  },
  {
    name: 'file-taken-over-whole',
    sql: ({ bank: { fileId } }) => `
      update statement_file set state = 'rejected' where id = '${fileId}'`,
  },
];
