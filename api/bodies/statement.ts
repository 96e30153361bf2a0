import type { z } from 'zod';
import type { StatementRow } from '../../db/queries/statement.ts';
import { paymentMeans } from '../../domain/payments.ts';
import type { statementLine } from '../schemas/statement.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { causeName } from '../../notices/account-names.ts';
import { moneyOf } from './desk.ts';

/** What a part of a line was for: the fee, and the title where there is one. */
function partText(words: Words, { cause, title }: StatementRow['parts'][number]): string {
  const name = causeName(words, cause);
  return title === null ? name : `${name}: ${title}`;
}

function paymentText(words: Words, kind: string): string {
  const means = paymentMeans.find((each) => kind === `payment-${each}`);
  if (means === 'credit') return words.text('money.entry.used');
  if (means === undefined) return words.text('money.entry.payment-plain');
  return words.say('money.entry.payment', { means: words.text(`money.payment.${means}`) });
}

/** What a booking on a reader's account was, in words (P1); one of a kind this version does not know is a booking. */
export function entryText(words: Words, { kind, parts }: Pick<StatementRow, 'kind' | 'parts'>): string {
  const what = parts.map((part) => partText(words, part)).join(', ');
  const say = (key: string) => words.say(`money.entry.${key}`, { what });
  if (kind.startsWith('charge-')) return say('charge');
  if (kind.startsWith('waiver-')) return say('waiver');
  if (kind.startsWith('drop-')) return say('dropped');
  if (kind === 'reversal-waiver') return say('waiver-taken-back');
  if (kind === 'reversal-payment') return say('payment-taken-back');
  if (kind === 'payout-cash') return say('payout');
  if (kind === 'returned-credit') return say('payment-taken-back');
  if (kind.startsWith('refund-') || kind === 'bank-return') return say('refund');
  return kind.startsWith('payment-') || kind === 'bank-entry' ? paymentText(words, kind) : say('other');
}

export function statementBody(row: StatementRow, words: Words): z.input<typeof statementLine> {
  const { id, at, kind, currency, amount, parts } = row;
  const money = (minor: number) => moneyOf(words, minor, currency);
  return {
    id,
    at: iso(at),
    kind,
    text: entryText(words, row),
    income: amount > 0 ? money(amount) : null,
    expense: amount < 0 ? money(-amount) : null,
    balance: money(row.balance),
    owed: money(row.owed),
    credit: money(row.credit),
    for: parts.map((part) => ({
      chargeId: part.chargeId,
      cause: part.cause,
      text: partText(words, part),
      amount: money(part.amount),
    })),
  };
}
