import { Charge, type Item, type Loan, Patron } from '../../db/entities/index.ts';
import { lockCharges } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { Reason } from '../../domain/refusal.ts';
import { endOf } from '../../domain/review-deadlines.ts';
import type { Actor } from '../../domain/roles.ts';
import { instant } from '../facts.ts';
import { takeBackCharge } from '../charges/money.ts';
import { patronSubject, record } from '../record.ts';
import { chargeBySchedule } from '../charges/scheduled-charges.ts';

interface Done {
  readonly at: Date;
  readonly actor: Actor;
}

/** Why a price that staff state for a lost copy is too high, or not asked for. */
export function priceReasons({ money }: LibraryPolicy, priceMinor: number | undefined): Reason[] {
  if (priceMinor === undefined) return [];
  const fee = money.fees.lost;
  if (!fee) return [{ code: 'fee-unknown', cause: 'lost' }];
  const limitMinor = fee.maxMinor ?? 0;
  return priceMinor > limitMinor ? [{ code: 'fee-above-limit', cause: 'lost', limitMinor }] : [];
}

/**
 * Charges the reader who lost a copy: its price – stated by staff, else the copy's own, else the schedule's – and the work with it (P1), on the card that caused it
 * (F6). The reader is locked.
 */
export async function chargeLost(
  tx: Tx,
  policy: LibraryPolicy,
  loan: Loan,
  item: Item,
  { at, actor, priceMinor }: Done & { readonly priceMinor?: number | undefined },
): Promise<void> {
  const fee = policy.money.fees.lost;
  if (!fee) return;
  const patron = await tx.findOneOrFail(Patron, { id: loan.patronId });
  if (fee.groups[patron.userGroup] === 'exempt') return;
  const own = priceMinor ?? (item.price == null ? undefined : Number(item.price));
  const about = { subject: { type: 'loan', id: loan.id }, itemId: item.id, at, actor };
  const price = own === undefined ? {} : { fee: { amountMinor: own, subsidyMinor: 0 } };
  await chargeBySchedule(tx, policy, patron, { cause: 'lost', ...about, ...price });
  await chargeBySchedule(tx, policy, patron, { cause: 'processing', ...about });
}

/** The reader who was charged for a copy when it was lost; undefined where nobody was, or it was taken back. */
export async function chargedFor(tx: Tx, itemId: string): Promise<string | undefined> {
  const [charge] = await chargesFor(tx, itemId);
  return charge?.patronId;
}

function chargesFor(tx: Tx, itemId: string): Promise<Charge[]> {
  const of = { itemId, subjectType: 'loan', cause: { $in: ['lost', 'processing'] }, droppedAt: null };
  return tx.find(Charge, of, { orderBy: { raisedAt: 'desc', id: 'desc' } });
}

/**
 * A lost copy is back: by the policy's rule its price, and the work with it, is taken back from the reader who was charged last; what was paid becomes credit. The
 * reader is locked. One who has been erased since gets nothing back. Another library's thing is lost once, and what its price came to later was charged besides.
 */
export async function refundFound(
  tx: Tx,
  policy: LibraryPolicy,
  { id: itemId, illRequestId }: Item,
  patronId: string,
  { at, actor }: Done,
): Promise<void> {
  const fee = policy.money.fees.lost;
  if (!fee || fee.refund === 'none') return;
  const patron = await tx.findOneOrFail(Patron, { id: patronId });
  if (patron.erasedAt) return;
  const found = (await chargesFor(tx, itemId)).filter((each) => each.patronId === patronId);
  const [latest] = found;
  const due = found.filter(
    (each) =>
      (each.subjectId === latest?.subjectId || illRequestId != null) &&
      (each.cause === 'lost' || fee.refund === 'price-and-processing') &&
      endOf(policy, instant(each.raisedAt), fee.refundWithin).epochMilliseconds >= at.getTime(),
  );
  const charges = await lockCharges(
    tx,
    due.map(({ id }) => id),
  );
  for (const charge of charges.filter(({ droppedAt }) => !droppedAt)) {
    await takeBackCharge(tx, charge, { operation: `found:${charge.id}`, at, actor, reason: 'found' });
    const detail = { chargeId: charge.id, amountMinor: Number(charge.amount), currency: charge.currency };
    record(tx, patronSubject(patron), { kind: 'charge-refunded', actor, at, detail });
  }
}
