import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { readSheet } from '../support/xlsx.ts';

/** A reader's account over HTTP, and the cashier's and the accountant's side of it. */
let carrel: Carrel;
let desks: Desks;
let cashier: Console;
beforeAll(async () => {
  carrel = await startCarrel();
  desks = createDesks(carrel);
  cashier = await desks.staff('cashier');
}, 180_000);
afterAll(() => carrel.stop());

async function reader() {
  const { id } = await carrel.build.patron({ language: 'zh' });
  const token = await carrel.build.sign('patron', id);
  return {
    id,
    get: (path: string) => carrel.call(token, 'GET', path),
    post: (path: string, body?: unknown) =>
      carrel.call(token, 'POST', path, body, { 'idempotency-key': uuid() }),
  };
}

const charge = async (patronId: string, amountMinor = 1000) =>
  (
    await desks.expecting(
      201,
      cashier.post(`/v1/staff/patrons/${patronId}/charges`, { cause: 'other', amountMinor, note: 'A mug' }),
    )
  ).id as string;

const today = () => Temporal.Now.plainDateISO(carrel.policy.timeZone).toString();

test('P1 P7 a fee is charged, disputed, waived in part and paid; the statement tells it with its balances', async () => {
  const { id, get, post } = await reader();
  const chargeId = await charge(id);
  const before = (await get('/v1/me/charges')).body;
  expect(before).toMatchObject({ open: { amountMinor: 1000 }, disputedTotal: { amountMinor: 0 } });
  expect(before.items).toMatchObject([{ id: chargeId, causeName: '其他费用', state: 'open', note: 'A mug' }]);

  await desks.expecting(201, post(`/v1/me/charges/${chargeId}/dispute`, { text: '不是我的。' }));
  const held = (await get('/v1/me/charges')).body;
  expect(held).toMatchObject({ items: [], open: { amountMinor: 0 }, disputedTotal: { amountMinor: 1000 } });
  expect(held.disputed).toMatchObject([{ id: chargeId, state: 'disputed', stateName: '有异议' }]);

  const listed = (await cashier.get('/v1/staff/tasks?kind=charge-disputed')).body.items;
  expect(listed).toMatchObject([{ subjectType: 'charge', subjectId: chargeId, state: 'open' }]);
  expect((await cashier.get(`/v1/staff/charges/${chargeId}`)).body.disputes).toMatchObject([
    { state: 'open', text: '不是我的。', by: null },
  ]);
  const decision = { decision: 'uphold', amountMinor: 400, note: 'Half of it.' };
  const decided = await desks.expecting(
    200,
    cashier.post(`/v1/staff/charges/${chargeId}/dispute/decision`, decision),
  );
  expect(decided).toMatchObject({ state: 'open', open: { amountMinor: 600 }, waived: { amountMinor: 400 } });
  const mail = await until(
    async () => (await get('/v1/me/notices')).body.items,
    (items: { kind: string; state: string }[]) =>
      items.some(({ kind, state }) => kind === 'dispute-decided' && state === 'sent'),
  );
  expect(mail).toMatchObject([{ kind: 'dispute-decided' }]);

  const lines = [{ chargeId, amountMinor: 600 }];
  await desks.expecting(
    201,
    cashier.post(`/v1/staff/patrons/${id}/payments`, { lines, means: 'cash', branch: 'main' }),
  );
  const { items } = (await get('/v1/me/statement')).body;
  expect(items).toMatchObject([
    { text: '缴费：现金', income: { amountMinor: 600 }, expense: null, balance: { amountMinor: 0 } },
    { text: '减免：其他费用', income: { amountMinor: 400 }, expense: null, balance: { amountMinor: -600 } },
    { text: '其他费用', income: null, expense: { amountMinor: 1000 }, balance: { amountMinor: -1000 } },
  ]);
  const first = (await get('/v1/me/statement?limit=2')).body;
  const second = (await get(first.next)).body;
  expect([...first.items, ...second.items]).toEqual(items);
  expect((await get('/v1/me/statement?from=2020-01-01&to=2020-12-31')).body.items).toEqual([]);
  for (const path of ['/v1/me/statement', '/v1/me/statement.csv'])
    expect(await get(`${path}?from=2020-12-31&to=2020-01-01`)).toMatchObject({
      status: 422,
      body: { errors: [{ in: 'query', pointer: '/to', code: 'period-reversed' }] },
    });
  expect((await cashier.get(`/v1/staff/patrons/${id}/statement`)).body.items).toHaveLength(3);
  const headers = { authorization: `Bearer ${await carrel.build.sign('patron', id)}` };
  const table = await (await fetch(`${carrel.url}/v1/me/statement.csv`, { headers })).text();
  const { timeZone } = carrel.policy;
  const hour = (at: string) => new Date(at).toLocaleString('sv-SE', { timeZone }).slice(0, 13);
  for (const { at } of items) expect(table).toContain(`\n${hour(at)}`);
});

test('P1 what a cashier may not: charge what no schedule names, waive more than is open; a desk may not at all', async () => {
  const { id, post } = await reader();
  const chargeId = await charge(id);
  const charges = `/v1/staff/patrons/${id}/charges`;
  expect(
    (await cashier.post(charges, { cause: 'other', amountMinor: 10_001, note: 'x' })).body,
  ).toMatchObject({
    code: 'fee-above-limit',
    detail: 'At most €100.00 may be charged for this. Please state a lower amount.',
  });
  const waivers = `/v1/staff/charges/${chargeId}/waivers`;
  expect((await cashier.post(waivers, { reason: 'goodwill', amountMinor: 1001 })).body.code).toBe(
    'waiver-exceeds-charge',
  );
  const desk = await desks.staff('desk');
  expect((await desk.post(waivers, { reason: 'goodwill' })).status).toBe(403);
  expect((await post(`/v1/me/charges/${uuid()}/dispute`, { text: 'Not mine.' })).status).toBe(404);
});

test('P1 a waiver is taken back over HTTP, the same request again changes nothing', async () => {
  const { id } = await reader();
  const chargeId = await charge(id);
  const waived = await desks.expecting(
    200,
    cashier.post(`/v1/staff/charges/${chargeId}/waivers`, { reason: 'hardship', note: 'Asked kindly' }),
  );
  expect(waived).toMatchObject({ state: 'waived', open: { amountMinor: 0 } });
  expect(waived.waivers).toMatchObject([{ reasonName: 'Hardship', note: 'Asked kindly', reversed: false }]);
  const key = uuid();
  for (const reason of ['Wrong reader', 'Wrong reader']) {
    const path = `/v1/staff/waivers/${waived.waivers[0].id}/reversal`;
    const again = await desks.expecting(200, cashier.post(path, { reason }, { key }));
    expect(again).toMatchObject({ state: 'open', open: { amountMinor: 1000 } });
  }
});

test('L5 F4 a reader with too much to pay holds nothing, and is told the numbers; a disputed fee does not count', async () => {
  const { id, get, post } = await reader();
  const title = await carrel.build.title();
  await carrel.build.item(title.id, { state: 'missing' });
  const chargeId = await charge(id, 2001);
  const wish = { titleId: title.id, pickupPlace: 'main', contact: 'none' };
  const refused = await post('/v1/holds', wish);
  expect(refused.body.reasons).toContainEqual(
    expect.objectContaining({ code: 'debts', owedMinor: 2001, limitMinor: 2000 }),
  );
  expect((await get('/v1/me')).body.standing).toMatchObject([{ code: 'debts' }]);
  await desks.expecting(201, post(`/v1/me/charges/${chargeId}/dispute`, { text: 'No.' }));
  const reasons = (await post('/v1/holds', wish)).body.reasons ?? [];
  expect(reasons.map(({ code }: { code: string }) => code)).not.toContain('debts');
});

test('P10 the accountant’s tables agree with each other, in words and numbers', async () => {
  const { id } = await reader();
  await charge(id, 1234);
  const period = `from=${today()}&to=${today()}`;
  const trial = (await cashier.get(`/v1/staff/books/trial-balance?${period}`)).body.items;
  const closing = trial.map(({ closing: { amountMinor } }: never) => amountMinor) as number[];
  expect(closing.reduce((sum, each) => sum + each, 0)).toBe(0);
  const receivable = trial.find(({ account }: { account: string }) => account === 'receivable');
  expect(receivable.accountName).toBe('Owed by readers');

  const { token } = await carrel.build.staff('administrator');
  const file = async (path: string) => {
    const headers = { authorization: `Bearer ${token}`, 'accept-language': 'de' };
    const answer = await fetch(`${carrel.url}${path}`, { headers });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const open = readSheet(await file(`/v1/staff/books/open-items.xlsx?on=${today()}`));
  expect(open[0]).toEqual([
    'Gebühr',
    'Erhoben am',
    'Ausweis',
    'Gebührenart',
    'Betrag',
    'Offen',
    'Währung',
    'Beanstandet',
  ]);
  const owed = open.slice(1).reduce((sum, row) => sum + Math.round(Number(row[5]) * 100), 0);
  expect(owed).toBe(receivable.closing.amountMinor);

  const postings = readSheet(await file(`/v1/staff/books/postings.xlsx?${period}`));
  const [debit, credit] = [6, 7].map((column) =>
    postings.slice(1).reduce((sum, row) => sum + Math.round(Number(row[column] ?? 0) * 100), 0),
  );
  expect(debit).toBe(credit);
  const csv = (await file(`/v1/staff/books/postings.csv?${period}`)).toString('utf8');
  expect(csv.split('\r\n')).toHaveLength(postings.length + 1);
  expect(csv).toContain('Erlöse: Sonstige Gebühr');
  expect(csv).toContain(',12.34,');
});
