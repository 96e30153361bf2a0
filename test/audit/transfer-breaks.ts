import type { Break } from './breaks.ts';

/** What could be wrong with payments by transfer. */
export const transferBreaks: readonly Break[] = [
  {
    name: 'transfer-has-reference',
    sql: ({ transfers: { open } }) => `update payment set reference = null where id = '${open}'`,
  },
  {
    name: 'voucher-task-with-voucher',
    sql: ({ transfers: { submitted } }) =>
      `update voucher set state = 'refused', decided_by = 'staff:1', decided_at = now() where payment_id = '${submitted}'`,
  },
  {
    name: 'accepted-is-booked',
    sql: ({ transfers: { accepted } }) =>
      `update voucher set state = 'refused' where payment_id = '${accepted}'`,
  },
];
