import { Temporal } from 'temporal-polyfill';
import type { Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import type { Cause } from '../../domain/causes.ts';
import { dailyCapOf, priceOf, withinDailyCap } from '../../domain/charges.ts';
import type { Fee } from '../../domain/membership.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Actor } from '../../domain/roles.ts';
import { instantAt } from '../../domain/windows.ts';
import { instant, toDate } from '../facts.ts';
import { book } from '../ledger.ts';
import { type ChargeSubject, raiseCharge } from './money.ts';
import { patronSubject, record } from '../record.ts';

export interface ScheduledCharge {
  readonly cause: Cause;
  /** What it is raised for: with the cause it is raised once. */
  readonly subject: Pick<ChargeSubject, 'type' | 'id'>;
  /** What it costs; absent: what the schedule says for the reader's group. */
  readonly fee?: Fee;
  readonly itemId?: string;
  readonly remarkId?: string;
  /** The workflow that waits until nothing of it is open any more (I16). */
  readonly waits?: string;
  readonly at: Date;
  readonly actor: Actor;
}

/**
 * Raises a charge by the library's schedule, or at a price that was worked out elsewhere: the subsidy is a posting of its own, the daily cap is kept, the reader's
 * story tells of it. Once for its cause and subject. The reader's row is locked. Answers the charge's id; undefined where nothing is to be paid: no such fee, all of
 * it subsidised, the cap reached, or raised before.
 */
export async function chargeBySchedule(
  tx: Tx,
  policy: LibraryPolicy,
  patron: Patron,
  request: ScheduledCharge,
): Promise<string | undefined> {
  const { cause, subject, at, actor, itemId, remarkId, waits } = request;
  const fee = request.fee ?? priceOf(policy, cause, patron.userGroup);
  if (!fee) return undefined;
  const { library, id: patronId } = patron;
  const { currency } = policy;
  const { subsidyMinor } = fee;
  const amountMinor = await capped(tx, policy, patronId, cause, fee.amountMinor, at);
  if (amountMinor === 0) {
    if (fee.amountMinor === 0 && subsidyMinor > 0)
      await bookSubsidy(tx, policy, patron, request, subsidyMinor);
    return undefined;
  }
  const about = { ...subject, library, patronId };
  const optional = { ...(itemId && { itemId }), ...(remarkId && { remarkId }), ...(waits && { waits }) };
  const given = { cause, amountMinor, subsidyMinor, at, actor, ...optional };
  const chargeId = await raiseCharge(tx, policy, about, given);
  if (chargeId === undefined) return undefined;
  const detail = { chargeId, cause, amountMinor, currency, ...(remarkId && { remarkId }) };
  record(tx, patronSubject(patron), { kind: 'charge-raised', actor, at, detail });
  return chargeId;
}

async function capped(
  tx: Tx,
  policy: LibraryPolicy,
  patronId: string,
  cause: Cause,
  amountMinor: number,
  at: Date,
): Promise<number> {
  if (dailyCapOf(policy, cause) === undefined) return amountMinor;
  const today = civilDay(policy, instant(at));
  const begin = toDate(instantAt(policy, today, '00:00'));
  const end = toDate(instantAt(policy, today.add(Temporal.Duration.from('P1D')), '00:00'));
  await tx.flush();
  const [row] = await tx.execute<{ charged: number }[]>(
    `select coalesce(sum(amount), 0)::float8 as charged from charge
     where patron_id = ? and cause = ? and dropped_at is null and raised_at >= ? and raised_at < ?`,
    [patronId, cause, begin, end],
  );
  return withinDailyCap(policy, cause, amountMinor, row?.charged ?? 0);
}

/** What is wholly paid for a reader is booked all the same, so that the subsidies add up. */
async function bookSubsidy(
  tx: Tx,
  { currency }: LibraryPolicy,
  { library, id: patronId }: Patron,
  { cause, subject, at, actor }: ScheduledCharge,
  subsidyMinor: number,
): Promise<void> {
  const operation = `charge:${cause}:${subject.id}`;
  if ((await tx.execute('select from journal where operation = ?', [operation])).length > 0) return;
  const amount = BigInt(subsidyMinor);
  const lines = [
    { account: `subsidy:${cause}`, amount },
    { account: `income:${cause}`, amount: -amount },
  ];
  await book(tx, { library, operation, kind: `subsidy-${cause}`, patronId, currency, lines, at, actor });
}
