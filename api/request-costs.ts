import type { z } from 'zod';
import { costsOfRequests, type RequestCost } from '../db/queries/request-costs.ts';
import { moneyOf } from './bodies/desk.ts';
import { csv } from './csv.ts';
import { decimalText } from './decimal.ts';
import type { ApiDeps } from './deps.ts';
import { instantsOf, type Period } from './readers-statement.ts';
import type { costsByPerson } from './schemas/request-costs.ts';
import { iso } from './schemas/values.ts';
import type { Words } from './words.ts';

/** The most lines; an account with more asks for a shorter period. */
const mostLines = 20_000;

const sum = (rows: readonly RequestCost[], of: 'charged' | 'open'): number =>
  rows.reduce((total, row) => total + row[of], 0);

function amountsOf(rows: readonly RequestCost[], words: Words) {
  const currency = rows[0]?.currency ?? words.policy.currency;
  return {
    charged: moneyOf(words, sum(rows, 'charged'), currency),
    open: moneyOf(words, sum(rows, 'open'), currency),
  };
}

function grouped(
  rows: readonly RequestCost[],
  by: (row: RequestCost) => readonly unknown[],
): RequestCost[][] {
  return [...Map.groupBy(rows, (row) => JSON.stringify(by(row))).values()];
}

/** What the requests of an account have cost, by whom they were for, so that an institution can settle with its people (I6). */
export function createRequestCosts({ orm }: Pick<ApiDeps, 'orm'>) {
  const rowsOf = (patronId: string, period: Period, { policy }: Words) =>
    costsOfRequests(orm, { patronId, ...instantsOf(period, policy.timeZone), limit: mostLines });

  return {
    list: async (patronId: string, period: Period, words: Words): Promise<z.input<typeof costsByPerson>> => {
      const rows = await rowsOf(patronId, period, words);
      return {
        people: grouped(rows, ({ person, email, currency }) => [person, email, currency]).map((own) => ({
          person: own[0]?.person ?? null,
          email: own[0]?.email ?? null,
          ...amountsOf(own, words),
          requests: own.map((row) => ({
            id: row.id,
            number: row.number,
            title: row.title,
            chargedAt: iso(row.at),
            ...amountsOf([row], words),
          })),
        })),
        totals: grouped(rows, ({ currency }) => [currency]).map((each) => amountsOf(each, words)),
      };
    },

    table: async (patronId: string, period: Period, words: Words) => {
      const rows = await rowsOf(patronId, period, words);
      const columns = ['beneficiary', 'email', 'number', 'title', 'charged-on', 'price', 'open', 'currency'];
      const lines = rows.map(({ person, email, number, title, at, charged, open, currency }) => [
        person ?? '',
        email ?? '',
        number,
        title,
        words.day(at),
        { number: decimalText(charged, currency) },
        { number: decimalText(open, currency) },
        currency,
      ]);
      return {
        status: 200 as const,
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': 'attachment; filename="costs.csv"',
        },
        body: csv([columns.map((column) => words.text(`request.column.${column}`)), ...lines]),
      };
    },
  };
}
