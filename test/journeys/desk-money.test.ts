import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type Carrel, startCarrel } from '../support/carrel.ts';

let carrel: Carrel;
let cashier: string;

beforeAll(async () => {
  carrel = await startCarrel({
    change: (policy) => ({
      ...policy,
      money: { ...policy.money, ways: { ...policy.money.ways, cash: { session: 'needed' } } },
    }),
  });
  cashier = (await carrel.build.staff('cashier')).token;
}, 60_000);
afterAll(() => carrel.stop());

const post = (token: string, path: string, body: unknown, key = uuid()) =>
  carrel.call(token, 'POST', path, body, { 'idempotency-key': key });
const get = (token: string, path: string) => carrel.call(token, 'GET', path);
const codes = (answer: { body: { reasons?: { code: string }[] } }) =>
  (answer.body.reasons ?? []).map(({ code }) => code);

const open = (countMinor: number, branch = 'main') =>
  post(cashier, '/v1/staff/drawers', { branch, countMinor });

describe('a day at the cash desk', () => {
  test('P3 A13 the till is opened with a count, filled, used and closed with a count; the report says what was taken for what', async () => {
    const reader = await carrel.build.patron();
    const charged = await post(cashier, `/v1/staff/patrons/${reader.id}/charges`, {
      cause: 'other',
      amountMinor: 800,
      note: 'A lost key',
    });
    expect(charged.status).toBe(201);
    const chargeId = charged.body.id;
    const payments = `/v1/staff/patrons/${reader.id}/payments`;
    const wish = {
      lines: [{ chargeId, amountMinor: 500 }],
      prepaidMinor: 250,
      means: 'cash',
      branch: 'main',
    };
    expect(codes(await post(cashier, payments, wish))).toEqual(['drawer-closed']);

    const opened = await open(0);
    expect(opened.status).toBe(201);
    const { sessionId } = opened.body;
    expect(codes(await open(0))).toEqual(['drawer-open']);
    const path = `/v1/staff/drawers/${sessionId}`;
    const filled = { direction: 'in', place: 'safe', amountMinor: 10_000, reason: 'Change for the day' };
    expect((await post(cashier, `${path}/movements`, filled)).status).toBe(201);

    const emptied = { lines: [], means: 'cash', branch: 'main' };
    const intoItself = { ...emptied, means: 'credit', prepaidMinor: 100 };
    for (const [given, pointer, code] of [
      [emptied, '/lines', 'nothing-selected'],
      [intoItself, '/prepaidMinor', 'credit-into-credit'],
    ] as const)
      expect(await post(cashier, payments, given)).toMatchObject({
        status: 422,
        body: { errors: [{ pointer, code, detail: expect.any(String) }] },
      });

    const key = uuid();
    const paid = await post(cashier, payments, wish, key);
    expect(paid.status).toBe(201);
    expect((await post(cashier, payments, wish, key)).body).toEqual(paid.body);
    const byCard = { lines: [{ chargeId, amountMinor: 100 }], means: 'card', branch: 'main' };
    expect((await post(cashier, payments, byCard)).status).toBe(201);
    const out = await post(cashier, `/v1/staff/patrons/${reader.id}/payouts`, {
      amountMinor: 50,
      branch: 'main',
    });
    expect(out).toMatchObject({ status: 201, body: { credit: { amountMinor: 200 } } });
    const left = { direction: 'taken', amountMinor: 2000, branch: 'main' };
    const deposit = await post(cashier, `/v1/staff/patrons/${reader.id}/deposits`, left);
    expect(deposit).toMatchObject({ status: 201, body: { deposit: { amountMinor: 2000 } } });

    const report = (await get(cashier, path)).body;
    expect(report).toMatchObject({
      branch: { code: 'main' },
      closing: null,
      content: { amountMinor: 12_700 },
      totals: [
        { means: 'cash', amount: { amountMinor: 12_700 } },
        { means: 'card', amount: { amountMinor: 100 } },
      ],
    });
    const lines = report.lines.map(
      (line: { means: string; cause: string; amount: { amountMinor: number } }) => [
        line.means,
        line.cause,
        line.amount.amountMinor,
      ],
    );
    expect(lines).toEqual([
      ['cash', 'credit', 250],
      ['cash', 'deposit-taken', 2000],
      ['cash', 'drawer-paid-in', 10_000],
      ['cash', 'other', 500],
      ['cash', 'payout-cash', -50],
      ['card', 'other', 100],
    ]);

    const closing = await post(cashier, `${path}/closing`, { countMinor: 12_650, note: 'Fifty cents short' });
    expect(closing).toMatchObject({
      status: 200,
      body: { booked: { amountMinor: 12_700 }, difference: { amountMinor: -50 } },
    });
    expect(codes(await post(cashier, `${path}/closing`, { countMinor: 12_650 }))).toEqual(['drawer-closed']);
    expect(codes(await post(cashier, `${path}/movements`, filled))).toEqual(['drawer-closed']);
    expect((await get(cashier, path)).body).toMatchObject({
      content: { amountMinor: 12_650 },
      note: 'Fifty cents short',
    });
    const headers = { authorization: `Bearer ${cashier}` };
    const table = await (await fetch(`${carrel.url}${path}/report.csv`, { headers })).text();
    expect(table).toContain('cash,drawer-closing,');
    expect(table).toContain('126.50,EUR');
    const sessions = (await get(cashier, '/v1/staff/drawers?branch=main&limit=1')).body;
    expect(sessions.items).toMatchObject([{ id: sessionId, closing: { difference: { amountMinor: -50 } } }]);
    expect((await get(cashier, '/v1/staff/drawers?open=true')).body.items).toEqual([]);
  });

  test('P1 P2 A13 payments are found by state, means, day and branch, and the reader sees each with its state', async () => {
    const reader = await carrel.build.patron();
    const token = await carrel.build.sign('patron', reader.id);
    const { sessionId } = (await open(0, 'north')).body;
    const path = `/v1/staff/patrons/${reader.id}/payments`;
    const paid: string[] = [];
    for (const means of ['cash', 'card'] as const) {
      const answer = await post(cashier, path, { prepaidMinor: 300, means, branch: 'north' });
      paid.push(answer.body.paymentId);
    }
    const [inCash, byCard] = paid;
    const back = await post(cashier, `/v1/staff/payments/${inCash}/reversal`, { reason: 'Wrong reader' });
    expect(back.status).toBe(200);
    const found = async (query: string) =>
      (await get(cashier, `/v1/staff/payments?branch=north${query}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await found('')).toEqual([byCard, inCash]);
    expect(await found('&means=card&state=settled')).toEqual([byCard]);
    expect(await found('&state=open')).toEqual([]);
    expect(await found('&from=2020-01-01&to=2020-12-31')).toEqual([]);
    expect(await found('&reference=nothing')).toEqual([]);
    const first = (await get(cashier, '/v1/staff/payments?branch=north&limit=1')).body;
    expect(first.items).toMatchObject([{ id: byCard, reader: { id: reader.id } }]);
    expect((await get(cashier, first.next)).body.items).toMatchObject([{ id: inCash }]);
    expect((await get(token, '/v1/me/payments')).body.items).toMatchObject([
      { id: byCard, means: 'card', state: 'settled', reversedAt: null, branch: { code: 'north' } },
      { id: inCash, means: 'cash', state: 'settled', reversedAt: expect.any(String) },
    ]);
    expect((await get(token, '/v1/me/charges')).body).toMatchObject({
      credit: { amountMinor: 300 },
      overdraft: null,
      deposit: { amountMinor: 0 },
    });
    expect((await post(cashier, `/v1/staff/drawers/${sessionId}/closing`, { countMinor: 0 })).status).toBe(
      200,
    );
  });

  test('P2 P3 what makes no sense is refused before it is booked', async () => {
    const reader = await carrel.build.patron();
    const path = `/v1/staff/patrons/${reader.id}/payments`;
    expect((await post(cashier, path, { lines: [], branch: 'main' })).status).toBe(422);
    expect((await post(cashier, path, { prepaidMinor: 5, means: 'credit', branch: 'main' })).status).toBe(
      422,
    );
    expect((await post(cashier, path, { prepaidMinor: -5, branch: 'main' })).status).toBe(422);
    expect(codes(await post(cashier, path, { prepaidMinor: 5, branch: 'moon' }))).toContain('branch-unknown');
    expect((await open(0, 'moon')).status).toBe(422);
  });
});
