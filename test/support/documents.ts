import { v7 as uuid } from 'uuid';
import { raiseCharge } from '../../activities/charges/money.ts';
import { InvoiceRequest } from '../../db/entities/index.ts';
import { lockPatron } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Cause } from '../../domain/causes.ts';
import type { ActivityBench } from './activities.ts';

interface Numbered {
  readonly id: string;
  readonly kind: string;
  readonly year: number;
  readonly number: number;
}

/** Charges, payments and requests for invoices, as tests of receipts need them; times are epoch milliseconds. */
export function createCashDesk(bench: ActivityBench, branch: string) {
  const { orm, policy } = bench;
  const desk = 'staff:1' as const;
  const charge = (patronId: string, cause: Cause, amountMinor: number, now: number): Promise<string> =>
    inTransaction(orm, async (tx) => {
      await lockPatron(tx, patronId);
      const subject = { type: 'request', id: uuid(), library: policy.code, patronId };
      const id = await raiseCharge(tx, policy, subject, {
        cause,
        amountMinor,
        at: new Date(now),
        actor: desk,
      });
      return id ?? '';
    });
  const pay = async (patronId: string, charged: Readonly<Record<string, number>>, now: number) => {
    const paymentId = uuid();
    const lines = Object.entries(charged).map(([chargeId, amountMinor]) => ({ chargeId, amountMinor }));
    const wish = { paymentId, patronId, lines, means: 'cash', branch, actor: desk } as const;
    const taken = await bench.activities.takePayment({ ...wish, operation: uuid(), now });
    if ('refused' in taken) throw new Error(JSON.stringify(taken));
    return taken;
  };
  return {
    charge,
    pay,
    /** Charges and pays at once, by default one fee for document delivery. */
    paid: async (patronId: string, now: number, causes: readonly Cause[] = ['document-delivery']) => {
      const charged: Record<string, number> = {};
      for (const cause of causes) charged[await charge(patronId, cause, 500, now)] = 500;
      return pay(patronId, charged, now);
    },
    request: async (patronId: string, paymentId: string, now: number, given: object = {}) => {
      const em = orm.em.fork();
      const row = em.create(InvoiceRequest, {
        id: uuid(),
        library: policy.code,
        patronId,
        paymentId,
        party: 'person',
        title: '王小明',
        country: 'CN',
        askedBy: `patron:${patronId}`,
        askedAt: new Date(now),
        ...given,
      });
      await em.flush();
      return row.id;
    },
    invoice: (requestId: string, now: number) =>
      bench.activities.issueInvoice({ requestId, actor: desk, operation: uuid(), now }),
    documents: (where: string, ...values: unknown[]) =>
      bench.rows<Numbered>(
        `select id, kind, year, number from money_document where ${where} order by year, number`,
        values,
      ),
  };
}
