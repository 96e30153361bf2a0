import { v7 as uuid } from 'uuid';
import { raiseCharge } from '../../activities/charges/money.ts';
import type { GatewayKeys } from '../../config/values.ts';
import { lockPatron } from '../../db/locks.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type GatewayDouble, openGatewayDouble } from '../../dev/gateway-double/server.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import { type Answer, type Backend, type Carrel, startCarrel, until } from './carrel.ts';

const key = 'the-key-of-the-double';
/** With which the double signs its notifications. */
export const doubleSecret = 'what the double signs with';

export type Row = Record<string, unknown>;

/** The demo library with the gateway double; what the double sends back comes to this API. */
export async function startWithDouble(change: (policy: LibraryPolicy) => LibraryPolicy = (policy) => policy) {
  const double = await openGatewayDouble({ key, secret: doubleSecret, retries: [200, 500] });
  const keys = { key, webhookSecret: doubleSecret, url: double.url };
  const gatewayKeys: ReadonlyMap<string, GatewayKeys> = new Map([['demo/online', keys]]);
  const carrel = await startCarrel({ gatewayKeys, change });
  return { carrel, double, ...createPayers(carrel, double) };
}

/** Raises a charge of a reader; answers its id. Minor units. */
export function createCharging({ orm, policy }: Pick<Backend, 'orm' | 'policy'>, at = new Date()) {
  return (patronId: string, amountMinor = 250): Promise<string> =>
    inTransaction(orm, async (tx) => {
      await lockPatron(tx, patronId);
      const subject = { type: 'patron', id: uuid(), library: policy.code, patronId };
      const request = { cause: 'other', amountMinor, at, actor: 'system' } as const;
      return String(await raiseCharge(tx, policy, subject, request));
    });
}

export function createPayers(carrel: Carrel, double: GatewayDouble) {
  const { orm, build, call } = carrel;
  const charge = createCharging(carrel);
  const sql = <T extends object = Row>(text: string, values: unknown[] = []) =>
    orm.em.fork().execute<T[]>(text, values);

  const payer = async () => {
    const { id } = await build.patron();
    const token = await build.sign('patron', id);
    const post = (path: string, body?: unknown, idempotencyKey = uuid()) =>
      call(token, 'POST', path, body, { 'idempotency-key': idempotencyKey });
    return {
      id,
      token,
      post,
      get: (path: string) => call(token, 'GET', path),
      charge: (amountMinor?: number) => charge(id, amountMinor),
      begin: (chargeIds: readonly string[], totalMinor: number, more: object = {}, idempotencyKey?: string) =>
        post(
          '/v1/me/payments',
          { chargeIds, totalMinor, means: 'online', way: 'online', ...more },
          idempotencyKey,
        ),
      cancel: (paymentId: string) => post(`/v1/me/payments/${paymentId}/cancellation`),
      seen: async (paymentId: string): Promise<Answer['body']> =>
        (await call(token, 'GET', `/v1/me/payments/${paymentId}`)).body,
      credit: async () => (await call(token, 'GET', '/v1/me/charges')).body.credit.amountMinor,
    };
  };

  const checkoutOf = (paymentId: string) => {
    const checkout = double.books.ofPayment(paymentId);
    if (!checkout) throw new Error(`The double has no checkout of ${paymentId}.`);
    // The double knows this API's address only now.
    Object.assign(checkout, {
      notifyUrl: checkout.notifyUrl.replace('http://localhost/', `${carrel.url}/`),
    });
    return checkout;
  };

  return {
    sql,
    payer,
    checkoutOf,
    /** Pays at the double, the whole amount unless another is given. */
    pay: (paymentId: string, amountMinor?: number) => {
      const checkout = checkoutOf(paymentId);
      return double.pay(checkout, amountMinor ?? checkout.amountMinor);
    },
    stateOf: async (paymentId: string) =>
      (await sql<{ state: string }>('select state from payment where id = ?', [paymentId]))[0]?.state,
    become: (paymentId: string, state: string) =>
      until(
        async () =>
          (await sql<{ state: string }>('select state from payment where id = ?', [paymentId]))[0]?.state,
        (seen) => seen === state,
      ),
    /** Bookings of money for a payment. */
    bookings: (paymentId: string) =>
      sql<{ kind: string; amount: number }>(
        `select kind, (select sum(amount)::int from posting where journal_id = journal.id and amount > 0) as amount
         from journal where payment_id = ? order by at, id`,
        [paymentId],
      ),
    ended: (paymentId: string) => carrel.client.workflow.getHandle(`payment:${paymentId}`).result(),
  };
}
