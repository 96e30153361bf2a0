import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { type Answer, type Carrel, until } from './carrel.ts';

const settlements = '/v1/staff/library-settlements';
const nettings = '/v1/staff/library-nettings';

/** As if all that stands in no settlement yet had been shipped at noon of that day, `YYYY-MM-DD`: the books are append-only, and tests cannot wait for a month to be over. */
export async function shippedOn(orm: MikroORM, day: string): Promise<void> {
  await orm.em.fork().transactional(async (tx) => {
    await tx.execute('set local session_replication_role = replica');
    await tx.execute(
      `update ill_transaction one set at = ?::date + time '12:00'
       where not exists (select from ill_settlement_line where transaction_id = one.id)`,
      [day],
    );
  });
}

/** The cashier of a library, who settles with other libraries over HTTP. */
export async function cashierOf({ call, url }: Carrel, build: Carrel['build']) {
  const { token } = await build.staff('cashier');
  const get = async (path: string) => (await call(token, 'GET', path)).body;
  const post = (path: string, body: object = {}): Promise<Answer> => {
    const headers = { 'idempotency-key': uuid() };
    return until(
      () => call(token, 'POST', path, body, headers),
      ({ status }) => ![202, 503].includes(status),
    );
  };
  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    });

  return {
    get,
    post,
    /** Those that were drawn up, until a day or for the latest period that is over. */
    draw: async (day?: string) => (await post(settlements, { ...(day && { until: day }) })).body.items,
    settlement: (id: string) => get(`${settlements}/${id}`),
    act: (id: string, what: string, body: object = {}) => post(`${settlements}/${id}/${what}`, body),
    csv: async (id: string) => (await raw(`${settlements}/${id}/statement.csv`)).text(),
    handIn: async (id: string, csv: string) =>
      (await raw(`${settlements}/${id}/their-statement.csv`, { method: 'PUT', body: csv })).status,
    /** What a peer owes us, in minor units; below zero we owe it. */
    balance: async (peer: string): Promise<number> => {
      const { items } = await get('/v1/staff/peer-balances');
      return items.find((each: { peer: string }) => each.peer === peer)?.balance.amountMinor ?? 0;
    },
    net: () => post(nettings),
    nettings: async () => (await get(nettings)).items,
    payNetting: (id: string) => post(`${nettings}/${id}/payments`),
  };
}

export type Cashier = Awaited<ReturnType<typeof cashierOf>>;
