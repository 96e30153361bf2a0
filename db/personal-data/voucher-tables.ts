import type { PersonalTable } from './personal-table.ts';

/** Proof of payments, and who was said to pay (P4, P5). */
export const voucherTables: readonly PersonalTable[] = [
  {
    table: 'payment_payer',
    rows: 'select * from payment_payer where patron_id = :patron',
    erase: ['delete from payment_payer where patron_id = :patron'],
    stays: '',
  },
  {
    table: 'voucher_file',
    rows: `select id, payment_id, media_type, size, pages, uploaded_by, uploaded_at, keep_until, encode(content, 'base64') as content
      from voucher_file where patron_id = :patron`,
    erase: ['delete from voucher_file where patron_id = :patron'],
    stays: '',
  },
  {
    table: 'voucher',
    rows: 'select * from voucher where patron_id = :patron',
    erase: [],
    stays: 'That a payment was proved, and who accepted it, on an id without a person.',
  },
];
