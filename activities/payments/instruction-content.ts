import { type Notice, Payment, Remark } from '../../db/entities/index.ts';
import { present } from '../../db/locks.ts';
import type { Tx } from '../../db/transaction.ts';
import { showReference } from '../../domain/payment-reference.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { payTo, vouchersOf } from '../../domain/transfers.ts';
import type { AwaitedPaymentData, NoticeContent } from '../../notices/content.ts';

const kinds = ['payment-instructions', 'payment-expiring', 'voucher-refused'] as const;

/** What a notice tells of a payment that waits for a transfer (P4, P5), as it stands now; undefined for notices about something else. */
export async function instructionContent(
  tx: Tx,
  policy: LibraryPolicy,
  notice: Notice,
): Promise<NoticeContent | undefined> {
  const kind = kinds.find((each) => each === notice.kind);
  if (kind === undefined) return undefined;
  const payment = present(await tx.findOne(Payment, { id: notice.subjectId }), 'payment');
  const awaited = awaitedOf(payment);
  if (kind === 'payment-expiring') return { kind, data: awaited };
  if (kind === 'voucher-refused') {
    const { remarkId, forGood } = notice.content;
    const remark = await tx.findOne(Remark, { id: String(remarkId) });
    return { kind, data: { ...awaited, remark: remark?.text ?? '', forGood: forGood === true } };
  }
  const to = present(payTo(policy, payment, awaited.reference), `way ${payment.way}`);
  const attached = to.means === 'transfer' && notice.channel === 'mail';
  return { kind, data: { ...awaited, to, vouchers: vouchersOf(policy, payment), attached } };
}

function awaitedOf({ amount, currency, reference, expiresAt }: Payment): AwaitedPaymentData {
  return {
    amount: { amountMinor: Number(amount), currency },
    reference: showReference(reference ?? ''),
    ...(expiresAt && { until: expiresAt.getTime() }),
  };
}
