import { v7 as uuid } from 'uuid';
import {
  Checkout,
  GatewayCapture,
  GatewayRefund,
  Payment,
  Posting,
  type Patron,
} from '../../db/entities/index.ts';
import { lockPatron, lockPayment, present } from '../../db/locks.ts';
import { inTransaction, once, reader, type Step, type Tx } from '../../db/transaction.ts';
import { refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import { creditOf } from './credit.ts';
import type { ActivityDeps } from '../deps.ts';
import type { PaymentGateway, RefundDone } from '../gateways/payment-gateway.ts';
import { book, gateway as gatewayAccount, prepaid } from '../ledger.ts';
import type { LookAtPayment } from './payment-steps.ts';
import { patronSubject, record } from '../record.ts';
import { askAboutSurplus, surplusOf } from './surplus.ts';
import { resolveTask } from '../tasks.ts';

export interface DecideSurplus extends Step {
  readonly paymentId: string;
  readonly library: string;
  /** Leave it to the reader as balance, or send it back the way it came. */
  readonly decision: 'keep' | 'refund';
  readonly actor: Actor;
  readonly remarkId?: string;
}

export interface SurplusDecided {
  readonly paymentId: string;
  /** Minor units. */
  readonly amountMinor: number;
}

/** Staff's decision on money that belongs nowhere (P7). */
export function createSurplusCommands(deps: ActivityDeps) {
  return { decideSurplus: (step: DecideSurplus) => decideSurplus(deps, step) };
}

/** Decides, books what goes back, and lets the payment's process ask the gateway for it. */
async function decideSurplus(deps: ActivityDeps, step: DecideSurplus): Promise<Refused | SurplusDecided> {
  const { paymentId, library, decision } = step;
  const answer = await once(deps.orm, step, (tx) => decide(tx, step));
  if ('refused' in answer || decision === 'keep') return answer;
  const { patronId } = await reader(deps.orm).findOneOrFail(Payment, { id: paymentId });
  await deps.engine.restart({ process: 'payment', id: paymentId, library, patronId, state: 'settled' });
  await deps.engine.wake([`payment:${paymentId}`]);
  return answer;
}

async function decide(tx: Tx, step: DecideSurplus): Promise<Refused | SurplusDecided> {
  const { paymentId, library, decision, actor, remarkId } = step;
  const found = await tx.findOne(Payment, { id: paymentId, library, means: 'online' });
  if (!found) return refuse({ code: 'payment-unknown' });
  const patron = present(await lockPatron(tx, found.patronId), `card ${found.patronId}`);
  const payment = present(await lockPayment(tx, paymentId), `payment ${paymentId}`);
  const surplus = await surplusOf(tx, payment);
  if (surplus <= 0n) return refuse({ code: 'payment-has-no-surplus' });
  const { credit } = await creditOf(tx, patron);
  if (decision === 'refund' && credit < surplus)
    return refuse({ code: 'credit-too-small', creditMinor: Number(credit) });
  const at = new Date(step.now);
  if (decision === 'keep') (await tx.findOneOrFail(Checkout, { paymentId })).kept += surplus;
  else await sendBack(tx, { patron, payment, amount: surplus, at, actor });
  const by = { at, by: actor, outcome: decision === 'keep' ? 'kept' : 'sent-back', remarkId };
  await resolveTask(tx, 'payment-surplus', paymentId, by);
  const detail = { paymentId, amountMinor: Number(surplus), currency: payment.currency };
  const kind = decision === 'keep' ? 'payment-surplus-kept' : 'payment-sent-back';
  record(tx, patronSubject(patron), { kind, actor, at, detail });
  await tx.flush();
  return { paymentId, amountMinor: Number(surplus) };
}

interface SendingBack {
  readonly patron: Patron;
  readonly payment: Payment;
  readonly amount: bigint;
  readonly at: Date;
  readonly actor: Actor;
}

/** Books it out of the reader's credit, from the money that came last. */
async function sendBack(tx: Tx, { patron, payment, amount, at, actor }: SendingBack): Promise<void> {
  const { id: paymentId, library, currency } = payment;
  const provider = payment.provider ?? '';
  const captures = await tx.find(GatewayCapture, { paymentId, journalId: { $ne: null } });
  const refunds = await tx.find(GatewayRefund, { paymentId, state: { $ne: 'failed' } });
  let left = amount;
  for (const capture of captures.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime())) {
    const gone = refunds
      .filter(({ captureRef }) => captureRef === capture.ref)
      .reduce((sum, each) => sum + each.amount, 0n);
    const free = capture.amount - gone;
    const share = free < left ? free : left;
    if (share <= 0n) continue;
    left -= share;
    const id = uuid();
    const journalId = await book(tx, {
      library,
      currency,
      paymentId,
      at,
      actor,
      patronId: patron.id,
      operation: `refund:${id}`,
      kind: 'refund-online',
      lines: [
        { account: prepaid(patron.id), amount: share },
        { account: gatewayAccount(provider), amount: -share },
      ],
    });
    await tx.flush();
    const booked = { library, provider, paymentId, currency, journalId, captureRef: capture.ref };
    tx.create(GatewayRefund, {
      id,
      ...booked,
      amount: share,
      state: 'wanted',
      wantedBy: actor,
      wantedAt: at,
    });
  }
}

/** Asks the gateway for what was decided to go back; false where there was nothing. Asked twice, it sends nothing twice. */
export async function carryOutRefunds(
  deps: ActivityDeps,
  gateway: PaymentGateway,
  { paymentId, now }: LookAtPayment,
): Promise<boolean> {
  const wanted = await reader(deps.orm).find(GatewayRefund, { paymentId, state: 'wanted' });
  for (const refund of wanted) {
    const { id: refundId, captureRef, amount, currency } = refund;
    const done = await gateway.refund({ refundId, captureRef, amountMinor: Number(amount), currency });
    await inTransaction(deps.orm, (tx) => noteRefund(deps, tx, refund, done, new Date(now)));
  }
  return wanted.length > 0;
}

/** What a gateway will not send back is the reader's credit again, and staff are asked anew. */
async function noteRefund(
  deps: ActivityDeps,
  tx: Tx,
  { id, paymentId }: GatewayRefund,
  done: RefundDone,
  at: Date,
): Promise<void> {
  const { patronId } = await tx.findOneOrFail(Payment, { id: paymentId });
  await lockPatron(tx, patronId);
  const payment = present(await lockPayment(tx, paymentId), `payment ${paymentId}`);
  const refund = await tx.findOneOrFail(GatewayRefund, { id });
  if (refund.state !== 'wanted') return;
  refund.settledAt = at;
  refund.state = 'ref' in done ? 'done' : 'failed';
  if ('ref' in done) {
    refund.ref = done.ref;
    return;
  }
  const { library, currency, journalId } = refund;
  const postings = await tx.find(Posting, { journalId });
  await book(tx, {
    library,
    patronId,
    currency,
    paymentId,
    at,
    actor: 'system',
    operation: `refund-failed:${id}`,
    kind: 'reversal-refund',
    reverses: journalId,
    reason: 'gateway-refused',
    lines: postings.map(({ account, amount }) => ({ account, amount: -amount })),
  });
  await askAboutSurplus(deps, tx, payment, at);
}
