import { v7 as uuid } from 'uuid';
import { GatewayCapture, GatewayRefund, Journal } from '../../db/entities/index.ts';
import { lockPatron } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { isRefused, type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { book, gateway, lossAt, returned } from '../ledger.ts';
import { raiseCharge } from '../charges/money.ts';
import { takeBack } from '../payments/payment-reversals.ts';
import { lockBookings } from '../payments/reverse-booking.ts';
import { type DifferenceDecided, lockDifference, type LockedDifference, solve } from './locked.ts';

/** Where money belongs that a gateway gave back. */
export type Destination =
  /** The payment it was taken for: what was booked is reversed, and its fees are owed again. */
  | { readonly to: 'payment'; readonly paymentId: string }
  /** The reader who got it: they owe it. */
  | { readonly to: 'charge'; readonly patronId: string }
  /** Nobody: the library has lost it. */
  | { readonly to: 'loss' };

export interface AssignGatewayReturn extends Step {
  /** The decision's own id. */
  readonly returnId: string;
  readonly differenceId: string;
  readonly library: string;
  readonly destination: Destination;
  /** Why; staff write it. The reader sees it with a charge. */
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface ReturnAssigned extends DifferenceDecided {
  readonly returnId: string;
}

/** What a destination books besides, and what is to be told after the commit. */
interface Made {
  readonly account: string;
  readonly refundId?: string;
  readonly wake: readonly string[];
}

/**
 * Decides where money belongs that a gateway gave back, or took away, of which nothing was known here (P9): once, whoever else decides at the same time. It is cleared
 * over `returned:<provider>`, where the settlement file puts it, before or after this. A payment is reversed only if what was given back is all of one of its captures.
 */
export async function assignGatewayReturn(
  deps: ActivityDeps,
  step: AssignGatewayReturn,
): Promise<Refused | ReturnAssigned> {
  const answer = await once(deps.orm, step, (tx) => assign(deps, tx, step));
  if ('refused' in answer) return answer;
  const { wake, ...assigned } = answer;
  await deps.engine.wake(wake);
  return assigned;
}

async function assign(deps: ActivityDeps, tx: Tx, step: AssignGatewayReturn) {
  const { returnId, library, destination, remarkId, actor, differenceId } = step;
  const unknown = await lockOwner(tx, library, destination);
  if (unknown) return refuse(unknown);
  const row = await lockDifference(tx, step);
  if ('refused' in row) return row;
  const reason = reasonAgainst(row, destination, deps.policies.get(library).currency);
  if (reason) return refuse(reason);
  const made =
    destination.to === 'payment'
      ? await reverse(deps, tx, row, step, destination.paymentId)
      : await bookElsewhere(deps, tx, row, step);
  if (isRefused(made)) return made;
  const provider = row.account.slice(gateway('').length);
  const [amount, at, currency] = [BigInt(row.amount), new Date(step.now), row.currency];
  const journalId = await book(tx, {
    library,
    operation: `gateway-return:${returnId}`,
    kind: 'gateway-return',
    currency,
    at,
    actor,
    remarkId,
    lines: [
      { account: made.account, amount: -amount },
      { account: returned(provider), amount },
    ],
  });
  await tx.flush();
  await tx.execute(
    `insert into gateway_return (id, library, provider, ref, amount, currency, destination, difference_id, journal_id, refund_id, remark_id, decided_by, decided_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      returnId,
      library,
      provider,
      row.subject_id,
      row.amount,
      currency,
      destination.to,
      differenceId,
      journalId,
      made.refundId ?? null,
      remarkId,
      actor,
      at,
    ],
  );
  await solve(tx, row, step, 'settled');
  return { differenceId, returnId, wake: made.wake };
}

/** Locks the reader, or the payment with its family and charges: they come before a difference in the order of locks. */
async function lockOwner(tx: Tx, library: string, destination: Destination): Promise<Reason | undefined> {
  if (destination.to === 'payment')
    return (await lockBookings(tx, library, destination.paymentId)) ? undefined : { code: 'payment-unknown' };
  if (destination.to === 'loss') return undefined;
  const patron = await lockPatron(tx, destination.patronId);
  if (patron?.library !== library) return { code: 'patron-unknown' };
  return patron.closedAt ? { code: 'patron-closed' } : undefined;
}

function reasonAgainst(row: LockedDifference, { to }: Destination, currency: string) {
  const assignable =
    row.kind === 'gateway-refund' &&
    (to === 'loss' || BigInt(row.amount) < 0n) &&
    (to !== 'charge' || row.currency === currency);
  return assignable ? undefined : ({ code: 'difference-not-assignable' } as const);
}

/** Reverses the booking of the money that was given back, and notes the refund as known. All that is locked for it is locked. */
async function reverse(
  deps: ActivityDeps,
  tx: Tx,
  row: LockedDifference,
  { library, remarkId, actor, now }: AssignGatewayReturn,
  paymentId: string,
): Promise<Refused | Made> {
  const amount = -BigInt(row.amount);
  const provider = row.account.slice(gateway('').length);
  const captures = await tx.find(GatewayCapture, { library, provider, paymentId, amount });
  const { of } = row.detail;
  const capture = captures.find(({ ref }) => ref === of) ?? (of == null ? captures[0] : undefined);
  if (!capture?.journalId || capture.currency !== row.currency)
    return refuse({ code: 'difference-not-assignable' });
  const at = new Date(now);
  const { journalId } = capture;
  const taken = await takeBack(deps, tx, { journalId, library, remarkId, actor, at, reason: 'returned' });
  if (isRefused(taken)) return taken;
  await tx.flush();
  const reversal = await tx.findOneOrFail(Journal, { operation: `reversal:${journalId}` });
  const refundId = uuid();
  tx.create(GatewayRefund, {
    id: refundId,
    library,
    provider,
    paymentId,
    captureRef: capture.ref,
    ref: row.subject_id,
    amount,
    currency: capture.currency,
    state: 'done',
    journalId: reversal.id,
    wantedBy: actor,
    wantedAt: at,
    settledAt: at,
  });
  await tx.flush();
  const wake = [`payment:${paymentId}`, `membership:${taken.patronId}`];
  return { account: gateway(provider), refundId, wake };
}

async function bookElsewhere(
  { policies }: ActivityDeps,
  tx: Tx,
  row: LockedDifference,
  { destination, library, returnId, remarkId, actor, now }: AssignGatewayReturn,
): Promise<Made> {
  if (destination.to !== 'charge')
    return { account: lossAt(row.account.slice(gateway('').length)), wake: [] };
  const { patronId } = destination;
  const subject = { type: 'desk', id: returnId, library, patronId };
  const at = new Date(now);
  const amountMinor = -Number(row.amount);
  await raiseCharge(tx, policies.get(library), subject, { cause: 'other', amountMinor, remarkId, at, actor });
  await tx.flush();
  return { account: 'income:other', wake: [] };
}
