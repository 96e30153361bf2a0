import { v7 as uuid } from 'uuid';
import type { BankWay, TransferWay } from '../../domain/policy-transfers.ts';
import type { LibraryPolicy } from '../../domain/policy.ts';
import type { StaffRole } from '../../domain/roles.ts';
import { type Answer, type Carrel, until } from './carrel.ts';
import { createCharging } from './payments.ts';

interface Changes {
  readonly transfer?: Partial<TransferWay>;
  readonly bank?: Partial<BankWay>;
  readonly uploads?: Partial<LibraryPolicy['money']['uploads']>;
}

/** A policy whose ways of transfer differ in these. */
export const withTransfers =
  ({ transfer = {}, bank = {}, uploads = {} }: Changes) =>
  (policy: LibraryPolicy): LibraryPolicy => {
    const { money } = policy;
    const ways = {
      ...money.ways,
      transfer: money.ways.transfer.map((way) => ({ ...way, ...transfer })),
      bank: money.ways.bank.map((way) => ({ ...way, ...bank })),
    };
    return { ...policy, money: { ...money, ways, uploads: { ...money.uploads, ...uploads } } };
  };

/** Readers who pay by transfer, and staff who look at their vouchers. */
export function createTransferors(carrel: Carrel) {
  const { orm, build, call, url } = carrel;
  const charge = createCharging(carrel);
  const sql = <T extends object = Record<string, unknown>>(text: string, values: unknown[] = []) =>
    orm.em.fork().execute<T[]>(text, values);

  const send = async (token: string, path: string, bytes: Buffer, type: string): Promise<Answer> => {
    const answered = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: new Uint8Array(bytes),
    });
    const text = await answered.text();
    return { status: answered.status, headers: answered.headers, body: text ? JSON.parse(text) : undefined };
  };

  const reader = async (attributes: Parameters<typeof build.patron>[0] = {}) => {
    const { id } = await build.patron(attributes);
    const token = await build.sign('patron', id);
    const get = (path: string) => call(token, 'GET', path);
    const post = (path: string, body?: unknown, key = uuid()) =>
      call(token, 'POST', path, body, { 'idempotency-key': key });
    return {
      id,
      token,
      get,
      post,
      charge: (amountMinor?: number) => charge(id, amountMinor),
      begin: async (amountMinor: number, way: object): Promise<string> => {
        const chargeIds = [await charge(id, amountMinor)];
        const begun = await post('/v1/me/payments', { chargeIds, totalMinor: amountMinor, ...way });
        if (begun.status !== 201) throw new Error(JSON.stringify(begun.body));
        return begun.body.id;
      },
      upload: (paymentId: string, bytes: Buffer, type = 'image/jpeg') =>
        send(token, `/v1/me/payments/${paymentId}/vouchers`, bytes, type),
      vouchers: async (paymentId: string) => (await get(`/v1/me/payments/${paymentId}/vouchers`)).body,
      seen: async (paymentId: string) => (await get(`/v1/me/payments/${paymentId}`)).body,
    };
  };

  const staff = async (...roles: StaffRole[]) => {
    const { id, token } = await build.staff(...roles);
    const post = (path: string, body?: unknown, key = uuid()) =>
      call(token, 'POST', path, body, { 'idempotency-key': key });
    return {
      id,
      token,
      post,
      get: (path: string) => call(token, 'GET', path),
      decide: (paymentId: string, decision: string, seen: string[], reason?: string, key?: string) =>
        post(
          `/v1/staff/payments/${paymentId}/voucher-decisions`,
          { decision, seen, ...(reason !== undefined && { reason }) },
          key,
        ),
    };
  };

  return {
    sql,
    reader,
    staff,
    postings: (paymentId: string) =>
      sql<{ account: string; amount: number }>(
        `select account, amount::int from posting join journal on journal.id = journal_id where payment_id = ? order by amount desc`,
        [paymentId],
      ),
    mailed: (patronId: string, kind: string) =>
      until(
        () =>
          sql<{ subject: string; body_text: string }>(
            `select subject, body_text from notice where patron_id = ? and kind = ? and state in ('sent', 'shown') order by created_at`,
            [patronId, kind],
          ),
        (found) => found.length > 0,
      ),
  };
}
