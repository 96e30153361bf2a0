import { Temporal } from 'temporal-polyfill';
import type { Reason } from './refusal.ts';

/** Whether the reader acts for themselves, or staff act for them at the desk (F4). */
export type Channel = 'web' | 'desk';

/** What the rules need to know of a reader. Dates are `YYYY-MM-DD` and include that day; null: no end. */
export interface PatronFacts {
  readonly blocked: boolean;
  readonly closed: boolean;
  readonly expiresOn: string | null;
  readonly paidUntil: string | null;
  /** The address is registered, confirmed and not failing (A11). */
  readonly mailUsable: boolean;
  readonly phoneUsable: boolean;
  /** What is to be paid, without what is disputed and without the usage fee, in minor units; known where the library asks for debts. */
  readonly owedMinor?: number;
}

function isPast(lastDay: string | null, today: Temporal.PlainDate): lastDay is string {
  return lastDay !== null && Temporal.PlainDate.compare(today, Temporal.PlainDate.from(lastDay)) > 0;
}

/**
 * Why a reader gets nothing at present: closed, blocked or expired card (H11). A hold of such a reader keeps its place in the queue but is
 * passed over.
 */
export function eligibleToBeServed(
  patron: Pick<PatronFacts, 'blocked' | 'closed' | 'expiresOn'>,
  today: Temporal.PlainDate,
): Reason[] {
  const reasons: Reason[] = [];
  if (patron.closed) reasons.push({ code: 'patron-closed' });
  if (patron.blocked) reasons.push({ code: 'patron-blocked' });
  if (isPast(patron.expiresOn, today)) reasons.push({ code: 'patron-expired', expiresOn: patron.expiresOn });
  return reasons;
}

/**
 * Why a reader may not ask for more: as `eligibleToBeServed`, and in self-service also a usage fee that is due – "paid until" is past (F4).
 * The desk is not bound by the fee.
 */
export function standingReasons(patron: PatronFacts, today: Temporal.PlainDate, channel: Channel): Reason[] {
  const reasons = eligibleToBeServed(patron, today);
  if (channel === 'web' && isPast(patron.paidUntil, today)) {
    reasons.push({ code: 'fee-unpaid', paidUntil: patron.paidUntil });
  }
  return reasons;
}
