import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';

let carrel: Carrel;
let cashier: string;
const zone = 'Europe/Berlin';
const today = () => Temporal.Now.plainDateISO(zone);
const yesterday = () => today().subtract({ days: 1 }).toString();

beforeAll(async () => {
  carrel = await startCarrel({ library: 'bibliotheca' });
  cashier = (await carrel.build.staff('cashier')).token;
}, 60_000);
afterAll(() => carrel.stop());

const rows = <T extends object>(sql: string, values: unknown[]) =>
  carrel.orm.em.fork().execute<T[]>(sql, values);
const keyed = () => ({ 'idempotency-key': uuid() });
const post = (token: string, path: string, body?: unknown, headers = keyed()) =>
  carrel.call(token, 'POST', path, body, headers);
const get = (token: string, path: string) => carrel.call(token, 'GET', path);

async function lapsedFamily() {
  const main = await carrel.build.patron({ userGroup: 'main-card', paidUntil: yesterday() });
  const sub = await carrel.build.patron({ userGroup: 'sub-card', paidUntil: yesterday() });
  const desk = (await carrel.build.staff('desk')).token;
  const linked = await post(desk, `/v1/staff/patrons/${sub.id}/main-card`, { card: main.card });
  expect(linked.status).toBe(200);
  const tokens = {
    main: await carrel.build.sign('patron', main.id),
    sub: await carrel.build.sign('patron', sub.id),
  };
  return { main, sub, tokens };
}

/** A title that is out on loan, so that it can be held. */
async function held(token: string) {
  const title = await carrel.build.title();
  await carrel.build.item(title.id, { branch: 'zentrale', state: 'on-loan' });
  return post(token, '/v1/holds', { titleId: title.id, pickupPlace: 'zentrale', contact: 'none' });
}

/** A loan that is due tomorrow, so that a renewal moves its due date. */
async function lent(patronId: string) {
  const title = await carrel.build.title();
  const { id: itemId } = await carrel.build.item(title.id, { branch: 'zentrale' });
  const loanId = uuid();
  const wish = {
    library: 'bibliotheca',
    loanId,
    patronId,
    itemId,
    branch: 'zentrale',
    actor: 'staff:1',
  } as const;
  await carrel.commands.checkOut(wish, Date.now() + 4_000);
  await rows(`update loan set due_at = now() + interval '1 day' where id = ?`, [loanId]);
  return loanId;
}

const renew = (token: string, loanId: string) => post(token, `/v1/loans/${loanId}/renewals`);

const sweep = () =>
  carrel.client.workflow.execute('sweep', {
    workflowId: `sweep-${uuid()}`,
    taskQueue: carrel.taskQueue,
    args: [],
  });

async function raisedFor(patronId: string) {
  const raised = await post(cashier, `/v1/staff/patrons/${patronId}/membership-fees`);
  expect(raised.status).toBe(200);
  return raised.body.chargeId as string;
}

describe('the usage fee', () => {
  test('F4 F3 past its date holds and renewals are refused for main and sub; the very moment it is paid both can again', async () => {
    const { main, sub, tokens } = await lapsedFamily();
    const loans = { main: await lent(main.id), sub: await lent(sub.id) };
    for (const who of ['main', 'sub'] as const) {
      const refusals = [await held(tokens[who]), await renew(tokens[who], loans[who])];
      expect(refusals.map(({ status }) => status)).toEqual([409, 409]);
      for (const { body } of refusals) expect(JSON.stringify(body)).toContain('fee-unpaid');
    }
    const chargeId = await raisedFor(main.id);
    const owed = await get(tokens.main, '/v1/me/charges');
    expect(owed.body).toMatchObject({
      items: [{ id: chargeId, cause: 'membership', causeName: 'Usage fee', state: 'open' }],
      open: { amountMinor: 2400, currency: 'EUR', text: '€24.00' },
      paidUntil: yesterday(),
    });
    expect((await get(tokens.sub, '/v1/me/charges')).body).toMatchObject({ items: [] });

    const payment = { lines: [{ chargeId, amountMinor: 2400 }], branch: 'zentrale' };
    const headers = keyed();
    const path = `/v1/staff/patrons/${main.id}/payments`;
    const paid = await post(cashier, path, payment, headers);
    expect(paid.status).toBe(201);
    const until2 = today().add({ years: 1 }).subtract({ days: 1 }).toString();
    expect(paid.body).toMatchObject({ paidUntil: until2 });
    expect((await held(tokens.main)).status).toBe(201);
    expect((await held(tokens.sub)).status).toBe(201);
    expect((await renew(tokens.main, loans.main)).status).toBe(201);
    expect((await renew(tokens.sub, loans.sub)).status).toBe(201);

    expect((await post(cashier, path, payment, headers)).body).toEqual(paid.body);
    const again = await post(cashier, path, payment);
    expect(again.status).toBe(409);
    expect(JSON.stringify(again.body)).toContain('charge-settled');
    expect((await get(tokens.main, '/v1/me/payments')).body.items).toMatchObject([
      { means: 'cash', state: 'settled', received: { amountMinor: 2400 }, reversedAt: null },
    ]);

    const back = await post(cashier, `/v1/staff/payments/${paid.body.paymentId}/reversal`, {
      reason: 'Wrong reader',
    });
    expect(back.body).toMatchObject({ paidUntil: yesterday() });
    expect((await held(tokens.sub)).status).toBe(409);
    expect(JSON.stringify((await renew(tokens.sub, loans.sub)).body)).toContain('fee-unpaid');
    expect((await get(cashier, `/v1/staff/patrons/${main.id}/charges`)).body.items).toHaveLength(1);
    expect(sub.id).not.toBe(main.id);
  });

  test('F2 a sub card’s fee cannot be raised; A13 the desk takes no money', async () => {
    const { main, sub } = await lapsedFamily();
    const refused = await post(cashier, `/v1/staff/patrons/${sub.id}/membership-fees`);
    expect(JSON.stringify(refused.body)).toContain('membership-of-sub-card');
    const desk = (await carrel.build.staff('desk')).token;
    expect((await get(desk, `/v1/staff/patrons/${main.id}/charges`)).status).toBe(403);
  });

  test('F12 the sweep begins the fee’s process for readers who were there before; it raises the fee and mails, once', async () => {
    const { id } = await carrel.build.patron({
      userGroup: 'reduced',
      paidUntil: yesterday(),
      createdAt: new Date(0),
    });
    const process = carrel.client.workflow.getHandle(`membership:${id}`);
    await expect(process.describe()).rejects.toThrow(WorkflowNotFoundError);
    await sweep();
    const token = await carrel.build.sign('patron', id);
    const owed = await until(
      () => get(token, '/v1/me/charges'),
      ({ body }) => body.items.length === 1,
    );
    expect(owed.body.open).toMatchObject({ amountMinor: 1200 });
    const mailed = () => rows<{ state: string }>('select state from notice where subject_id = ?', [id]);
    await until(mailed, ([notice]) => notice?.state === 'sent');
    await sweep();
    expect((await process.describe()).status.name).toBe('RUNNING');
    expect(await mailed()).toHaveLength(1);
    expect((await get(token, '/v1/me/charges')).body.items).toHaveLength(1);
  });

  test('F2 a card opened at the desk has its fee at once, before any sweep', async () => {
    const desk = (await carrel.build.staff('desk')).token;
    const body = { card: '98765432', name: 'New Reader', userGroup: 'main-card' };
    const opened = await post(desk, '/v1/staff/patrons', body);
    expect(opened.status).toBe(201);
    const charged = await until(
      () => get(cashier, `/v1/staff/patrons/${opened.body.id}/charges`),
      ({ body: { items } }) => items.length === 1,
    );
    expect(charged.body.items).toMatchObject([{ cause: 'membership', state: 'open' }]);
  });
});

describe('statistics', () => {
  test('F10 cards, loans and holds by user group, main and sub apart, as JSON and CSV, for administrators only', async () => {
    const administrator = (await carrel.build.staff('administrator')).token;
    const from = today().subtract({ days: 3 }).toString();
    const query = `from=${from}&to=${today().toString()}`;
    const { body } = await get(administrator, `/v1/staff/statistics/groups?${query}`);
    const of = (group: string, role: string) =>
      body.items.find((row: { group: string; role: string }) => row.group === group && row.role === role);
    expect(of('main-card', 'main')).toMatchObject({
      groupName: 'Main card',
      cards: 2,
      opened: 2,
      expired: 2,
    });
    expect(of('sub-card', 'sub')).toMatchObject({ cards: 2, opened: 2, holds: 1 });
    const headers = { authorization: `Bearer ${administrator}` };
    const table = await fetch(`${carrel.url}/v1/staff/statistics/groups.csv?${query}`, { headers });
    expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await table.text()).toContain('main-card,Main card,main,2,2,0,2,1,1\r\n');
    expect((await get(cashier, `/v1/staff/statistics/groups?${query}`)).status).toBe(403);
    const reversed = await get(administrator, `/v1/staff/statistics/groups?from=2026-02-01&to=2026-01-01`);
    const told = { in: 'query', pointer: '/to', code: 'period-reversed' };
    expect(reversed).toMatchObject({ status: 422, body: { errors: [told] } });
  });
});
