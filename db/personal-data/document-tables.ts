import type { PersonalTable } from './personal-table.ts';

/** Receipts and invoices, and to whom the latter are made out (P6). */
export const documentTables: readonly PersonalTable[] = [
  {
    table: 'invoice_request',
    rows: 'select * from invoice_request where patron_id = :patron',
    erase: [
      `update invoice_request set title = '', tax_id = null, asked_by = case when asked_by = 'patron:' || :patron::text then 'patron:' || :anonymous::text else asked_by end
       where patron_id = :patron and party = 'person'`,
    ],
    stays: 'That an invoice was asked for; the name and tax number of an organisation, as books of account.',
  },
  {
    table: 'money_document',
    rows: 'select * from money_document where patron_id = :patron',
    erase: [],
    stays: 'The receipt or invoice with its number, amounts and causes, on an id without a person.',
  },
];
