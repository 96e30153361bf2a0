import type { Break } from './breaks.ts';

/** What could be wrong with payments online. */
export const gatewayBreaks: readonly Break[] = [
  {
    name: 'capture-booked-once',
    sql: ({ online: { twicePaid } }) =>
      `update gateway_capture set amount = amount + 1 where payment_id = '${twicePaid}'`,
  },
  {
    name: 'refund-agrees-with-booking',
    sql: ({ online: { twicePaid } }) =>
      `update gateway_refund set currency = 'USD' where payment_id = '${twicePaid}'`,
  },
  {
    name: 'surplus-has-task',
    sql: ({ online: { twicePaid } }) => `update checkout set kept = -1 where payment_id = '${twicePaid}'`,
  },
  {
    name: 'line-open-with-payment',
    sql: ({ online: { open } }) => `update payment_line set open = false where payment_id = '${open}'`,
  },
  {
    name: 'online-payment-has-checkout',
    sql: ({ online: { open } }) => `update payment set expires_at = null where id = '${open}'`,
  },
  {
    name: 'notification-followed',
    sql: ({ online: { twicePaid } }) =>
      `update gateway_event set followed_at = null, received_at = received_at - interval '1 day' where payment_id = '${twicePaid}'`,
  },
];
