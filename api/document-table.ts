import type { MikroORM } from '@mikro-orm/postgresql';
import { Temporal } from 'temporal-polyfill';
import { type DocumentPage, type DocumentRow, documentsOfYear } from '../db/queries/documents.ts';
import { civilDay } from '../domain/calendar.ts';
import { documentNumber } from '../domain/documents.ts';
import { signedAmount } from './bodies/documents.ts';
import { type Cell, csv } from './csv.ts';
import { decimalText } from './decimal.ts';
import type { Words } from './words.ts';

const columns = ['number', 'kind', 'issued', 'amount', 'currency', 'means', 'payment', 'cancels'] as const;
const pageSize = 1_000;

/** A library's documents of a year as CSV, the head in the caller's language; amounts are in the currency's main unit, below zero for what is taken back or handed out. */
export async function documentTable(
  orm: MikroORM,
  asked: Pick<DocumentPage, 'library' | 'year' | 'kind'>,
  words: Words,
): Promise<string> {
  const rows: DocumentRow[] = [];
  let after: DocumentPage['after'];
  for (;;) {
    const found = await documentsOfYear(orm, { ...asked, limit: pageSize, after });
    const page = found.slice(0, pageSize);
    rows.push(...page);
    const last = page.at(-1);
    if (found.length <= pageSize || !last) break;
    after = { at: new Date(last.issuedAt), id: last.id };
  }
  const head = columns.map((column) => words.text(`document.columns.${column}`));
  return csv([head, ...rows.map((row) => cells(row, words))]);
}

function cells(row: DocumentRow, words: Words): Cell[] {
  const { kind, issuedAt, currency, content, paymentId } = row;
  const day = civilDay(words.policy, Temporal.Instant.fromEpochMilliseconds(issuedAt)).toString();
  return [
    documentNumber(row),
    words.text(`document.${kind}`),
    day,
    { number: decimalText(signedAmount(row), currency) },
    currency,
    words.text(`money.payment.${content.means}`),
    paymentId ?? '',
    content.cancels ?? '',
  ];
}
