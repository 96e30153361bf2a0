import type { z } from 'zod';
import type { Balance, ChargeRow } from '../../db/queries/charges.ts';
import { payableOnline } from '../../domain/charges.ts';
import { causeName } from '../../notices/account-names.ts';
import type { account, charge } from '../schemas/charges.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';

function stateOf({ amount, remaining, droppedAt, disputedAt, waived }: ChargeRow) {
  if (remaining > 0) return disputedAt === null ? 'open' : 'disputed';
  if (droppedAt !== null) return 'dropped';
  return waived === amount ? 'waived' : 'paid';
}

export function chargeBody(row: ChargeRow, words: Words): z.input<typeof charge> {
  const { id, cause, amount, remaining, waived, currency, raisedAt, title, note, dueOn, inPayment } = row;
  const state = stateOf(row);
  return {
    id,
    cause,
    causeName: causeName(words, cause),
    state,
    stateName: words.text(`money.charge.${state}`),
    amount: moneyOf(words, amount, currency),
    open: moneyOf(words, remaining, currency),
    waived: moneyOf(words, waived, currency),
    payableOnline: payableOnline(words.policy, cause),
    note,
    raisedAt: iso(raisedAt),
    title,
    request: requestOf(row),
    inPayment,
    dueOn,
  };
}

const requestOf = ({ requestId, requestNumber }: ChargeRow) =>
  requestId === null || requestNumber === null ? null : { id: requestId, number: requestNumber };

export function accountBody(
  rows: readonly ChargeRow[],
  { open, disputed, credit, overdraftLimit, deposit, paidUntil }: Balance,
  words: Words,
): z.input<typeof account> {
  const { currency } = words.policy;
  return {
    items: rows.filter(({ disputedAt }) => disputedAt === null).map((row) => chargeBody(row, words)),
    open: moneyOf(words, open, currency),
    disputed: rows.filter(({ disputedAt }) => disputedAt !== null).map((row) => chargeBody(row, words)),
    disputedTotal: moneyOf(words, disputed, currency),
    credit: moneyOf(words, credit, currency),
    overdraft: overdraftLimit === null ? null : moneyOf(words, overdraftLimit, currency),
    deposit: moneyOf(words, deposit, currency),
    paidUntil,
  };
}
