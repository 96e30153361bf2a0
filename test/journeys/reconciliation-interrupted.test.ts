import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { until } from '../support/carrel.ts';
import { startWithDouble } from '../support/payments.ts';
import { reconciliationScheduleId } from '../../workflows/reconciliation.ts';
import { ensureSchedules } from '../../worker/schedules.ts';

let setting: Awaited<ReturnType<typeof startWithDouble>>;
let cashier: string;
beforeAll(async () => {
  setting = await startWithDouble((policy) => ({
    ...policy,
    money: {
      ...policy.money,
      reconciliation: { ...policy.money.reconciliation, at: '04:30', mailTo: 'kasse@library.example' },
    },
  }));
  cashier = (await setting.carrel.build.staff('cashier')).token;
}, 60_000);
const schedule = () =>
  setting.carrel.client.schedule.getHandle(`${reconciliationScheduleId('demo')}:${setting.carrel.taskQueue}`);
afterAll(async () => {
  await schedule()
    .delete()
    .catch(() => undefined);
  await setting?.carrel.stop();
  await setting?.double.stop();
});

const dayAgo = (days: number) => Temporal.Now.zonedDateTimeISO('Europe/Berlin').subtract({ days });
const yesterday = () => dayAgo(1).toPlainDate().toString();

/** Money the double took, of a payment that nobody here knows. */
function stranger(): void {
  const { books } = setting.double;
  const checkout = books.begin({
    paymentId: uuid(),
    library: 'demo',
    amountMinor: 1234,
    currency: 'EUR',
    description: '',
    language: 'en',
    expiresAt: 0,
    returnUrl: 'http://localhost',
    notifyUrl: 'http://localhost',
  });
  books.take(checkout, 1234, dayAgo(2).epochMilliseconds);
}

/** Lets the database fail the next `times` inserts into a table; a sequence counts them, for it is not rolled back. */
const failing = (table: string, times: number) =>
  setting.sql(`
    create sequence ${table}_tries;
    create function ${table}_fails() returns trigger language plpgsql as $$
    begin
      if nextval('${table}_tries') <= ${times} then raise exception 'the worker died'; end if;
      return new;
    end $$;
    create trigger ${table}_fails before insert on ${table} for each row execute function ${table}_fails()`);

const count = async (sql: string) => (await setting.sql(sql)).length;

test('P9 a comparison that dies in its middle, again and again, is finished by the next attempt: one report, one mail, one task', async () => {
  stranger();
  await failing('reconciliation_line', 1);
  await failing('task', 1);
  await failing('notice', 1);
  const { call, client, activities } = setting.carrel;
  const day = yesterday();
  // Two that nobody waits for: the engine would try again after five seconds, and then after ten.
  const step = { library: 'demo', day, actor: 'system', now: Date.now(), last: false } as const;
  const attempt = () => new MockActivityEnvironment().run(activities.reconcileDay, step);
  for (let deaths = 0; deaths < 2; deaths += 1) await expect(attempt()).rejects.toThrow('the worker died');
  expect((await call(cashier, 'POST', '/v1/staff/reconciliations', { day })).status).toBe(202);
  const report = await client.workflow.getHandle(`reconciliation:demo:${day}`).result();
  expect(report).toMatchObject({ state: 'differs', differences: 1 });
  const [tries] = await setting.sql(`select last_value::int as n from notice_tries`);
  expect(tries).toEqual({ n: 2 });
  expect(await count('select from reconciliation')).toBe(1);
  expect(await count('select from reconciliation_line')).toBe(1);
  expect(await count(`select from difference where solved_at is null`)).toBe(1);
  expect(await count(`select from task where kind = 'gateway-money' and resolved_at is null`)).toBe(1);
  expect(await count(`select from notice where kind = 'reconciliation-differs'`)).toBe(1);
  await setting.carrel.mailbox.waitFor(({ to }) => to.includes('kasse@library.example'));
  expect(await count(`select from notice where kind = 'reconciliation-differs' and state = 'sent'`)).toBe(1);
}, 90_000);

test('P9 every library has a schedule at the time of its policy, and what it starts makes up for the days without a report', async () => {
  const { client, taskQueue, policy, call } = setting.carrel;
  await ensureSchedules(client, taskQueue, [policy]);
  const { spec } = await schedule().describe();
  expect(spec.timezone).toBe('Europe/Berlin');
  expect(spec.calendars).toMatchObject([{ hour: [{ start: 4 }], minute: [{ start: 30 }] }]);
  await setting.sql(`update reconciliation set day = ?, ends_at = ? where library = 'demo'`, [
    dayAgo(3).toPlainDate().toString(),
    new Date(dayAgo(2).startOfDay().epochMilliseconds),
  ]);
  await client.workflow.execute('reconciliations', {
    taskQueue,
    workflowId: `reconciliations:${uuid()}`,
    args: [{ library: 'demo' }],
  });
  const { body } = await until(
    () => call(cashier, 'GET', '/v1/staff/reconciliations'),
    ({ body: seen }) => seen.items.length === 3,
  );
  expect(body.items.map((item: { day: string }) => item.day)).toEqual(
    [1, 2, 3].map((days) => dayAgo(days).toPlainDate().toString()),
  );
}, 90_000);
