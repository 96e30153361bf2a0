import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { LoanAccount, LoanRow, RenewableRow } from '../../db/queries/loans.ts';
import { renewalJudge } from '../../domain/renewals.ts';
import type { endedLoan, loan } from '../schemas/loans.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { isoOrNull, titleOf } from './hold.ts';

const instantOf = (epochMs: number) => Temporal.Instant.fromEpochMilliseconds(epochMs);

/** A due date as an instant and as the day it falls on at the library. */
export function dueOf(words: Words, dueAt: number): { dueAt: string; dueOn: string } {
  return { dueAt: iso(dueAt), dueOn: words.day(dueAt) };
}

function common(row: LoanRow, words: Words, state: 'on-loan' | 'overdue' | 'returned' | 'lost') {
  const { itemId, barcode, shelfMark, issue, issuedOn } = row;
  return {
    id: row.id,
    state,
    stateText: words.text(`state.loan.${state}`),
    title: titleOf(row),
    item: { id: itemId, barcode, shelfMark, issue, issuedOn },
    branch: words.place(row.branch),
    checkedOutAt: iso(row.checkedOutAt),
    ...dueOf(words, row.dueAt),
    renewals: row.renewals,
    renewedAt: isoOrNull(row.renewedAt),
    endedAt: isoOrNull(row.endedAt),
  };
}

/** A loan that is over, as the reader's history shows it. */
export function endedLoanBody(row: LoanRow, words: Words): z.input<typeof endedLoan> {
  return common(row, words, row.endReason ?? 'returned');
}

/** A reader's loans, each with every reason why it cannot be renewed now – the rule, and the facts, by which a renewal is decided (L2). */
export function loanBodies(
  { patron, closures, loans }: LoanAccount,
  words: Words,
  nowMs: number,
): z.input<typeof loan>[] {
  const { policy } = words;
  const now = instantOf(nowMs);
  const judge = renewalJudge({ policy, closures, patron, channel: 'web', now });
  const reasonsOf = ({ dueAt, endedAt, ...loan }: RenewableRow) =>
    judge({ ...loan, dueAt: instantOf(dueAt), ended: endedAt !== null });
  return loans.map((row) => {
    const overdue = row.endedAt === null && row.dueAt < nowMs;
    const reasons = reasonsOf(row);
    return {
      ...common(row, words, row.endReason ?? (overdue ? 'overdue' : 'on-loan')),
      overdue,
      renewable: reasons.length === 0,
      reasons: words.reasons(reasons),
    };
  });
}
