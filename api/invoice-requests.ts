import type { z } from 'zod';
import { InvoiceRequest, MoneyDocument, type Payment } from '../db/entities/index.ts';
import { lockPayment } from '../db/locks.ts';
import { inTransaction } from '../db/transaction.ts';
import { addresseeReasons } from '../domain/invoices.ts';
import { tidyTaxId } from '../domain/tax-ids.ts';
import type { Actor } from '../domain/roles.ts';
import { answer } from './answer.ts';
import type { ApiDeps } from './deps.ts';
import { problem, refusal } from './problem.ts';
import type { invoiceWish } from './schemas/documents.ts';

interface Asked {
  readonly paymentId: string;
  readonly patronId: string;
  readonly library: string;
  /** The request's own id; the same request again writes nothing. */
  readonly requestId: string;
  readonly wish: z.output<typeof invoiceWish>;
  readonly actor: Actor;
  readonly now: number;
  /** Where the invoice is found later. */
  readonly location: string;
}

/**
 * Takes a request for an invoice (P5, P6): writes down to whom it is made out, in place of what was asked for before, and has it issued – at once, or when the
 * money has come. An organisation's tax number that cannot be right is refused with all reasons, and nothing is kept.
 */
export async function askForInvoice({ orm, policies, commands }: ApiDeps, asked: Asked) {
  const { library, patronId, requestId, actor, location } = asked;
  const { invoices } = policies.get(library).money.documents;
  if (invoices === 'none') throw problem('invoice-not-offered');
  const { party, title, country = invoices.country, taxId: stated } = asked.wish;
  const taxId = stated === undefined ? undefined : tidyTaxId(stated);
  const reasons = addresseeReasons({ party, country, taxId });
  if (reasons.length > 0) throw refusal(reasons);
  await keep(orm, { ...asked, wish: { party, title, country, taxId } });
  const outcome = commands.run('issueInvoice', { requestId, actor }, requestId, { library, patronId });
  return answer(outcome, location, ({ documentId }) => ({
    status: 201 as const,
    body: { state: documentId === null ? ('awaiting-payment' as const) : ('issued' as const), documentId },
  }));
}

async function keep(orm: ApiDeps['orm'], asked: Asked): Promise<void> {
  const { requestId: id, paymentId, patronId, library, actor, now } = asked;
  await inTransaction(orm, async (tx) => {
    if (await tx.findOne(InvoiceRequest, { id })) return;
    const payment: Payment | undefined = await lockPayment(tx, paymentId);
    if (!payment) throw problem('payment-unknown');
    if (await tx.count(MoneyDocument, { paymentId, kind: 'invoice' })) throw problem('invoice-issued');
    const at = new Date(now);
    await tx.nativeUpdate(InvoiceRequest, { paymentId, replacedAt: null }, { replacedAt: at });
    const { party, title, country = '', taxId } = asked.wish;
    tx.create(InvoiceRequest, {
      id,
      library,
      patronId,
      paymentId,
      party,
      title,
      country,
      taxId: taxId ?? null,
      askedBy: actor,
      askedAt: at,
    });
  });
}
