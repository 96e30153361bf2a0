import { Charge, InvoiceLine } from '../../db/entities/index.ts';
import { lockPayments } from '../../db/locks-in-bulk.ts';
import { lockCharges, lockFamily, type LockedFamily } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { coveredBy, isFollowed, periodOf, reopenPeriod } from '../membership/membership-periods.ts';
import { takeBackCharge } from './money.ts';
import { patronSubject, record } from '../record.ts';
import { waitingFor } from '../payments/settle-payment.ts';
import { inPayment } from './waivers.ts';

export interface TakeBackCharge extends Step {
  readonly chargeId: string;
  readonly library: string;
  /** Why; staff write it. */
  readonly remarkId: string;
  readonly actor: Actor;
}

export interface ChargeTakenBack {
  readonly chargeId: string;
  readonly patronId: string;
  /** What had been paid of it, and is the reader's credit now; minor units. */
  readonly creditedMinor: number;
}

/** Staff take back what was charged by mistake (P10). */
export function createMistakeCommands(deps: ActivityDeps) {
  return { takeBackCharge: (step: TakeBackCharge) => takeBack(deps, step) };
}

/**
 * Takes a charge back that should not have been raised, open or paid (P10): what was paid becomes the reader's credit, what was waived does not, and what a paid usage fee
 * has extended is taken back. Once. Refused while a payment for it is under way or its reader disputes it, after an invoice (P6), and when the next usage fee has been
 * raised since. What waits for the charge is woken (I16).
 */
async function takeBack(deps: ActivityDeps, step: TakeBackCharge): Promise<Refused | ChargeTakenBack> {
  const { wake, ...answer } = await once(deps.orm, step, async (tx) => {
    const locked = await lockCovered(tx, step);
    if (!locked) return { ...refuse({ code: 'charge-unknown', chargeId: step.chargeId }), wake: [] };
    const { family, charge } = locked;
    const reasons = await reasonsAgainst(tx, family, charge);
    if (reasons.length > 0) return { ...refuse(...reasons), wake: [] };
    const creditedMinor = await drop(tx, family, charge, step);
    const { id: chargeId, patronId } = charge;
    return { chargeId, patronId, creditedMinor, wake: [...waitingFor([charge]), `membership:${patronId}`] };
  });
  await deps.engine.wake(wake);
  return answer;
}

/** The charge with its reader's family, of a usage fee with every card it has extended, and with what it was paid by, so that no invoice is issued meanwhile; locked in their order. */
async function lockCovered(
  tx: Tx,
  { chargeId, library }: TakeBackCharge,
): Promise<{ family: LockedFamily; charge: Charge } | undefined> {
  const seen = await tx.findOne(Charge, { id: chargeId, library });
  if (!seen) return undefined;
  const covered = seen.cause === 'membership' ? await coveredBy(tx, (await periodOf(tx, chargeId)).id) : [];
  const family = await lockFamily(tx, seen.patronId, covered);
  if (!family || family.main.erasedAt) return undefined;
  await lockPayments(tx, await paidBy(tx, chargeId));
  const [charge] = await lockCharges(tx, [chargeId]);
  return charge && { family, charge };
}

async function paidBy(tx: Tx, chargeId: string): Promise<string[]> {
  const rows = await tx.execute<{ id: string }[]>(
    'select distinct payment_id as id from allocation join journal on journal.id = journal_id where charge_id = ? and payment_id is not null',
    [chargeId],
  );
  return rows.map(({ id }) => id);
}

async function reasonsAgainst(tx: Tx, { main }: LockedFamily, charge: Charge): Promise<Reason[]> {
  const { id: chargeId, cause, droppedAt, disputedAt } = charge;
  if (droppedAt) return [{ code: 'charge-dropped', chargeId }];
  const isFee = cause === 'membership';
  const invoiced = (await tx.count(InvoiceLine, { chargeId })) > 0;
  return [
    ...(await inPayment(tx, chargeId)),
    ...(disputedAt ? [{ code: 'charge-disputed', chargeId } as const] : []),
    ...(invoiced ? [{ code: 'charge-invoiced', chargeId } as const] : []),
    ...(isFee && main.mainId ? [{ code: 'membership-of-sub-card' } as const] : []),
    ...(isFee && (await isFollowed(tx, await periodOf(tx, chargeId)))
      ? [{ code: 'payment-followed', chargeId } as const]
      : []),
  ];
}

/** Answers what became credit, in minor units. */
async function drop(
  tx: Tx,
  family: LockedFamily,
  charge: Charge,
  { operation, now, actor, remarkId }: TakeBackCharge,
): Promise<number> {
  const at = new Date(now);
  const { id: chargeId, cause, amount, remaining, currency } = charge;
  if (cause === 'membership' && remaining === 0n)
    await reopenPeriod(tx, await periodOf(tx, chargeId), family, { at, actor });
  const credited = await takeBackCharge(tx, charge, {
    operation: `${operation}:${chargeId}`,
    at,
    actor,
    reason: 'mistake',
    remarkId,
  });
  const detail = { chargeId, amountMinor: Number(amount), currency, remarkId };
  record(tx, patronSubject(family.main), { kind: 'charge-taken-back', actor, at, detail });
  return Number(credited);
}
