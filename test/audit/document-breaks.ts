import type { Break } from './breaks.ts';

const unguarded = (table: string, sql: string): string =>
  `alter table ${table} disable trigger ${table}_append_only; ${sql}; alter table ${table} enable trigger ${table}_append_only;`;

/** What could be wrong with receipts and invoices. */
export const documentBreaks: readonly Break[] = [
  {
    name: 'documents-without-gaps',
    sql: () => `update document_counter set last = last + 1 where kind = 'invoice'`,
  },
  {
    name: 'settlement-has-receipt',
    sql: ({ documents: { invoiced, receipted } }) =>
      unguarded(
        'money_document',
        `update money_document set payment_id = '${invoiced}' where payment_id = '${receipted}'`,
      ),
  },
  {
    name: 'handed-has-receipt',
    sql: ({ documents: { deposit } }) =>
      unguarded(
        'money_document',
        `update money_document set patron_id = (select id from patron where id <> money_document.patron_id limit 1) where journal_id = '${deposit}'`,
      ),
  },
  {
    name: 'document-adds-up',
    sql: ({ documents: { receipted } }) =>
      unguarded(
        'money_document',
        `update money_document set content = jsonb_set(content, '{lines,0,amountMinor}', '499') where payment_id = '${receipted}'`,
      ),
  },
  {
    name: 'invoice-for-delivery-only',
    sql: ({ documents: { invoiced } }) =>
      unguarded(
        'invoice_line',
        `delete from invoice_line where document_id in (select id from money_document where payment_id = '${invoiced}')`,
      ),
  },
];
