import { Temporal } from 'temporal-polyfill';
import { type StatementRow, statementOf } from '../db/queries/statement.ts';
import { entryText, statementBody } from './bodies/statement.ts';
import { csv } from './csv.ts';
import type { ApiDeps } from './deps.ts';
import { decimalText } from './decimal.ts';
import { readCursor } from './pages.ts';
import { pageFrom } from './routes/staff/paging.ts';
import { wallTime } from './wall-time.ts';
import type { Words } from './words.ts';

/** Days of a period, `YYYY-MM-DD`, both included. */
export interface Period {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A period's first instant and the first after it, in the library's zone. */
export function instantsOf({ from, to }: Period, timeZone: string): { from?: Date; to?: Date } {
  const startOf = (day: Temporal.PlainDate) => new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
  return {
    ...(from !== undefined && { from: startOf(Temporal.PlainDate.from(from)) }),
    ...(to !== undefined && { to: startOf(Temporal.PlainDate.from(to).add({ days: 1 })) }),
  };
}

/** The most lines a table has; a reader with more asks for a shorter period. */
const mostLines = 20_000;

interface Asked {
  readonly patronId: string;
  readonly path: string;
  readonly query: Period & { readonly limit: number; readonly cursor?: string | undefined };
}

/** A reader's statement, as the reader and the cashier see it alike (P1). */
export function createReadersStatement({ orm }: Pick<ApiDeps, 'orm'>) {
  return {
    page: async ({ patronId, path, query }: Asked, words: Words) => {
      const { limit, cursor } = query;
      const between = instantsOf(query, words.policy.timeZone);
      const rows = await statementOf(orm, { patronId, ...between, before: readCursor(cursor), limit });
      return pageFrom(
        { path, query: { ...query } },
        rows,
        ({ at, id }) => ({ at, id }),
        (row) => statementBody(row, words),
      );
    },
    table: async (patronId: string, period: Period, words: Words) => {
      const between = instantsOf(period, words.policy.timeZone);
      const rows = await statementOf(orm, { patronId, ...between, limit: mostLines });
      return {
        status: 200 as const,
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': 'attachment; filename="statement.csv"',
        },
        body: tableOf(rows, words),
      };
    },
  };
}

function tableOf(rows: readonly StatementRow[], words: Words): string {
  const columns = ['at', 'text', 'income', 'expense', 'balance', 'currency'] as const;
  const lines = rows.slice(0, mostLines).map((row) => {
    const { at, amount, balance, currency } = row;
    const decimal = (minor: number) => decimalText(minor, currency);
    return [
      wallTime(words, at),
      entryText(words, row),
      amount > 0 ? { number: decimal(amount) } : '',
      amount < 0 ? { number: decimal(-amount) } : '',
      { number: decimal(balance) },
      currency,
    ];
  });
  return csv([columns.map((column) => words.text(`money.export.${column}`)), ...lines]);
}
