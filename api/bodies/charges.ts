import type { z } from 'zod';
import type { Balance, ChargeRow, PaymentRow } from '../../db/queries/charges.ts';
import type { account, charge, payment } from '../schemas/charges.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';

const stateOf = ({ remaining, droppedAt }: ChargeRow) =>
  remaining > 0 ? 'open' : droppedAt === null ? 'paid' : 'dropped';

export function chargeBody(row: ChargeRow, words: Words): z.input<typeof charge> {
  const { id, cause, amount, remaining, currency, raisedAt, title, dueOn } = row;
  const state = stateOf(row);
  return {
    id,
    cause,
    causeName: words.text(`money.cause.${cause}`),
    state,
    stateName: words.text(`money.charge.${state}`),
    amount: moneyOf(words, amount, currency),
    open: moneyOf(words, remaining, currency),
    raisedAt: iso(raisedAt),
    title,
    dueOn,
  };
}

export function accountBody(
  rows: readonly ChargeRow[],
  { open, credit, paidUntil }: Balance,
  words: Words,
): z.input<typeof account> {
  const { currency } = words.policy;
  return {
    items: rows.map((row) => chargeBody(row, words)),
    open: moneyOf(words, open, currency),
    credit: moneyOf(words, credit, currency),
    paidUntil,
  };
}

const means = { 'payment-cash': 'cash', 'payment-credit': 'credit' } as const;

export function paymentBody(row: PaymentRow, words: Words): z.input<typeof payment> {
  const { id, kind, at, amount, currency, reverses, reversed, lines } = row;
  const by = means[kind as keyof typeof means] ?? 'reversal';
  return {
    id,
    means: by,
    meansName: words.text(`money.payment.${by}`),
    at: iso(at),
    amount: moneyOf(words, amount, currency),
    lines: lines.map((line) => ({
      chargeId: line.chargeId,
      amount: moneyOf(words, line.amount, currency),
    })),
    reverses,
    reversed,
  };
}
