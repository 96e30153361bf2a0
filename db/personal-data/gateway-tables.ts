import type { PersonalTable } from './personal-table.ts';

const mine = 'select id from payment where patron_id = :patron';

/** What a payment's gateway said and did; no gateway is told who pays, and nothing of the payer that a gateway tells is kept. */
export const gatewayTables: readonly PersonalTable[] = [
  {
    table: 'checkout',
    rows: `select * from checkout where payment_id in (${mine})`,
    secret: ['url'],
    erase: [`update checkout set url = null where payment_id in (${mine})`],
    stays: 'That something was to be paid at a gateway.',
  },
  {
    table: 'gateway_event',
    rows: `select * from gateway_event where payment_id in (${mine})`,
    secret: ['digest'],
    erase: [],
    stays: 'That the gateway told of a payment, as the payment.',
  },
  {
    table: 'gateway_capture',
    rows: `select * from gateway_capture where payment_id in (${mine})`,
    erase: [],
    stays: 'The money, as the bookings it belongs to.',
  },
  {
    table: 'gateway_refund',
    rows: `select * from gateway_refund where payment_id in (${mine})`,
    erase: [],
    stays: 'The money, as the bookings it belongs to.',
  },
];
