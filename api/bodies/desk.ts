import type { z } from 'zod';
import type { DeskHold, DeskItem, DeskLoan, ReaderColumns } from '../../db/queries/desk.ts';
import { conditionsInWords } from '../../domain/ill-conditions.ts';
import { mayCancel, mayChange } from '../../domain/hold-states.ts';
import { formatMoney } from '../../notices/formats.ts';
import type { deskHold, deskItem, deskLoan, money, readerRef } from '../schemas/desk.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { holdInWords, isoOrNull, possibility, titleOf } from './hold.ts';

export function readerOf({ patronId, card, name }: ReaderColumns): z.input<typeof readerRef> {
  return { id: patronId, card, name };
}

/** An amount in minor units as it is shown, in the library's currency unless another is given. */
export function moneyOf(
  words: Words,
  amountMinor: number,
  currency: string = words.policy.currency,
): z.input<typeof money> {
  return { amountMinor, currency, text: formatMoney(words.language, { amountMinor, currency }) };
}

/** An instant as staff read it: the day and the time. */
export function whenText(words: Words, epochMs: number): string {
  return words.say('staff.when', { at: epochMs });
}

export function deskHoldBody(row: DeskHold, words: Words): z.input<typeof deskHold> {
  return {
    ...holdInWords(row, words),
    reader: readerOf(row),
    itemAt: row.atBranch === null ? null : words.place(row.atBranch),
    channel: row.channel,
    may: {
      change: possibility(words, mayChange(row, 'staff', { place: true })),
      cancel: possibility(words, mayCancel(row, 'staff')),
    },
  };
}

function loanState({ endedAt, endReason, dueAt }: DeskLoan, now: number) {
  if (endedAt !== null) return endReason ?? 'returned';
  return dueAt < now ? 'overdue' : 'on-loan';
}

/** @param now epoch milliseconds; decides whether the loan is overdue */
export function deskLoanBody(row: DeskLoan, words: Words, now: number): z.input<typeof deskLoan> {
  const state = loanState(row, now);
  return {
    id: row.id,
    state,
    stateText: words.text(`state.loan.${state}`),
    reader: readerOf(row),
    title: titleOf(row),
    item: copyOf(row),
    branch: words.place(row.branch),
    checkedOutAt: iso(row.checkedOutAt),
    dueAt: iso(row.dueAt),
    dueText: whenText(words, row.dueAt),
    renewals: row.renewals,
    endedAt: isoOrNull(row.endedAt),
    holdId: row.holdId,
    fee: row.feeMinor === null || row.currency === null ? null : moneyOf(words, row.feeMinor, row.currency),
    conditions: conditionsOf(words, row),
  };
}

/** A supplier's conditions for whoever hands the thing out; a code of its own is shown as it is. */
export function conditionsOf(words: Words, { conditions }: Pick<DeskItem, 'conditions'>) {
  const known = conditionsInWords;
  return conditions.map((code) => ({
    code,
    text: known.has(code) ? words.text(`delivery.condition.${code}`) : code,
  }));
}

type CopyColumns = Pick<DeskItem, 'itemId' | 'barcode' | 'shelfMark' | 'issue' | 'issuedOn'>;

export function copyOf({ itemId, barcode, shelfMark, issue, issuedOn }: CopyColumns) {
  return { id: itemId, barcode, shelfMark, issue, issuedOn };
}

interface Whose {
  readonly loan: DeskLoan | undefined;
  readonly hold: DeskHold | undefined;
}

export function deskItemBody(
  row: DeskItem,
  { loan, hold }: Whose,
  words: Words,
  now: number,
): z.input<typeof deskItem> {
  return {
    ...copyOf(row),
    title: titleOf(row),
    forLoan: row.forLoan,
    state: row.state,
    stateText: words.text(`state.item.${row.state}`),
    since: iso(row.stateSince),
    branch: words.place(row.branch),
    at: words.place(row.atBranch),
    transitTo: row.transitTo === null ? null : words.place(row.transitTo),
    conditions: conditionsOf(words, row),
    loan: loan ? deskLoanBody(loan, words, now) : null,
    hold: hold ? deskHoldBody(hold, words) : null,
  };
}
