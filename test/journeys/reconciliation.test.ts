import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { startWithDouble } from '../support/payments.ts';

type Setting = Awaited<ReturnType<typeof startWithDouble>>;
let setting: Setting;
let cashier: string;
beforeAll(async () => {
  setting = await startWithDouble((policy) => ({
    ...policy,
    money: {
      ...policy.money,
      reconciliation: { ...policy.money.reconciliation, mailTo: 'kasse@library.example' },
    },
  }));
  setting.double.behave(() => ({ copies: 0 }));
  cashier = (await setting.carrel.build.staff('cashier')).token;
}, 180_000);
afterAll(async () => {
  await setting?.carrel.stop();
  await setting?.double.stop();
});

const dayAgo = (days: number) =>
  Temporal.Now.zonedDateTimeISO('Europe/Berlin').subtract({ days }).with({ hour: 10 });
const [beforeYesterday, yesterday] = [2, 1].map((days) => dayAgo(days).toPlainDate().toString()) as [
  string,
  string,
];

const staff = (method: string, path: string, body?: unknown) =>
  setting.carrel.call(cashier, method, path, body, { 'idempotency-key': uuid() });

/** Has a day reconciled, and waits for its report. */
async function report(day: string) {
  const asked = await staff('POST', '/v1/staff/reconciliations', { day });
  expect(asked.status).toBe(202);
  await setting.carrel.client.workflow.getHandle(`reconciliation:demo:${day}`).result();
  const listed = await staff('GET', '/v1/staff/reconciliations');
  const { id } = listed.body.items.find((item: { day: string }) => item.day === day);
  return (await staff('GET', `/v1/staff/reconciliations/${id}`)).body;
}

interface Line {
  readonly id: string;
  readonly kind: string;
  readonly amount: { readonly amountMinor: number; readonly text: string };
  readonly about: { readonly link: string };
  readonly solvedAt: string | null;
}

const open = (body: { differences: Line[] }) =>
  body.differences.filter(({ solvedAt }) => solvedAt === null).toSorted((a, b) => (a.kind < b.kind ? -1 : 1));

/** Money the double took two days ago, of which it has told nobody. */
function take(paymentId: string, amountMinor: number) {
  const { books } = setting.double;
  const checkout =
    books.ofPayment(paymentId) ??
    books.begin({
      paymentId,
      library: 'demo',
      amountMinor,
      currency: 'EUR',
      description: '',
      language: 'en',
      expiresAt: 0,
      returnUrl: 'http://localhost',
      notifyUrl: 'http://localhost',
    });
  return { checkout, money: books.take(checkout, amountMinor, dayAgo(2).epochMilliseconds) };
}

test('P8 paid at the gateway and unknown here, and the reverse, are named to the cent, put right, and gone the next day', async () => {
  const reader = await setting.payer();
  const charges = [await reader.charge(250), await reader.charge(120)];
  const [lost, settled] = [
    await reader.begin([charges[0] ?? ''], 250),
    await reader.begin([charges[1] ?? ''], 120),
  ];
  const second = take(settled.body.id, 120);
  await setting.carrel.client.workflow.getHandle(`payment:${settled.body.id}`).signal('wake');
  await setting.become(settled.body.id, 'settled');
  second.checkout.captures.length = 0;
  take(lost.body.id, 250);
  const stranger = take(uuid(), 1234);

  const first = await report(beforeYesterday);
  expect(first.state).toBe('differs');
  expect(open(first).map(({ kind, amount }) => [kind, amount.amountMinor])).toEqual([
    ['gateway-missing', -120],
    ['gateway-unknown', 1234],
  ]);
  expect(open(first).map(({ amount }) => amount.text)).toEqual(['-€1.20', '€12.34']);
  expect(await setting.stateOf(lost.body.id)).toBe('settled');
  expect(await setting.bookings(lost.body.id)).toEqual([{ kind: 'payment-online', amount: 250 }]);
  const mail = await setting.carrel.mailbox.waitFor(({ to }) => to.includes('kasse@library.example'));
  expect(mail.text).toMatch(/12,34|12\.34/);
  expect(mail.text).not.toMatch(/gateway:|bank:/);

  const [missing, unknown] = open(first);
  const { card } = (
    await setting.sql<{ card: string }>('select card from patron where id = ?', [reader.id])
  )[0] ?? { card: '' };
  expect((await staff('POST', `${unknown?.about.link}/credit`, { card })).body.solvedAt).not.toBeNull();
  expect(await reader.credit()).toBe(1234);
  expect((await staff('POST', `${unknown?.about.link}/credit`, { card })).body.code).toBe(
    'difference-solved',
  );
  const acknowledged = await staff('POST', `/v1/staff/differences/${missing?.id}/acknowledgement`, {
    reason: 'the provider is looking for it',
  });
  expect(acknowledged.body.acknowledged).toMatchObject({ remark: 'the provider is looking for it' });

  expect(await report(yesterday)).toMatchObject({ state: 'acknowledged', open: 1 });
  second.checkout.captures.push(second.money);
  expect(await report(yesterday)).toMatchObject({ state: 'agree', open: 0 });
  expect(open(await report(beforeYesterday))).toEqual([]);
  expect(stranger.checkout.captures).toHaveLength(1);
}, 120_000);

test('P9 the gateway’s settlement file is taken in once, and its fees are booked', async () => {
  const day = new Date(dayAgo(2).epochMilliseconds).toISOString().slice(0, 10);
  const file = await fetch(`${setting.double.url}/api/settlements/${day}.csv`, {
    headers: { authorization: 'Bearer the-key-of-the-double' },
  });
  const csv = await file.text();
  const send = () =>
    fetch(`${setting.carrel.url}/v1/staff/settlement-files?provider=online`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cashier}`, 'content-type': 'text/csv', 'idempotency-key': uuid() },
      body: csv,
    }).then(async (answer) => ({ status: answer.status, body: await answer.json() }));
  expect(await send()).toMatchObject({ status: 200, body: { lines: 4, added: 4 } });
  expect(await send()).toMatchObject({ status: 200, body: { lines: 4, added: 0 } });
  const [fee] = await setting.sql(`select sum(amount)::int as fee from posting where account = 'fee:online'`);
  expect(fee).toEqual({ fee: 27 + 29 + 42 });
});

test('P9 the report is a table for spreadsheets too, and a day that is not over has none', async () => {
  const listed = await staff('GET', '/v1/staff/reconciliations');
  const { id } = listed.body.items.at(-1);
  const answer = await fetch(`${setting.carrel.url}/v1/staff/reconciliations/${id}/differences.csv`, {
    headers: { authorization: `Bearer ${cashier}`, 'accept-language': 'en' },
  });
  expect(answer.headers.get('content-type')).toContain('text/csv');
  expect(await answer.text()).toContain(
    'gateway-missing,"Booked here, unknown to the payment service",gateway:online,Payment service online,1.20,,-1.20,EUR',
  );
  const today = dayAgo(0).toPlainDate().toString();
  expect((await staff('POST', '/v1/staff/reconciliations', { day: today })).body.code).toBe('day-not-over');
});

test('P9 a month that is not over is not closed, with every reason; only an administrator reopens one', async () => {
  const month = dayAgo(0).toPlainDate().toPlainYearMonth().toString();
  const closing = await staff('POST', '/v1/staff/months/closings', { month });
  expect(closing.status).toBe(409);
  expect(closing.body.reasons.map(({ code }: { code: string }) => code)).toContain('month-not-over');
  const wish = { month, reason: 'a voucher was forgotten' };
  expect((await staff('POST', '/v1/staff/months/reopenings', wish)).status).toBe(403);
  const { token } = await setting.carrel.build.staff('administrator');
  const answer = await setting.carrel.call(token, 'POST', '/v1/staff/months/reopenings', wish, {
    'idempotency-key': uuid(),
  });
  expect(answer.body.code).toBe('month-open');
});

test.each(['books/trial-balance', 'books/postings.csv', 'bank-entries', 'payments'])(
  'P10 G3 a period of %s that ends before it begins is told in words',
  async (list) => {
    const path = `/v1/staff/${list}?from=2026-02-01&to=2026-01-01`;
    expect(await setting.carrel.call(cashier, 'GET', path)).toMatchObject({
      status: 422,
      body: { errors: [{ in: 'query', pointer: '/to', code: 'period-reversed' }] },
    });
  },
);
