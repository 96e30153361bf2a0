import type { z } from 'zod';
import type { PaymentDetail } from '../../db/queries/payments.ts';
import type { Payer, VoucherRow } from '../../db/queries/vouchers.ts';
import { showReference } from '../../domain/payment-reference.ts';
import type { BankWay, TransferWay } from '../../domain/policy-transfers.ts';
import { bankWayOf, girocode, payTo, vouchersOf } from '../../domain/transfers.ts';
import type { wayToPay } from '../schemas/payments.ts';
import type { instructions, readersVouchers, staffVouchers } from '../schemas/vouchers.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';
import { actorOf } from './story.ts';

const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

function voucherBody(row: VoucherRow) {
  const { id, givenAs, state, mediaType, pages } = row;
  return {
    id,
    givenAs,
    state,
    mediaType,
    pages,
    givenAt: iso(row.givenAt),
    decidedAt: isoOrNull(row.decidedAt),
    reason: row.remark,
    bytes: row.size,
  };
}

export function readersVouchersBody(
  { id, state }: PaymentDetail,
  rows: readonly VoucherRow[],
): z.input<typeof readersVouchers> {
  return { paymentId: id, state, items: rows.map(voucherBody) };
}

export function staffVouchersBody(
  payment: PaymentDetail,
  rows: readonly VoucherRow[],
  words: Words,
): z.input<typeof staffVouchers> {
  const { id, state, amount, currency, reference } = payment;
  return {
    paymentId: id,
    state,
    total: moneyOf(words, amount, currency),
    reference: reference === null ? null : showReference(reference),
    items: rows.map((row) => ({
      ...voucherBody(row),
      decidedBy: row.decidedBy === null ? null : actorOf(words, row.decidedBy, row.deciderName),
      alsoFor: row.alsoFor.map(showReference),
    })),
  };
}

const noPayer: Payer = { name: null, unit: null, departmentCode: null, projectCode: null };

/** Where the money goes; undefined for a payment by other means, or by a way that is not offered any more. */
export function instructionsBody(
  payment: PaymentDetail,
  payer: Payer | undefined,
  words: Words,
): z.input<typeof instructions> | undefined {
  const { id, means, amount, currency, reference, expiresAt } = payment;
  const shown = showReference(reference ?? '');
  const to = payTo(words.policy, payment, shown);
  if (!to || (means !== 'bank' && means !== 'transfer')) return undefined;
  const about = {
    means,
    total: moneyOf(words, amount, currency),
    reference: shown,
    expiresAt: isoOrNull(expiresAt),
    vouchers: vouchersOf(words.policy, payment),
    payer: payer ?? noPayer,
  };
  if (to.means === 'transfer') {
    const { means: _means, ...form } = to;
    return { ...about, bank: null, transfer: { ...form, form: `/v1/me/payments/${id}/transfer-form.pdf` } };
  }
  const { holder, bank = null, branch = null, account, bic = null, text: purpose } = to;
  const qr = qrOf(payment, words, purpose);
  return { ...about, transfer: null, bank: { holder, bank, branch, account, bic, purpose, qr } };
}

function qrOf(payment: PaymentDetail, { policy }: Words, text: string): string | null {
  const way = bankWayOf(policy, payment);
  if (way?.iban === undefined || payment.currency !== 'EUR') return null;
  const { holder, iban, bic } = way;
  return girocode({ holder, iban, bic, text, amountMinor: payment.amount }) ?? null;
}

/** The ways to pay by transfer that a reader of this group is offered. */
export function transferWaysToPay(words: Words, userGroup: string): z.input<typeof wayToPay>[] {
  const { transfer, bank } = words.policy.money.ways;
  const shown = (means: 'transfer' | 'bank', way: TransferWay | BankWay) => ({
    means,
    way: way.code,
    name: way.name[words.language] ?? way.code,
    minimum: moneyOf(words, way.minimumMinor),
    maximum: moneyOf(words, way.maximumMinor),
  });
  const isOffered = ({ userGroups }: TransferWay | BankWay) => userGroups?.includes(userGroup) ?? true;
  return [
    ...bank.filter(isOffered).map((way) => shown('bank', way)),
    ...transfer.filter(isOffered).map((way) => shown('transfer', way)),
  ];
}
