import { Payment, Voucher } from '../../db/entities/index.ts';
import { closuresFrom } from '../../db/queries/closures.ts';
import { lockFamily, type LockedFamily, lockPayment, present } from '../../db/locks.ts';
import { once, type Tx } from '../../db/transaction.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import { reviewDueAt } from '../../domain/review-deadlines.ts';
import { bankWayOf, transferWayOf, vouchersOf } from '../../domain/transfers.ts';
import { decisionReasons } from '../../domain/vouchers.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant, toDate } from '../facts.ts';
import { slips, transfer } from '../ledger.ts';
import { held } from './payment-process.ts';
import { endsPayment, isUnderWay, paymentOutcome } from './payment-standing.ts';
import { expiryOf } from './payment-ways.ts';
import type { PaymentOutcome, PaymentStanding } from './payment-steps.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { paymentSubject, record } from '../record.ts';
import { settlePayment } from './settle-payment.ts';
import { openTask, resolveTask } from '../tasks.ts';
import type { DecideVouchers, GiveVoucher } from './voucher-steps.ts';

/** Proof of payments: readers give it, the cashier decides (P4, P5). */
export function createVoucherActivities(deps: ActivityDeps) {
  return {
    giveVoucher: (step: GiveVoucher) => giveVoucher(deps, step),
    decideVouchers: (step: DecideVouchers) => decideVouchers(deps, step),
  };
}

/**
 * Adds a page of proof to a payment. Where the cashier decides on it the payment is `submitted` and does not expire any more; a task asks for the decision. Several
 * pages may come one after the other; the same one again changes nothing.
 */
function giveVoucher(deps: ActivityDeps, step: GiveVoucher): Promise<PaymentOutcome> {
  const { paymentId, voucherId: id, givenAs, actor, now } = step;
  return once(deps.orm, step, async (tx) => {
    const payment = await held(tx, paymentId);
    const policy = deps.policies.get(payment.library);
    const vouchers = await vouchersAt(tx, paymentId);
    if (vouchers.some((voucher) => voucher.id === id)) return paymentOutcome(deps, tx, payment, now);
    const reasons = givingReasons(policy, payment, vouchers);
    if (reasons.length > 0) return refuse(...reasons);
    const at = new Date(now);
    const { library, patronId } = payment;
    const given = { givenAs, givenBy: actor, givenAt: at, state: 'waiting' } as const;
    tx.create(Voucher, { id, library, patronId, paymentId, position: vouchers.length + 1, ...given });
    record(tx, paymentSubject(payment), {
      kind: 'voucher-given',
      actor,
      at,
      detail: { voucherId: id, givenAs },
    });
    if (vouchersOf(policy, payment) === 'checked') await submit(tx, policy, payment, at);
    return paymentOutcome(deps, tx, payment, now);
  });
}

/** In the order in which they were given. The payment is locked. */
function vouchersAt(tx: Tx, paymentId: string): Promise<Voucher[]> {
  return tx.find(Voucher, { paymentId }, { orderBy: { position: 'asc' } });
}

function givingReasons(policy: LibraryPolicy, payment: Payment, vouchers: readonly Voucher[]): Reason[] {
  if (!isUnderWay(payment)) return [{ code: 'payment-ended', state: payment.state }];
  if (vouchersOf(policy, payment) === 'none') return [{ code: 'voucher-not-awaited' }];
  const max = policy.money.uploads.perPayment;
  const waiting = vouchers.filter(({ state }) => state === 'waiting').length;
  return waiting >= max ? [{ code: 'voucher-limit', max }] : [];
}

async function submit(tx: Tx, policy: LibraryPolicy, payment: Payment, at: Date): Promise<void> {
  payment.state = 'submitted';
  payment.submittedAt = at;
  const { within } = present(transferWayOf(policy, payment) ?? bankWayOf(policy, payment), 'way').check;
  const calendar = { policy, closures: await closuresFrom(tx, policy.code, at), review: { within } };
  await openTask(tx, paymentSubject(payment), {
    kind: 'check-voucher',
    branch: null,
    workflowId: `payment:${payment.id}`,
    at,
    dueAt: toDate(reviewDueAt(calendar, instant(at))),
  });
}

interface Deciding {
  readonly tx: Tx;
  readonly policy: LibraryPolicy;
  readonly family: LockedFamily;
  readonly payment: Payment;
  readonly vouchers: readonly Voucher[];
  readonly step: DecideVouchers;
  readonly at: Date;
}

/**
 * The cashier's decision (P4): what is accepted settles the payment in the same transaction, and whatever waits for its charges is woken (I16); what is refused is
 * told to the reader with the reason. Of two who decide at once the row's lock lets one through; the other is told who was quicker.
 */
async function decideVouchers(deps: ActivityDeps, step: DecideVouchers): Promise<PaymentOutcome> {
  const answer = await once(deps.orm, step, (tx) => decide(deps, tx, step));
  if ('wake' in answer) await deps.engine.wake(answer.wake);
  return answer;
}

async function decide(
  deps: ActivityDeps,
  tx: Tx,
  step: DecideVouchers,
): Promise<Refused | (PaymentStanding & { readonly wake: readonly string[] })> {
  const { patronId } = present(
    await tx.findOne(Payment, { id: step.paymentId }),
    `payment ${step.paymentId}`,
  );
  const family = present(await lockFamily(tx, patronId), `card ${patronId}`);
  const payment = present(await lockPayment(tx, step.paymentId), `payment ${step.paymentId}`);
  const vouchers = await vouchersAt(tx, payment.id);
  const reasons = reasonsAgainst(payment, vouchers, step);
  if (reasons.length > 0) return refuse(...reasons);
  const policy = deps.policies.get(payment.library);
  const at = new Date(step.now);
  const waiting = vouchers.filter(({ state }) => state === 'waiting');
  const deciding = { tx, policy, family, payment, vouchers: waiting, step, at };
  const wake = step.decision === 'accept' ? await accept(deciding) : await refuseThem(deciding);
  return { ...(await paymentOutcome(deps, tx, payment, step.now)), wake };
}

function reasonsAgainst(payment: Payment, vouchers: readonly Voucher[], step: DecideVouchers): Reason[] {
  const decided = vouchers.findLast(({ decidedAt }) => decidedAt != null);
  const waiting = vouchers.flatMap(({ id, state }) => (state === 'waiting' ? [id] : []));
  const last =
    decided?.decidedBy && decided.decidedAt
      ? { by: decided.decidedBy, at: decided.decidedAt, state: decided.state }
      : null;
  const hasRemark = step.remarkId !== undefined;
  return decisionReasons({ state: payment.state, waiting, last }, { ...step, hasRemark });
}

async function close({ tx, vouchers, payment, step, at }: Deciding, state: 'accepted' | 'refused') {
  const { actor, remarkId } = step;
  for (const voucher of vouchers)
    tx.assign(voucher, { state, decidedBy: actor, decidedAt: at, remarkId: remarkId ?? null });
  await resolveTask(tx, 'check-voucher', payment.id, { at, by: actor, outcome: state, remarkId });
  const detail = { count: vouchers.length, ...(remarkId !== undefined && { remarkId }) };
  record(tx, paymentSubject(payment), { kind: `voucher-${state}`, actor, at, detail });
}

/** Of a bank transfer nothing has come yet: what was accepted waits in `slips:<account>` for the statement. */
async function accept(deciding: Deciding): Promise<readonly string[]> {
  const { tx, policy, family, payment, step, at } = deciding;
  await close(deciding, 'accepted');
  const account =
    payment.means === 'bank'
      ? slips(present(bankWayOf(policy, payment), 'way').account)
      : transfer(payment.way ?? '');
  const { amount, id } = payment;
  const money = { operation: `payment:${id}`, account, amount, at, actor: step.actor };
  return (await settlePayment(tx, policy, family, payment, money)).wake;
}

async function refuseThem(deciding: Deciding): Promise<readonly string[]> {
  const { tx, policy, family, payment, step, at } = deciding;
  await close(deciding, 'refused');
  const isForGood = step.decision === 'refuse-for-good';
  if (isForGood) await endsPayment(tx, payment, { state: 'refused', at, actor: step.actor });
  else {
    payment.state = 'open';
    leaveTime(policy, payment, at);
  }
  const content = { remarkId: step.remarkId, forGood: isForGood };
  const cause = `refused:${at.getTime()}`;
  await queueNotice(tx, policy, family.main, paymentSubject(payment), {
    kind: 'voucher-refused',
    cause,
    at,
    content,
  });
  return [];
}

/** Whoever has to send another voucher has at least as long for it as others are reminded before the end. */
function leaveTime(policy: LibraryPolicy, payment: Payment, at: Date): void {
  const expires = (transferWayOf(policy, payment) ?? bankWayOf(policy, payment))?.remindBefore;
  const least = expiryOf(policy, { code: payment.way ?? '', expires }, at.getTime());
  if (!least || !payment.expiresAt || payment.expiresAt >= toDate(least)) return;
  payment.expiresAt = toDate(least);
  payment.remindedAt = at;
}
