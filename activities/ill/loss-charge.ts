import { Charge, IllMessage, Loan, Task } from '../../db/entities/index.ts';
import { type IllAttempt, type Item } from '../../db/entities/index.ts';
import { type Cost, costIn } from '../../domain/ill-costs.ts';
import { librarysCost } from '../../domain/ill-prices.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import { chargeBySchedule } from '../charges/scheduled-charges.ts';
import { chargeLost, priceReasons } from '../circulation/lost-items.ts';
import { record } from '../record.ts';
import { resolveTask } from '../tasks.ts';
import { askLibrarian } from './ask-librarian.ts';
import type { SupplierSays } from './delivery.ts';
import type { SettleLost } from './delivery-steps.ts';
import { type Held, latestAttempt } from './held.ts';
import { tell } from './notices.ts';
import { after } from './returning.ts';
import { requestSubject } from './standing.ts';
import { lockThing } from './thing.ts';

/** Whether the schedule knows a price that the reader pays for what they lose. */
export function paysForLoss({ policy, patron }: Held): boolean {
  const fee = policy.money.fees.lost;
  return patron !== undefined && !patron.erasedAt && !!fee && fee.groups[patron.userGroup] !== 'exempt';
}

/** Charges the reader who had it, by the schedule or at the price given; what was sent straight to them has no loan here. Of a thing that nobody had nobody is charged. */
export async function chargeReader(
  { tx, policy, request, patron, at, actor }: Held,
  item: Item | undefined,
  loan: Loan | undefined,
  priceMinor: number | undefined,
): Promise<void> {
  if (item && loan) return chargeLost(tx, policy, loan, item, { at, actor, priceMinor });
  if (!patron || !request.direct || !policy.money.fees.lost) return;
  const fee = priceMinor === undefined ? {} : { fee: { amountMinor: priceMinor, subsidyMinor: 0 } };
  const subject = { type: 'request', id: request.id };
  await chargeBySchedule(tx, policy, patron, { cause: 'lost', subject, ...fee, at, actor });
}

/** A librarian decides what is to be paid for a thing that its supplier counts as lost (I15). */
export async function askWhoPays(held: Held): Promise<void> {
  await askLibrarian(held, 'ill-lost-charge', after(held, 'P3D'));
}

/**
 * A supplier says what it gets for a thing that is lost. Where that is more than its reader was charged – by the schedule, before anybody knew –, the library would pay the rest without having been asked: a
 * librarian charges it to the reader, or leaves it with the library.
 */
export async function heedBill(held: Held, attempt: IllAttempt, bill: Cost): Promise<void> {
  const { tx, policy, request, at, actor } = held;
  if (request.state !== 'lost' || request.onBehalfOf) return;
  await tx.flush();
  const { chargedMinor, charges } = await chargedForLoss(held, attempt);
  const billedMinor = librarysCost(policy, { costMinor: bill.amountMinor, currency: bill.currency });
  if (billedMinor !== undefined && billedMinor <= chargedMinor) return;
  const detail = { ...bill, chargedMinor };
  record(tx, requestSubject(request), { kind: 'ill-lost-billed', actor, at, detail });
  const most = policy.money.fees.lost?.maxMinor ?? 0;
  if (charges.length > 0 && chargedMinor < most && paysForLoss(held)) await askWhoPays(held);
}

interface Charged {
  readonly charges: readonly Charge[];
  /** In minor units of the library's currency; without what was taken back. */
  readonly chargedMinor: number;
}

/** What the reader was charged for the loss so far. */
async function chargedForLoss({ tx, request }: Held, attempt: IllAttempt): Promise<Charged> {
  const ofItem = request.itemId ? [{ itemId: request.itemId }] : [];
  const ofRequest = { subjectId: { $in: [request.id, attempt.id] } };
  const charges = await tx.find(Charge, { cause: 'lost', $or: [ofRequest, ...ofItem] });
  const standing = charges.filter(({ droppedAt }) => !droppedAt);
  return { charges, chargedMinor: standing.reduce((sum, { amount }) => sum + Number(amount), 0) };
}

/** Staff decide what the schedule could not (`ill-lost-charge`); a reader who pays is told how much. What was charged before stays, and only what is missing is charged besides. */
export async function settleLost(held: Held, wish: SettleLost): Promise<Refused | undefined> {
  const { tx, request, at, actor } = held;
  const { charge, remarkId } = wish;
  const open = { kind: 'ill-lost-charge', subjectId: request.id, resolvedAt: null } as const;
  const attempt = await latestAttempt(held);
  if (!attempt || !(await tx.findOne(Task, open)))
    return refuse({ code: 'request-moved-on', state: request.state });
  const reasons = charge ? await chargeAfterwards(held, attempt, wish.priceMinor) : [];
  if (reasons.length > 0) return refuse(...reasons);
  await resolveTask(tx, 'ill-lost-charge', request.id, { at, by: actor, outcome: 'settled', remarkId });
  const detail = { charge, ...(remarkId && { remarkId }) };
  record(tx, requestSubject(request), { kind: 'ill-lost-settled', actor, at, detail });
  return undefined;
}

/** The loan has ended by now: when its supplier gave it up, or when the loss was recorded here. Answers why nothing can be charged. */
async function chargeAfterwards(
  held: Held,
  attempt: IllAttempt,
  statedMinor: number | undefined,
): Promise<Reason[]> {
  const { tx, policy, patron, at } = held;
  if (!patron) return [{ code: 'patron-unknown' }];
  const { charges, chargedMinor } = await chargedForLoss(held, attempt);
  const first = charges.length === 0;
  const priceMinor = statedMinor ?? (first ? undefined : await missing(held, attempt, chargedMinor));
  if (!first && priceMinor === undefined) return [{ code: 'fee-without-price' }];
  const reasons = priceReasons(policy, priceMinor === undefined ? undefined : priceMinor + chargedMinor);
  if (reasons.length > 0) return reasons;
  const item = await lockThing(held);
  const loan = item && (await tx.findOne(Loan, { itemId: item.id }, { orderBy: { checkedOutAt: 'desc' } }));
  if (first) await chargeReader(held, item, loan ?? undefined, priceMinor);
  else if (!(await chargeBesides(held, attempt, item, priceMinor ?? 0)))
    return [{ code: 'fee-capped', cause: 'lost' }];
  await tell(held, { kind: 'ill-lost', cause: `lost-charged:${at.getTime()}` });
  return [];
}

/** How much of the supplier's price nobody was charged for; undefined where it has named none, or the library has no rate for its currency. */
async function missing(
  { tx, policy }: Held,
  attempt: IllAttempt,
  chargedMinor: number,
): Promise<number | undefined> {
  const heard = { aboutId: attempt.id, direction: 'in', state: 'heeded' } as const;
  const messages = await tx.find(IllMessage, heard, { orderBy: { seq: 'desc' } });
  const [bill] = messages.flatMap(({ body }) => billIn(body as unknown as SupplierSays) ?? []);
  const billedMinor = bill && librarysCost(policy, { costMinor: bill.amountMinor, currency: bill.currency });
  return billedMinor !== undefined && billedMinor > chargedMinor ? billedMinor - chargedMinor : undefined;
}

/** What a supplier that closes a loan without its return says that it gets for it. */
export function billIn({ statusInfo, deliveryInfo }: Partial<SupplierSays>): Cost | undefined {
  if (statusInfo?.status !== 'CompletedWithoutReturn') return undefined;
  return costIn(deliveryInfo?.deliveryCosts?.[0]);
}

/** A charge of its own, since what was charged before may have been paid. False: there is one already. */
async function chargeBesides(
  { tx, policy, patron, at, actor }: Held,
  attempt: IllAttempt,
  item: Item | undefined,
  amountMinor: number,
): Promise<boolean> {
  if (!patron || amountMinor === 0) return amountMinor === 0;
  const fee = { amountMinor, subsidyMinor: 0 };
  const subject = { type: item ? 'loan' : 'request', id: attempt.id };
  const about = { subject, fee, at, actor, ...(item && { itemId: item.id }) };
  return (await chargeBySchedule(tx, policy, patron, { cause: 'lost', ...about })) !== undefined;
}
