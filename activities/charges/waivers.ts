import { Allocation, Charge, Journal, type Patron, PaymentLine, Posting } from '../../db/entities/index.ts';
import { lockCharges, lockFamily, type LockedFamily } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import type { WaiverReason } from '../../domain/causes.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { allocate, book, receivable, waiver } from '../ledger.ts';
import { coveredBy, isFollowed, periodOf, reopenPeriod } from '../membership/membership-periods.ts';
import { patronSubject, record } from '../record.ts';
import { settleFee, waitingFor } from '../payments/settle-payment.ts';

export interface WaiveCharge extends Step {
  readonly chargeId: string;
  readonly library: string;
  /** The waiver's own id; its journal has it. */
  readonly waiverId: string;
  /** Minor units; absent: all that is open. */
  readonly amountMinor?: number;
  readonly reason: WaiverReason;
  /** What staff wrote about it. */
  readonly remarkId?: string;
  readonly actor: Actor;
}

export interface ReverseWaiver extends Step {
  readonly waiverId: string;
  readonly library: string;
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface Waived {
  readonly waiverId: string;
  readonly chargeId: string;
  readonly patronId: string;
  /** What is still open of the charge, in minor units. */
  readonly openMinor: number;
}

/** Staff give up what a reader owes, or take that back (P1). */
export function createWaiverCommands(deps: ActivityDeps) {
  return {
    waiveCharge: (step: WaiveCharge) => waiveCharge(deps, step),
    reverseWaiver: (step: ReverseWaiver) => reverseWaiver(deps, step),
  };
}

/**
 * Waives an open charge, wholly or in part, as a booking of its own. Never more than is open, never what is locked to a payment that is under way, never what is
 * disputed: there staff decide on the dispute. What waits for the charge is woken when nothing of it is open any more (I16).
 */
async function waiveCharge(deps: ActivityDeps, step: WaiveCharge): Promise<Refused | Waived> {
  const { wake, ...answer } = await once(deps.orm, step, async (tx) => {
    const open = await lockOpen(tx, step);
    if (!open) return { ...refuse({ code: 'charge-unknown', chargeId: step.chargeId }), wake: [] };
    const { family, charge } = open;
    const amount = BigInt(step.amountMinor ?? charge.remaining);
    const reasons = [...(await openReasons(tx, charge)), ...amountReasons(charge, amount)];
    if (reasons.length > 0) return { ...refuse(...reasons), wake: [] };
    const policy = deps.policies.get(charge.library);
    const woken = await bookWaiver(tx, policy, family, charge, { ...step, amount, at: new Date(step.now) });
    return { ...waivedBody(charge, step.waiverId), wake: woken };
  });
  await deps.engine.wake(wake);
  return answer;
}

/** A charge of the library and its reader's family, locked in that order. */
export async function lockOpen(
  tx: Tx,
  { chargeId, library }: { readonly chargeId: string; readonly library: string },
): Promise<{ family: LockedFamily; charge: Charge } | undefined> {
  const seen = await tx.findOne(Charge, { id: chargeId, library });
  const family = seen && (await lockFamily(tx, seen.patronId));
  const [charge] = family ? await lockCharges(tx, [chargeId]) : [];
  return family && charge ? { family, charge } : undefined;
}

function waivedBody(charge: Charge, waiverId: string): Waived {
  const { id: chargeId, patronId, remaining } = charge;
  return { waiverId, chargeId, patronId, openMinor: Number(remaining) };
}

/** Why nothing can be done about what is open of a charge: nothing is, or it is on its way to be paid, or disputed. The charge is locked. */
async function openReasons(tx: Tx, charge: Charge): Promise<Reason[]> {
  const { id: chargeId, disputedAt, remaining } = charge;
  if (remaining === 0n) return [{ code: 'charge-settled', chargeId }];
  return [
    ...(await inPayment(tx, chargeId)),
    ...(disputedAt ? [{ code: 'charge-disputed', chargeId } as const] : []),
  ];
}

/** A payment under way that a charge is locked to, as a reason. */
export async function inPayment(tx: Tx, chargeId: string): Promise<Reason[]> {
  const line = await tx.findOne(PaymentLine, { chargeId, open: true });
  return line ? [{ code: 'charge-in-payment', chargeId, paymentId: line.paymentId }] : [];
}

export function amountReasons({ id: chargeId, remaining }: Charge, amount: bigint): Reason[] {
  if (amount <= remaining) return [];
  return [{ code: 'waiver-exceeds-charge', chargeId, openMinor: Number(remaining) }];
}

interface Waiver extends Pick<WaiveCharge, 'waiverId' | 'reason' | 'remarkId' | 'actor'> {
  readonly amount: bigint;
  readonly at: Date;
}

/** Books a waiver; family and charge are locked, and the amount is not more than is open. Answers whom to wake after the commit. */
export async function bookWaiver(
  tx: Tx,
  policy: LibraryPolicy,
  family: LockedFamily,
  charge: Charge,
  { waiverId: id, amount, reason, remarkId, at, actor }: Waiver,
): Promise<string[]> {
  const { library, patronId, currency, cause } = charge;
  await book(tx, {
    id,
    library,
    patronId,
    currency,
    at,
    actor,
    reason,
    ...(remarkId && { remarkId }),
    operation: `waiver:${id}`,
    kind: `waiver-${cause}`,
    lines: [
      { account: waiver(cause), amount },
      { account: receivable(patronId), amount: -amount },
    ],
  });
  allocate(tx, id, charge, amount);
  const detail = { chargeId: charge.id, waiverId: id, amountMinor: Number(amount), currency, reason };
  record(tx, patronSubject(family.main), {
    kind: 'charge-waived',
    actor,
    at,
    detail: { ...detail, ...(remarkId && { remarkId }) },
  });
  if (charge.remaining > 0n) return [];
  await settleFee(tx, policy, family, charge, { at, actor });
  return waitingFor([charge]);
}

/**
 * Takes a waiver back that was a mistake (P10): a booking that reverses it; the charge is open again, and what a waived usage fee has extended is taken back. Refused
 * when it was done before, when the charge itself was taken back since, or the card was closed.
 */
async function reverseWaiver(deps: ActivityDeps, step: ReverseWaiver): Promise<Refused | Waived> {
  const { wake, ...answer } = await once(deps.orm, step, async (tx) => {
    const answered = await takeBack(tx, step);
    return { ...answered, wake: 'patronId' in answered ? [`membership:${answered.patronId}`] : [] };
  });
  await deps.engine.wake(wake);
  return answer;
}

async function takeBack(tx: Tx, step: ReverseWaiver): Promise<Refused | Waived> {
  const { waiverId, library, remarkId, actor } = step;
  const journal = await tx.findOne(Journal, { id: waiverId, library });
  const allocation = journal?.kind.startsWith('waiver-')
    ? await tx.findOne(Allocation, { journalId: waiverId })
    : null;
  if (!allocation || !journal?.patronId) return refuse({ code: 'waiver-unknown' });
  const seen = await tx.findOneOrFail(Charge, { id: allocation.chargeId });
  const covered = seen.cause === 'membership' ? await coveredBy(tx, (await periodOf(tx, seen.id)).id) : [];
  const family = await lockFamily(tx, journal.patronId, covered);
  const [charge] = await lockCharges(tx, [seen.id]);
  if (!family || !charge) return refuse({ code: 'waiver-unknown' });
  const reasons = await reversalReasons(tx, waiverId, family.main, charge);
  if (reasons.length > 0) return refuse(...reasons);

  const at = new Date(step.now);
  const { patronId, currency } = charge;
  const { amount } = allocation;
  const wasSettled = charge.remaining === 0n;
  const postings = await tx.find(Posting, { journalId: waiverId });
  const id = await book(tx, {
    library,
    patronId,
    currency,
    at,
    actor,
    remarkId,
    operation: `reversal:${waiverId}`,
    kind: 'reversal-waiver',
    reverses: waiverId,
    reason: 'mistake',
    lines: postings.map((line) => ({ account: line.account, amount: -line.amount })),
  });
  allocate(tx, id, charge, -amount);
  if (charge.cause === 'membership' && wasSettled)
    await reopenPeriod(tx, await periodOf(tx, charge.id), family, { at, actor });
  const detail = { chargeId: charge.id, waiverId, amountMinor: Number(amount), currency, remarkId };
  record(tx, patronSubject(family.main), { kind: 'waiver-reversed', actor, at, detail });
  return waivedBody(charge, waiverId);
}

async function reversalReasons(tx: Tx, waiverId: string, patron: Patron, charge: Charge): Promise<Reason[]> {
  const reversal = await tx.findOne(Journal, { reverses: waiverId });
  if (reversal) return [{ code: 'waiver-reversed', at: reversal.at.toISOString() }];
  const { id: chargeId, cause, droppedAt } = charge;
  if (droppedAt) return [{ code: 'charge-dropped', chargeId }];
  const isFee = cause === 'membership';
  return [
    ...(patron.closedAt ? [{ code: 'patron-closed' } as const] : []),
    ...(isFee && patron.mainId ? [{ code: 'membership-of-sub-card' } as const] : []),
    ...(isFee && (await isFollowed(tx, await periodOf(tx, chargeId)))
      ? [{ code: 'payment-followed', chargeId } as const]
      : []),
    ...(await inPayment(tx, chargeId)),
  ];
}
