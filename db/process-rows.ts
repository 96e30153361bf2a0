import type { Process } from '../domain/processes.ts';

/** Where a process has its rows. */
export interface ProcessTable {
  readonly table: string;
  /** True of a row whose workflow still has something to do. */
  readonly open: string;
  readonly begunAt: string;
  readonly state: string;
  /** True of an open row whose deadline has been slept through; `:overdue` is the latest a deadline may have been. */
  readonly missed: string;
}

const ended = 'ended_at is null';

/** Messages about a request's attempts that its process has to see to: taken in and not heeded, or not got through and not noticed. */
const unheeded = `select from ill_attempt join ill_message on about_id = ill_attempt.id where request_id = ill_request.id
  and (ill_message.state = 'stored' or direction = 'out' and ill_message.state in ('refused', 'given-up') and settled_at is null)`;

/** One line a process; the sweep and the audit of the engine read all of them alike. Each table has `id`, `library` and `patron_id`. */
export const processTables: Readonly<Record<Process, ProcessTable>> = {
  hold: {
    table: 'hold',
    open: `state in ('waiting', 'in-transit', 'secured')`,
    begunAt: 'placed_at',
    state: 'state',
    missed: `(state = 'secured' and keep_until < :overdue)`,
  },
  loan: { table: 'loan', open: ended, begunAt: 'checked_out_at', state: `'on-loan'`, missed: 'false' },
  membership: {
    table: 'membership',
    open: ended,
    begunAt: 'begun_at',
    state: `'paid'`,
    missed: 'false',
  },
  payment: {
    table: 'payment',
    // What a gateway told, money that is to go back through it, and what its reader has not been told yet, is followed after the payment's end too.
    open: `(ended_at is null
      or exists (select from gateway_event where payment_id = payment.id and followed_at is null)
      or exists (select from gateway_refund where payment_id = payment.id and state = 'wanted')
      or payment.id in (select subject_id from notice where subject_type = 'payment' and state = 'queued'))`,
    begunAt: 'begun_at',
    state: 'state',
    missed: `(state = 'open' and expires_at < :overdue)`,
  },
  statement: { table: 'statement', open: ended, begunAt: 'received_at', state: 'state', missed: 'false' },
  ill: {
    table: 'ill_request',
    // What its reader has not been told yet, what a supplier said late, and what did not get through, is followed after its end too.
    open: `(ended_at is null or id in (select subject_id from notice where subject_type = 'ill' and state = 'queued')
      or exists (${unheeded}))`,
    begunAt: 'submitted_at',
    state: 'state',
    missed: `(look_at < :overdue or exists (${unheeded} and stored_at < :overdue))`,
  },
  supply: {
    table: 'supply',
    // A message that was stored and not heeded is followed too: the first one, which no row stands for yet, and what comes after the end.
    open: '(ended_at is null or stored_since is not null)',
    begunAt: 'received_at',
    state: 'state',
    missed: '(least(look_at, stored_since) < :overdue)',
  },
  // The line to another agency is open while something waits to be sent.
  peer: {
    table: 'peer',
    open: 'queued_since is not null',
    begunAt: 'queued_since',
    state: 'state',
    missed: '(not is_paused and coalesce(next_try_at, queued_since) < :overdue)',
  },
  registration: {
    table: 'application',
    open: `(ended_at is null or (erase_at is not null and erased_at is null))`,
    begunAt: 'submitted_at',
    state: 'state',
    missed: `(least(lapses_at, case when escalated_on is null then review_due_at end, erase_at) < :overdue)`,
  },
};
