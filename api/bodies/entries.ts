import type { z } from 'zod';
import type { DecisionRow, NamedPart } from '../../db/queries/entries.ts';
import type { EntryRow } from '../../db/queries/statements.ts';
import type { Actor } from '../../domain/roles.ts';
import { showReference } from '../../domain/payment-reference.ts';
import type { entryFile } from '../schemas/entries.ts';
import { iso } from '../schemas/values.ts';
import type { Words } from '../words.ts';
import { moneyOf } from './desk.ts';
import { actorOf } from './story.ts';

/** What was carried between till and bank, and by how much the bank has counted otherwise. */
function cashBody(
  { branch, days, carriedIds, carriedMinor, amountMinor }: Extract<NamedPart, { to: 'cash' }>,
  words: Words,
  currency: string,
) {
  return {
    branch: words.place(branch),
    days: [...days],
    carried: moneyOf(words, carriedMinor, currency),
    difference: moneyOf(words, amountMinor - carriedMinor, currency),
    ids: [...carriedIds],
  };
}

function partBody(part: NamedPart, words: Words, currency: string) {
  const { to, amountMinor, reader, reference } = part;
  return {
    to,
    amount: moneyOf(words, amountMinor, currency),
    reader,
    paymentId: part.to === 'payment' ? part.paymentId : null,
    reference: reference === null ? null : showReference(reference),
    account: part.to === 'account' ? part.account : null,
    cash: part.to === 'cash' ? cashBody(part, words, currency) : null,
  };
}

/** An entry with what became of it, and what it may be. */
export function entryFileBody(entry: EntryRow, row: DecisionRow, words: Words): z.input<typeof entryFile> {
  const { currency } = entry;
  const { outcome, decidedAt, decidedBy, deciderName } = row;
  return {
    entry,
    open: moneyOf(words, Number(row.open), currency),
    outcome,
    outcomeText: outcome === null ? null : words.text(`bankEntry.outcome.${outcome}`),
    decidedAt: decidedAt === null ? null : iso(decidedAt),
    decidedBy: decidedBy === null ? null : (actorOf(words, decidedBy as Actor, deciderName).name ?? null),
    suggestions: row.suggestions.map(({ id, score, reasons, parts }) => ({
      id,
      score,
      reasons: reasons.map((code) => ({ code, text: words.text(`bankEntry.why.${code}`) })),
      parts: parts.map((part) => partBody(part, words, currency)),
    })),
    bookings: row.bookings.map(({ at, lines, ...booking }) => ({
      ...booking,
      at: iso(at),
      lines: lines.map(({ account, amount }) => ({
        account,
        amount: moneyOf(words, Number(amount), currency),
      })),
    })),
  };
}
