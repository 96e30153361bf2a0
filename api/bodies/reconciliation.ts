import type { z } from 'zod';
import type { DifferenceRow, ReportRow } from '../../db/queries/reconciliations.ts';
import { type DifferenceKind, stateOf } from '../../domain/differences.ts';
import type { difference, reconciliation, report } from '../schemas/reconciliations.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { accountName } from '../../notices/account-names.ts';
import { moneyOf } from './desk.ts';
import { actorOf } from './story.ts';

export function reconciliationBody(row: ReportRow): z.input<typeof reconciliation> {
  const { id, day, open, waiting, solved, firstRunAt, runAt } = row;
  return {
    id,
    day,
    state: stateOf(open, waiting),
    open,
    solved,
    firstRunAt: iso(firstRunAt),
    runAt: iso(runAt),
  };
}

/** The lists and rows at which a difference is solved, by what it is about. */
const links: Readonly<Record<string, (row: DifferenceRow) => string>> = {
  payment: ({ subjectId }) => `/v1/staff/payments/${subjectId}`,
  'gateway-money': ({ id }) => `/v1/staff/differences/${id}`,
  'bank-entry': ({ subjectId }) => `/v1/staff/bank-entries/${subjectId}`,
  statement: () => '/v1/staff/bank-statements',
  drawer: ({ subjectId }) => `/v1/staff/drawers/${subjectId}`,
  branch: () => '/v1/staff/terminal-totals',
};

/** Amounts are exact up to 2^53 minor units. */
export function differenceBody(row: DifferenceRow, words: Words): z.input<typeof difference> {
  const amount = (minor: string) => moneyOf(words, Number(minor), row.currency);
  const { id, kind, account, subjectType, subjectId, role, acknowledgedAt, acknowledgedBy } = row;
  return {
    id,
    kind: kind as DifferenceKind,
    text: words.text(`difference.${kind}`),
    account,
    accountName: account === null ? null : accountName(words, account),
    expected: row.expected === null ? null : amount(row.expected),
    found: row.found === null ? null : amount(row.found),
    amount: amount(row.amount),
    since: iso(row.since),
    role,
    about: { type: subjectType, id: subjectId, link: links[subjectType]?.(row) ?? null },
    detail: { ...row.detail },
    solvedAt: row.solvedAt === null ? null : iso(row.solvedAt),
    acknowledged:
      acknowledgedAt === null || acknowledgedBy === null
        ? null
        : {
            at: iso(acknowledgedAt),
            by: actorOf(words, acknowledgedBy, row.acknowledgerName),
            remark: row.remark,
          },
  };
}

export function reportBody(
  row: ReportRow,
  lines: readonly DifferenceRow[],
  words: Words,
): z.input<typeof report> {
  const amount = (minor: string | null, currency: string) =>
    minor === null ? null : moneyOf(words, Number(minor), currency);
  return {
    ...reconciliationBody(row),
    accounts: row.accounts.map(({ account, currency, ledger, other, waiting }) => ({
      account,
      name: accountName(words, account),
      ledger: moneyOf(words, Number(ledger), currency),
      other: amount(other, currency),
      waiting: amount(waiting, currency),
    })),
    differences: lines.map((line) => differenceBody(line, words)),
  };
}
