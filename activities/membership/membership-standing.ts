import { Temporal } from 'temporal-polyfill';
import { MembershipPeriod, type Patron } from '../../db/entities/index.ts';
import type { Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { dayBefore, type FeeStep, feeSteps, isDormant } from '../../domain/membership.ts';
import type { Standing } from '../../domain/standing.ts';
import { instantAt } from '../../domain/windows.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant } from '../facts.ts';
import type { PolicyWithFee } from './membership-periods.ts';
import { openNotices } from '../notices/open-notices.ts';

/** Wakings are spread over half an hour by the card's id, so that the cards of one day do not all wake in the same second. */
const spreadMs = 30 * 60_000;

/** How a card's fee stands: the first day that is not paid for, the period that waits for payment, and the steps of its reader's being asked for it. */
export interface FeeFacts {
  readonly dueOn: Temporal.PlainDate;
  readonly open: MembershipPeriod | undefined;
  readonly steps: readonly FeeStep[];
  readonly dormant: boolean;
}

/** A card that was never paid for is due from the day it was opened. */
export function dueOnOf(
  policy: PolicyWithFee,
  patron: Pick<Patron, 'paidUntil' | 'createdAt'>,
): Temporal.PlainDate {
  return patron.paidUntil
    ? Temporal.PlainDate.from(patron.paidUntil).add({ days: 1 })
    : civilDay(policy, instant(patron.createdAt));
}

export async function feeFacts(
  tx: Tx,
  policy: PolicyWithFee,
  patron: Patron,
  now: number,
): Promise<FeeFacts> {
  const open = await tx.findOne(MembershipPeriod, { patronId: patron.id, state: 'raised' });
  const dueOn = open ? Temporal.PlainDate.from(open.dueOn) : dueOnOf(policy, patron);
  const { timeZone, membership } = policy;
  return {
    dueOn,
    open: open ?? undefined,
    steps: feeSteps(timeZone, membership, dueOn),
    dormant: isDormant(policy, membership, dueOn, instant(now)),
  };
}

/** The latest step whose time has come. */
export function reachedStep({ steps }: FeeFacts, now: number): FeeStep | undefined {
  return steps.findLast(({ at }) => at.epochMilliseconds <= now);
}

/** Why a card has no fee of its own, and its process ends: it is closed, or a sub card (F2). */
export function withoutFee(patron: Patron): 'closed' | 'sub-card' | undefined {
  if (patron.closedAt) return 'closed';
  return patron.mainId ? 'sub-card' : undefined;
}

function stateOf({ open, dormant, dueOn }: FeeFacts, today: Temporal.PlainDate): string {
  if (open) return Temporal.PlainDate.compare(today, dueOn) >= 0 ? 'unpaid' : 'due';
  return dormant ? 'dormant' : 'paid';
}

/** What a card's membership process has to do next, from its rows and its queued notices. Flushes what the transaction has changed so far. */
export async function membershipStanding(
  deps: ActivityDeps,
  tx: Tx,
  policy: PolicyWithFee,
  patron: Patron,
  now: number,
): Promise<Standing> {
  await tx.flush();
  const deliver = await openNotices(deps, tx, patron.id, new Date(now), 'membership-due');
  const over = withoutFee(patron);
  if (over) return { state: over, deliver, ended: true, asOf: now };
  const facts = await feeFacts(tx, policy, patron, now);
  const next = facts.steps.find(({ at }) => at.epochMilliseconds > now);
  return {
    state: stateOf(facts, civilDay(policy, instant(now))),
    deadline: instantAt(policy, Temporal.PlainDate.from(dayBefore(facts.dueOn.toString())), '24:00')
      .epochMilliseconds,
    deliver,
    ended: false,
    asOf: now,
    ...(next && { wakeAt: next.at.epochMilliseconds + spreadOf(patron) }),
  };
}

function spreadOf({ id }: Patron): number {
  return Number.parseInt(id.slice(-8), 16) % spreadMs;
}
