import { v7 as uuid } from 'uuid';
import { InvoiceLine, InvoiceRequest, MoneyDocument, Patron, type Payment } from '../../db/entities/index.ts';
import { lockPayment } from '../../db/locks.ts';
import { once, type Step, type Tx } from '../../db/transaction.ts';
import { civilDay } from '../../domain/calendar.ts';
import { getsSlip } from '../../domain/documents.ts';
import { invoiceReasons } from '../../domain/invoices.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Reason, refuse, type Refused } from '../../domain/refusal.ts';
import type { Actor } from '../../domain/roles.ts';
import type { ActivityDeps } from '../deps.ts';
import { instant } from '../facts.ts';
import { type Invoiceable, invoiceableOf, invoiceLines } from './invoiceable.ts';
import { queueNotice } from '../notices/queue-notice.ts';
import { paymentSubject } from '../record.ts';

export interface IssueInvoice extends Step {
  /** The request, which the API has written. */
  readonly requestId: string;
  readonly actor: Actor;
}

export interface InvoiceAnswer {
  /** Null while the payment's money is to come: the invoice is issued when it has come. */
  readonly documentId: string | null;
  readonly deliver: readonly string[];
}

/** What readers and cashiers ask for. */
export function createInvoiceCommands(deps: ActivityDeps) {
  return { issueInvoice: (step: IssueInvoice) => issueInvoice(deps, step) };
}

/** Whether an invoice was issued for a payment: after that it is neither refunded nor taken back (P6). The payment is locked. */
export async function isInvoiced(tx: Tx, paymentId: string): Promise<boolean> {
  return (await tx.count(MoneyDocument, { paymentId, kind: 'invoice' })) > 0;
}

/** Issues the invoice that was asked for, or leaves the request to the payment's settlement (P6). */
function issueInvoice(deps: ActivityDeps, step: IssueInvoice): Promise<Refused | InvoiceAnswer> {
  return once(deps.orm, step, async (tx): Promise<Refused | InvoiceAnswer> => {
    const request = await tx.findOneOrFail(InvoiceRequest, { id: step.requestId });
    const payment = await lockPayment(tx, request.paymentId);
    if (!payment) return refuse({ code: 'payment-unknown' });
    const policy = deps.policies.get(payment.library);
    const at = new Date(step.now);
    const reasons = await reasonsAgainst(tx, policy, payment, at);
    if (reasons.length > 0) {
      // What was refused is not issued later, when more money comes.
      if (!(await isInvoiced(tx, payment.id))) request.replacedAt = at;
      return refuse(...reasons);
    }
    if (payment.state !== 'settled') return { documentId: null, deliver: [] };
    return write(tx, policy, { payment, request, at, actor: step.actor });
  });
}

/**
 * Issues the invoice that was asked for before the money came, as far as the library offers one (P5). Called where a payment is settled, with its allocations
 * flushed; the payment is locked. Answers the notices to be delivered.
 */
export async function issueAwaitedInvoice(
  tx: Tx,
  policy: LibraryPolicy,
  { payment, at, actor }: Pick<Writing, 'payment' | 'at' | 'actor'>,
): Promise<readonly string[]> {
  const request = await tx.findOne(InvoiceRequest, { paymentId: payment.id, replacedAt: null });
  if (!request) return [];
  const reasons = await reasonsAgainst(tx, policy, payment, at);
  return reasons.length > 0 ? [] : (await write(tx, policy, { payment, request, at, actor })).deliver;
}

async function reasonsAgainst(tx: Tx, policy: LibraryPolicy, payment: Payment, at: Date): Promise<Reason[]> {
  const { userGroup } = await tx.findOneOrFail(Patron, { id: payment.patronId });
  const settled = payment.state === 'settled';
  const found = await invoiceableOf(tx, policy, payment);
  if (found.length === 0 && (await isInvoiced(tx, payment.id))) return [{ code: 'invoice-issued' }];
  return invoiceReasons(policy, {
    userGroup,
    slip: getsSlip(policy.money.documents, userGroup, payment.means),
    settledAt: settled && payment.endedAt ? instant(payment.endedAt) : undefined,
    invoiceableMinor: found.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    now: instant(at),
  });
}

interface Writing {
  readonly payment: Payment;
  readonly request: InvoiceRequest;
  readonly at: Date;
  readonly actor: Actor;
}

async function write(
  tx: Tx,
  policy: LibraryPolicy,
  { payment, request, at, actor }: Writing,
): Promise<InvoiceAnswer> {
  const found: Invoiceable[] = await invoiceableOf(tx, policy, payment);
  const patron = await tx.findOneOrFail(Patron, { id: payment.patronId });
  const { library, currency, id: paymentId, means, reference } = payment;
  const documentId = uuid();
  tx.create(MoneyDocument, {
    id: documentId,
    library,
    kind: 'invoice',
    year: civilDay(policy, instant(at)).year,
    patronId: patron.id,
    paymentId,
    requestId: request.id,
    language: patron.language,
    currency,
    amount: BigInt(found.reduce((sum, { amountMinor }) => sum + amountMinor, 0)),
    content: { means, ...(reference != null && { reference }), lines: invoiceLines(policy, found) },
    actor,
    issuedAt: at,
  });
  await tx.flush();
  for (const { journalId, chargeId } of found) tx.create(InvoiceLine, { journalId, chargeId, documentId });
  await tx.flush();
  const notice = { kind: 'invoice-issued', cause: documentId, at, content: { documentId } } as const;
  const noticeId = await queueNotice(tx, policy, patron, paymentSubject(payment), notice);
  return { documentId, deliver: noticeId === undefined ? [] : [noticeId] };
}
