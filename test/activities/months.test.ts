import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import { book } from '../../activities/ledger.ts';
import { Remark } from '../../db/entities/index.ts';
import { inTransaction } from '../../db/transaction.ts';
import { daysBetween, monthAt } from '../../domain/months.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';

const zone = { timeZone: 'Europe/Berlin' };
const actor = 'staff:00000000-0000-7000-8000-000000000001' as const;
const berlin = (text: string): Date =>
  new Date(Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Berlin').epochMilliseconds);

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivities();
  await put('2026-10-30T10:00');
});
afterAll(() => bench.stop());

/** A booking of nothing in particular; answers when it was booked, and when it happened if that is not the same. */
async function put(at: string): Promise<{ at: Date; valueAt: Date | null }> {
  const lines = [
    { account: 'cash:main', amount: 100n },
    { account: 'income:other', amount: -100n },
  ];
  const id = await inTransaction(bench.orm, (tx) =>
    book(tx, {
      library: 'demo',
      operation: uuid(),
      kind: 'other',
      currency: 'EUR',
      lines,
      at: berlin(at),
      actor,
    }),
  );
  const [row] = await bench.rows<{ at: string; value_at: string | null }>(
    'select at, value_at from journal where id = ?',
    [id],
  );
  if (!row) throw new Error('The booking is not there.');
  return { at: new Date(row.at), valueAt: row.value_at === null ? null : new Date(row.value_at) };
}

const close = (month: string, now = berlin('2027-02-10T12:00')) =>
  bench.perform((does) =>
    does.closeMonth({
      closingId: uuid(),
      library: 'demo',
      month,
      actor,
      operation: uuid(),
      now: now.getTime(),
    }),
  );

async function reopen(month: string) {
  const remarkId = uuid();
  const em = bench.orm.em.fork();
  em.create(Remark, {
    id: remarkId,
    library: 'demo',
    author: actor.slice(6),
    text: 'a voucher was forgotten',
    createdAt: new Date(),
  });
  await em.flush();
  return bench.perform((does) =>
    does.reopenMonth({
      library: 'demo',
      month,
      remarkId,
      actor,
      operation: uuid(),
      now: Date.UTC(2027, 1, 10),
    }),
  );
}

/** A report of every day of the month, as the daily reconciliation writes it. */
async function report(month: string): Promise<void> {
  const { to } = monthAt(zone, month);
  const last = to.toZonedDateTimeISO(zone.timeZone).subtract({ days: 1 }).toPlainDate().toString();
  for (const day of daysBetween(`${month}-01`, last))
    await bench.rows(
      `insert into reconciliation (id, library, day, ends_at, first_run_at, run_at, actor, accounts)
       values (gen_random_uuid(), 'demo', ?, ?, ?, ?, 'system', '[]')`,
      [
        day,
        ...[0, 1, 1].map(
          (hours) =>
            new Date(
              Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(zone.timeZone).epochMilliseconds +
                hours * 3_600_000,
            ),
        ),
      ],
    );
}

const difference = (since: string) =>
  bench.rows(
    `insert into difference (id, library, key, kind, subject_type, subject_id, amount, currency, since, role, found_at)
     values (gen_random_uuid(), 'demo', ?, 'bank-balance', 'account', 'x', 12, 'EUR', ?, 'cashier', ?)`,
    [`test:${since}`, berlin(since), berlin(since)],
  );

describe('closing months', () => {
  test('P9 a month that is not over, not compared, or has open differences is not closed; every reason is told', async () => {
    await difference('2026-10-31T23:59');
    expect(await close('2026-10', berlin('2026-10-31T23:59'))).toEqual({
      refused: [
        { code: 'month-not-over', month: '2026-10' },
        { code: 'days-not-reconciled', count: 2, first: '2026-10-30' },
        { code: 'differences-open', count: 1 },
      ],
    });
  });

  test('P9 once compared and acknowledged it is closed, and what was acknowledged is on record', async () => {
    await report('2026-10');
    await bench.rows(`update difference set acknowledged_at = now(), acknowledged_by = ?`, [actor]);
    expect(await close('2026-10')).toEqual({ month: '2026-10' });
    const [row] = await bench.rows(
      `select month, ends_at, closed_by, acknowledged from month_closing where library = 'demo'`,
    );
    expect(row).toMatchObject({
      month: '2026-10',
      closed_by: actor,
      acknowledged: ['test:2026-10-31T23:59'],
    });
  });

  test('P9 what is booked late goes to the first instant of the open month and keeps its own', async () => {
    const begins = berlin('2026-11-01T00:00');
    expect(await put('2026-10-31T23:59:59')).toEqual({ at: begins, valueAt: berlin('2026-10-31T23:59:59') });
    expect(await put('2026-11-01T00:00')).toEqual({ at: begins, valueAt: null });
    expect(await put('2026-12-24T10:00')).toEqual({ at: berlin('2026-12-24T10:00'), valueAt: null });
  });

  test('P9 months are closed in their order and once', async () => {
    await report('2026-12');
    expect(await close('2026-12')).toEqual({
      refused: [{ code: 'month-not-next', next: '2026-11' }],
    });
    expect(await close('2026-10')).toEqual({ refused: [{ code: 'month-closed', latest: '2026-10' }] });
    expect(await close('2026-11')).toEqual({
      refused: [{ code: 'days-not-reconciled', count: 30, first: '2026-11-01' }],
    });
    await report('2026-11');
    expect(await close('2026-11')).toEqual({ month: '2026-11' });
  });

  test('P9 only the latest closed month is reopened, and what was booked late stays where it is', async () => {
    expect(await reopen('2026-10')).toEqual({ refused: [{ code: 'month-followed', latest: '2026-11' }] });
    expect(await reopen('2026-11')).toEqual({ month: '2026-11' });
    expect(await reopen('2026-11')).toEqual({ refused: [{ code: 'month-open', month: '2026-11' }] });
    expect(await put('2026-11-20T10:00')).toEqual({ at: berlin('2026-11-20T10:00'), valueAt: null });
    expect((await put('2026-10-20T10:00')).at).toEqual(berlin('2026-11-01T00:00'));
    expect(await close('2026-11')).toEqual({ month: '2026-11' });
    const history = await bench.rows(
      `select month, reopened_by, remark_id is not null as why from month_closing order by closed_at, month, reopened_at nulls last`,
    );
    expect(history).toHaveLength(3);
    expect(history).toContainEqual({ month: '2026-11', reopened_by: actor, why: true });
  });

  test('P9 another library’s books are open', async () => {
    await bench.rows(
      `insert into journal (id, library, operation, kind, at, actor) values (gen_random_uuid(), 'chikushino', 'elsewhere', 'other', '2026-10-05', 'system')`,
    );
    const [row] = await bench.rows<{ value_at: unknown }>(
      `select value_at from journal where operation = 'elsewhere'`,
    );
    expect(row?.value_at).toBeNull();
  });
});
