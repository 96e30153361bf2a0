import { balanceOf, openCharges, settledCharges } from '../db/queries/charges.ts';
import { paymentsOf } from '../db/queries/payment-lists.ts';
import { accountBody, chargeBody } from './bodies/charges.ts';
import { paymentDetailBody } from './bodies/payments.ts';
import type { ApiDeps } from './deps.ts';
import { readCursor } from './pages.ts';
import { pageFrom } from './routes/staff/paging.ts';
import type { Words } from './words.ts';

interface PageOf {
  readonly patronId: string;
  readonly path: string;
  readonly query: { readonly limit: number; readonly cursor?: string | undefined };
}

/** A reader's charges and payments, as the reader and the cashier see them alike. */
export function createReadersCharges({ orm }: Pick<ApiDeps, 'orm'>) {
  const asked = ({ patronId, query: { limit, cursor } }: PageOf) => ({
    patronId,
    limit,
    before: readCursor(cursor),
  });
  return {
    account: async (patronId: string, words: Words) => {
      const [rows, balance] = await Promise.all([openCharges(orm, patronId), balanceOf(orm, patronId)]);
      return { status: 200 as const, body: accountBody(rows, balance, words) };
    },
    settled: async (page: PageOf, words: Words) =>
      pageFrom(
        page,
        await settledCharges(orm, asked(page)),
        ({ raisedAt, id }) => ({ at: raisedAt, id }),
        (row) => chargeBody(row, words),
      ),
    payments: async (page: PageOf, words: Words) =>
      pageFrom(
        page,
        await paymentsOf(orm, asked(page)),
        ({ begunAt, id }) => ({ at: begunAt, id }),
        (row) => paymentDetailBody(row, words),
      ),
  };
}
