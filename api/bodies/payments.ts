import type { z } from 'zod';
import type { PaymentDetail } from '../../db/queries/payments.ts';
import { showReference } from '../../domain/payment-reference.ts';
import { causeName } from '../../notices/account-names.ts';
import type { paymentDetail } from '../schemas/payments.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';

const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** A payment as its reader and staff see it. */
export function paymentDetailBody(row: PaymentDetail, words: Words): z.input<typeof paymentDetail> {
  const { id, means, way, state, currency, url, booking, cancelling } = row;
  const amount = (minor: number) => moneyOf(words, minor, currency);
  return {
    id,
    means,
    meansName: words.text(`money.payment.${means}`),
    way,
    state,
    stateName: words.text(`money.paymentState.${state}`),
    total: amount(row.amount),
    prepaid: amount(row.prepaid),
    received: amount(row.received),
    lines: row.lines.map((line) => ({
      chargeId: line.chargeId,
      causeName: causeName(words, line.cause),
      amount: amount(line.amount),
    })),
    begunAt: iso(row.begunAt),
    expiresAt: isoOrNull(row.expiresAt),
    endedAt: isoOrNull(row.endedAt),
    reversedAt: isoOrNull(row.reversedAt),
    branch: row.branch === null ? null : words.place(row.branch),
    reference: row.reference === null ? null : showReference(row.reference),
    checkoutUrl: url,
    booking,
    cancelling,
  };
}
