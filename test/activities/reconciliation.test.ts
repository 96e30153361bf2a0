import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { v7 as uuid } from 'uuid';
import type { GatewayPayment, PaymentGateway } from '../../activities/gateways/payment-gateway.ts';
import { type ReconcileDay, reconcileDay } from '../../activities/reconciliation/reconcile-day.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';

const berlin = (text: string): Date =>
  new Date(Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Berlin').epochMilliseconds);

let bench: ActivityBench;
let listed: GatewayPayment[] | 'silent' = [];
beforeAll(async () => {
  bench = await startActivities({
    change: (policy) => ({
      ...policy,
      money: {
        ...policy.money,
        reconciliation: { ...policy.money.reconciliation, mailTo: 'kasse@library.example' },
      },
    }),
  });
});
afterAll(() => bench.stop());

/** A gateway of which nothing but the list is asked. */
const gateway = {
  list: async function* (from: number, to: number) {
    if (listed === 'silent') throw new Error('connect ECONNREFUSED');
    yield* listed.filter(({ at }) => from <= at && at < to);
  },
} as unknown as PaymentGateway;

const run = (day: string, given: Partial<ReconcileDay> = {}) => {
  const now = berlin(`${day}T05:00`).getTime() + 24 * 3_600_000;
  const deps = { ...bench.deps, gateways: { has: () => true, of: () => gateway } };
  const step = { library: 'demo', day, actor: 'system', now, last: true, ...given } as const;
  return reconcileDay(deps, step, () => undefined);
};

interface Line {
  readonly key: string;
  readonly kind: string;
  readonly amount: string;
  readonly solved: boolean;
  readonly since: string;
}

const lines = (day: string) =>
  bench.rows<Line>(
    `select key, kind, line.amount::text as amount, solved_at is not null as solved from reconciliation_line line
     join difference on difference.id = difference_id join reconciliation on reconciliation.id = reconciliation_id
     where day = ? order by key`,
    [day],
  );

describe('the bank', () => {
  const entry = uuid();
  const statement = async (from: string, to: string, opening: number, closing: number, joins: string) => {
    const [file, id] = [uuid(), uuid()];
    await bench.rows(
      `insert into statement_file (id, library, name, format, hash, size, actor, state, received_at, settled_at, ended_at)
       values (?, 'demo', 'a.xml', 'camt', ?, 1, 'system', 'imported', now(), now(), now())`,
      [file, file],
    );
    await bench.rows(
      `insert into bank_statement (id, library, account, file_id, position, identity, format, from_on, to_on, opening, closing, currency, joins, imported_at)
       values (?, 'demo', 'giro', ?, 0, ?, 'camt', ?, ?, ?, ?, 'EUR', ?, now())`,
      [id, file, id, from, to, opening, closing, joins],
    );
    return id;
  };

  beforeAll(async () => {
    await bench.rows(
      `insert into bank_account (library, code, currency, created_at) values ('demo', 'giro', 'EUR', now())`,
    );
    const first = await statement('2026-11-02', '2026-11-02', 100_000, 101_234, 'first');
    await bench.rows(
      `insert into bank_entry (id, library, account, statement_id, key, booked_on, amount, currency, kind)
       values (?, 'demo', 'giro', ?, 'k1', '2026-11-02', 1234, 'EUR', 'booking')`,
      [entry, first],
    );
  });

  test('P9 an entry that waits is named to the cent, and the cashier is mailed once', async () => {
    const first = await run('2026-11-02');
    expect(first).toMatchObject({ state: 'differs', differences: 1, woken: 0 });
    expect(await lines('2026-11-02')).toMatchObject([
      { key: `entry:${entry}`, kind: 'entry-waiting', amount: '1234', solved: false },
    ]);
    expect('deliver' in first && first.deliver).toHaveLength(1);
  });

  test('P9 running a day twice gives the same report, and no second mail; one that was queued and never sent is not forgotten', async () => {
    const before = await lines('2026-11-02');
    const notices = await bench.rows<{ id: string }>('select id from notice');
    const again = await run('2026-11-02');
    expect(again).toMatchObject({ state: 'differs', differences: 1, deliver: notices.map(({ id }) => id) });
    expect(await bench.rows('select from notice')).toHaveLength(1);
    await bench.rows(`update notice set state = 'sent', settled_at = now()`);
    expect(await run('2026-11-02')).toMatchObject({ deliver: [] });
    expect(await lines('2026-11-02')).toEqual(before);
    expect(await bench.rows('select from reconciliation')).toHaveLength(1);
  });

  test('P9 the next day carries it with its first day; booked, it is solved and the days agree', async () => {
    expect(await run('2026-11-03')).toMatchObject({ state: 'differs', differences: 1 });
    const [journal, statementOf] = [uuid(), 'bank:giro'];
    await bench.rows(
      `insert into journal (id, library, operation, kind, at, actor, entry_id) values (?, 'demo', ?, 'payment-bank', '2026-11-04', 'system', ?)`,
      [journal, journal, entry],
    );
    await bench.rows(
      `insert into posting (id, journal_id, account, amount, currency) values (gen_random_uuid(), ?, ?, 1234, 'EUR'),
       (gen_random_uuid(), ?, 'income:other', -1234, 'EUR')`,
      [journal, statementOf, journal],
    );
    await bench.rows(`update bank_entry set state = 'matched', journal_id = ? where id = ?`, [
      journal,
      entry,
    ]);
    expect(await run('2026-11-04')).toMatchObject({ state: 'agree', differences: 0 });
    expect(await lines('2026-11-03')).toMatchObject([{ key: `entry:${entry}`, solved: true }]);
    expect(await lines('2026-11-04')).toEqual([]);
  });

  test('P9 a gap between statements and a balance that differs are named apart, each to the cent', async () => {
    await statement('2026-11-05', '2026-11-05', 101_300, 101_305, 'gap');
    await run('2026-11-05');
    expect((await lines('2026-11-05')).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['bank-balance', '5'],
      ['bank-gap', '66'],
    ]);
  });

  test('P9 a bank that has been silent for too long is named, without an amount', async () => {
    await run('2026-11-15');
    expect((await lines('2026-11-15')).map(({ kind }) => kind)).toContain('bank-silent');
  });
});

describe('the gateway', () => {
  const money = (ref: string, amountMinor: number, paymentId: string | null, at: string): GatewayPayment => ({
    ref,
    amountMinor,
    currency: 'EUR',
    paymentId,
    at: berlin(at).getTime(),
  });
  const provider = () => {
    const [way] = bench.policy.money.ways.online;
    if (!way) throw new Error('The demo library offers no gateway.');
    return way.code;
  };

  const pay = async (state: string, amount: number) => {
    const { id: patronId } = await bench.build.patron();
    const id = uuid();
    await bench.rows(
      `insert into payment (id, library, patron_id, means, state, amount, prepaid, currency, provider, provider_ref, actor, begun_at, ended_at)
       values (?, 'demo', ?, 'online', ?, ?, ?, 'EUR', ?, ?, 'system', '2026-11-20', ${state === 'open' ? 'null' : 'now()'})`,
      [id, patronId, state, amount, amount, provider(), `cs_${id}`],
    );
    return id;
  };

  const capture = (paymentId: string, ref: string, amount: number, at: string) =>
    bench.rows(
      `with j as (insert into journal (id, library, operation, kind, at, actor, payment_id) values (gen_random_uuid(), 'demo', ?, 'payment-online', ?, 'system', ?) returning id),
       p as (insert into posting (id, journal_id, account, amount, currency) select gen_random_uuid(), j.id, a.account, a.amount, 'EUR'
         from j, (values ('gateway:' || ?, ?::bigint), ('income:other', -(?::bigint))) a (account, amount))
       insert into gateway_capture (id, library, provider, ref, payment_id, journal_id, amount, currency, taken_at, seen_at)
       select gen_random_uuid(), 'demo', ?, ?, ?, j.id, ?, 'EUR', ?, now() from j`,
      [
        `gateway:${ref}`,
        berlin(at),
        paymentId,
        provider(),
        amount,
        amount,
        provider(),
        ref,
        paymentId,
        amount,
        berlin(at),
      ],
    );

  const kinds = async (day: string) =>
    (await lines(day))
      .filter(({ kind }) => kind.startsWith('gateway'))
      .map(({ kind, amount, solved }) => [kind, amount, solved]);

  test('P8 paid there and unknown here, and the reverse, are named to the cent; staff have one task', async () => {
    const [open, booked, lost] = [
      await pay('open', 700),
      await pay('settled', 900),
      await pay('settled', 1100),
    ];
    await capture(booked, 'pi_2', 900, '2026-11-20T10:00');
    await capture(lost, 'pi_3', 1100, '2026-11-20T11:00');
    listed = [
      money('pi_0', 4321, null, '2026-11-20T09:00'),
      money('pi_1', 700, open, '2026-11-20T09:30'),
      money('pi_2', 950, booked, '2026-11-20T10:00'),
      money('pi_9', 100, null, '2026-11-21T00:00'),
    ];
    expect(await run('2026-11-20')).toMatchObject({ woken: 1 });
    expect(await kinds('2026-11-20')).toEqual([
      ['gateway-amount', '50', false],
      ['gateway-missing', '-1100', false],
      ['gateway-unbooked', '700', false],
      ['gateway-unknown', '4321', false],
    ]);
    expect(bench.woken).toContain(`payment:${open}`);
    expect(bench.woken).toContain(`new payment:${open}`);
    await run('2026-11-20');
    expect(
      await bench.rows(`select from task where kind = 'gateway-money' and resolved_at is null`),
    ).toHaveLength(1);
  });

  test('P8 a gateway that does not answer is named, and what was open of it is not taken for solved', async () => {
    const before = listed;
    listed = 'silent';
    await run('2026-11-21');
    listed = before;
    expect(await kinds('2026-11-21')).toEqual([
      ['gateway-amount', '50', false],
      ['gateway-missing', '-1100', false],
      ['gateway-silent', '0', false],
      ['gateway-unbooked', '700', false],
      ['gateway-unknown', '4321', false],
    ]);
  });

  test('P8 what is put right is gone the next day, and its task with it', async () => {
    listed = [money('pi_2', 900, null, '2026-11-20T10:00'), money('pi_3', 1100, null, '2026-11-20T11:00')];
    await run('2026-11-22');
    expect(await kinds('2026-11-22')).toEqual([]);
    expect((await kinds('2026-11-20')).every(([, , solved]) => solved)).toBe(true);
    expect(
      await bench.rows(`select from task where kind = 'gateway-money' and outcome = 'dropped'`),
    ).toHaveLength(1);
  });

  test('P9 a day that is not over is not reconciled', async () => {
    expect(await run('2026-11-22', { now: berlin('2026-11-22T23:59').getTime() })).toEqual({
      refused: [{ code: 'day-not-over' }],
    });
  });
});

describe('money that a gateway took and nobody here knows of', () => {
  const actor = 'staff:00000000-0000-7000-8000-000000000001' as const;
  const refunds: object[] = [];
  const deps = () => ({
    ...bench.deps,
    gateways: {
      has: () => true,
      of: () =>
        ({
          ...gateway,
          refund: async (request: object) => {
            refunds.push(request);
            return { ref: 're_9' };
          },
        }) as unknown as PaymentGateway,
    },
  });
  const runWith = (day: string) =>
    reconcileDay(
      deps(),
      {
        library: 'demo',
        day,
        actor: 'system',
        now: berlin(`${day}T05:00`).getTime() + 24 * 3_600_000,
        last: true,
      },
      () => undefined,
    );
  const differenceOf = async (ref: string) => {
    const [row] = await bench.rows<{ id: string }>('select id from difference where subject_id = ?', [ref]);
    return row?.id ?? '';
  };
  const open = async (ref: string) =>
    bench.rows(`select from difference where subject_id = ? and solved_at is null`, [ref]);

  beforeAll(async () => {
    const shared = { currency: 'EUR', paymentId: null, at: berlin('2026-11-23T10:00').getTime() };
    listed = [
      { ...shared, ref: 'pi_a', amountMinor: 4321 },
      { ...shared, ref: 'pi_b', amountMinor: 777 },
    ];
    await runWith('2026-11-23');
  });

  test('P8 is credited to a reader once, and gone the next day', async () => {
    const { id: patronId } = await bench.build.patron();
    const differenceId = await differenceOf('pi_a');
    const step = {
      differenceId,
      library: 'demo',
      actor,
      patronId,
      now: berlin('2026-11-24T09:00').getTime(),
    };
    const credit = () =>
      bench.perform((does) => does.creditGatewayMoney({ ...step, paymentId: uuid(), operation: uuid() }));
    expect(await credit()).toMatchObject({ differenceId });
    expect(await credit()).toEqual({ refused: [{ code: 'difference-solved' }] });
    const [row] = await bench.rows(`select sum(amount)::int as credit from posting where account = ?`, [
      `prepaid:${patronId}`,
    ]);
    expect(row).toEqual({ credit: -4321 });
    await runWith('2026-11-24');
    expect(await open('pi_a')).toHaveLength(0);
  });

  test('P8 is sent back once, and gone the next day though the gateway goes on naming it', async () => {
    const differenceId = await differenceOf('pi_b');
    const step = { differenceId, library: 'demo', actor, now: berlin('2026-11-24T09:00').getTime() };
    const back = () => bench.perform((does) => does.returnGatewayMoney({ ...step, operation: uuid() }));
    expect(await back()).toEqual({ differenceId });
    expect(await back()).toEqual({ refused: [{ code: 'difference-solved' }] });
    await runWith('2026-11-25');
    await runWith('2026-11-25');
    expect(refunds).toEqual([
      { refundId: expect.any(String), captureRef: 'pi_b', amountMinor: 777, currency: 'EUR' },
    ]);
    expect(await open('pi_b')).toHaveLength(0);
    expect(await bench.rows(`select from task where kind = 'gateway-money' and resolved_at is null`)).toEqual(
      [],
    );
  });

  test('P9 an acknowledged difference says so until its amount changes', async () => {
    const acknowledge = async (ref: string) => {
      const differenceId = await differenceOf(ref);
      const remarkId = uuid();
      await bench.rows(
        `insert into remark (id, library, author, text, created_at) values (?, 'demo', ?, 'agreed', now())`,
        [remarkId, actor.slice(6)],
      );
      const step = { differenceId, library: 'demo', actor, remarkId, operation: uuid(), now: Date.now() };
      return bench.perform((does) => does.acknowledgeDifference(step));
    };
    await bench.rows(`insert into drawer (library, branch) values ('demo', 'main') on conflict do nothing`);
    await bench.rows(
      `insert into drawer_session (id, library, branch, currency, opened_at, opened_by, opening_booked, opening_count)
       values (gen_random_uuid(), 'demo', 'main', 'EUR', ?, 'system', 0, 0)`,
      [berlin('2026-11-25T09:00')],
    );
    listed = [
      ...(listed === 'silent' ? [] : listed),
      {
        ref: 'pi_c',
        amountMinor: 5,
        currency: 'EUR',
        paymentId: null,
        at: berlin('2026-11-26T09:00').getTime(),
      },
    ];
    const before = await runWith('2026-11-26');
    expect(before).toMatchObject({ state: 'differs' });
    await acknowledge('pi_c');
    await runWith('2026-11-26');
    const [row] = await bench.rows<{ acknowledged: boolean }>(
      `select acknowledged_at is not null as acknowledged from difference where subject_id = 'pi_c'`,
    );
    expect(row?.acknowledged).toBe(true);
    listed = listed.map((each) => (each.ref === 'pi_c' ? { ...each, amountMinor: 6 } : each));
    await runWith('2026-11-26');
    const [changed] = await bench.rows<{ acknowledged: boolean }>(
      `select acknowledged_at is not null as acknowledged from difference where subject_id = 'pi_c'`,
    );
    expect(changed?.acknowledged).toBe(false);
    expect((await lines('2026-11-26')).map(({ kind }) => kind)).toContain('drawer-open');
  });
});

describe('the desk', () => {
  const actor = 'staff:00000000-0000-7000-8000-000000000001' as const;
  const enter = (branch: string, amountMinor: number) =>
    bench.perform((does) =>
      does.enterTerminalTotal({
        library: 'demo',
        branch,
        day: '2026-12-01',
        amountMinor,
        actor,
        operation: uuid(),
        now: Date.now(),
      }),
    );
  const cards = async () =>
    (await lines('2026-12-01')).filter(({ kind, solved }) => kind === 'card-total' && !solved);

  test('P9 a card terminal’s total that is missing, or differs, is named to the cent, and solved when it is right', async () => {
    listed = [];
    const { id: patronId } = await bench.build.patron();
    const [payment, journal] = [uuid(), uuid()];
    await bench.rows(
      `insert into payment (id, library, patron_id, means, state, amount, currency, branch, actor, begun_at, ended_at)
       values (?, 'demo', ?, 'card', 'settled', 500, 'EUR', 'main', 'system', ?, ?)`,
      [payment, patronId, berlin('2026-12-01T23:30'), berlin('2026-12-01T23:30')],
    );
    await bench.rows(
      `insert into journal (id, library, operation, kind, patron_id, payment_id, at, actor) values (?, 'demo', ?, 'payment-card', ?, ?, ?, 'system')`,
      [journal, journal, patronId, payment, berlin('2026-12-01T23:30')],
    );
    await bench.rows(
      `insert into posting (id, journal_id, account, amount, currency) values (gen_random_uuid(), ?, 'card:main', 500, 'EUR'),
       (gen_random_uuid(), ?, ?, -500, 'EUR')`,
      [journal, journal, `prepaid:${patronId}`],
    );
    await run('2026-12-01');
    expect(await cards()).toMatchObject([{ amount: '-500' }]);
    await enter('main', 480);
    await run('2026-12-01');
    expect(await cards()).toMatchObject([{ amount: '-20' }]);
    await enter('main', 500);
    await run('2026-12-01');
    expect(await cards()).toEqual([]);
    expect(await enter('nowhere', 1)).toEqual({ refused: [{ code: 'branch-unknown', branch: 'nowhere' }] });
  });

  test('P9 a count that differed is named until somebody has taken note of it', async () => {
    await bench.rows(`insert into drawer (library, branch) values ('demo', 'main') on conflict do nothing`);
    await bench.rows(
      `insert into drawer_session (id, library, branch, currency, opened_at, opened_by, opening_booked, opening_count,
         closed_at, closed_by, closing_booked, closing_count)
       values (gen_random_uuid(), 'demo', 'main', 'EUR', ?, 'system', 0, 0, ?, 'system', 1000, 975)`,
      [berlin('2026-12-02T09:00'), berlin('2026-12-02T18:00')],
    );
    const counts = async (day: string) =>
      (await lines(day)).filter(({ kind, solved }) => kind === 'drawer-difference' && !solved);
    await run('2026-12-02');
    expect(await counts('2026-12-02')).toMatchObject([{ amount: '-25' }]);
    await bench.rows(
      `update difference set acknowledged_at = now(), acknowledged_by = ? where kind = 'drawer-difference'`,
      [actor],
    );
    await run('2026-12-03');
    expect(await counts('2026-12-03')).toEqual([]);
  });

  test('P9 internal transfers that the finance department has not settled for too long are named', async () => {
    const journal = uuid();
    await bench.rows(
      `insert into journal (id, library, operation, kind, at, actor) values (?, 'demo', ?, 'payment-transfer', ?, 'system')`,
      [journal, journal, berlin('2026-10-01T10:00')],
    );
    await bench.rows(
      `insert into posting (id, journal_id, account, amount, currency) values (gen_random_uuid(), ?, 'transfer:188610', 900, 'EUR'),
       (gen_random_uuid(), ?, 'income:other', -900, 'EUR')`,
      [journal, journal],
    );
    await run('2026-12-04');
    expect(await lines('2026-12-04')).toContainEqual(
      expect.objectContaining({ kind: 'transfer-late', amount: '-900', solved: false }),
    );
  });
});

describe('a comparison that is ended', () => {
  const about = (day: string) =>
    bench.rows<{ reports: number; lines: number; amount: string }>(
      `select count(distinct reconciliation.id)::int as reports, count(*)::int as lines, sum(line.amount)::text as amount
       from reconciliation join reconciliation_line line on line.reconciliation_id = reconciliation.id join difference on difference.id = difference_id
       where day = ? and difference.key = 'gateway-unknown:online:pi_dying'`,
      [day],
    );

  /** Ends what waits to write the report's lines: its transaction goes back, as when its worker dies. */
  async function kill(): Promise<void> {
    const waiting = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%reconciliation_line%'`;
    for (;;) {
      const [session] = await bench.rows<{ pid: number }>(waiting);
      if (session) return void (await bench.rows('select pg_cancel_backend(?)', [session.pid]));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test('P9 in the midst of its report it leaves nothing half written; the next attempt writes one report, and another finds the same difference', async () => {
    const day = '2026-12-05';
    listed = [
      {
        ref: 'pi_dying',
        amountMinor: 6543,
        currency: 'EUR',
        paymentId: null,
        at: berlin(`${day}T10:00`).getTime(),
      },
    ];
    const other = bench.orm.em.fork();
    await other.begin();
    await other.execute('lock table reconciliation_line in access exclusive mode');
    const attempt = run(day).then(
      () => 'done',
      () => 'died',
    );
    await kill();
    expect(await bench.rows('select from reconciliation where day = ?', [day])).toEqual([]);
    await other.rollback();
    expect(await attempt).toBe('died');
    const first = await run(day);
    expect(await about(day)).toEqual([{ reports: 1, lines: 1, amount: '6543' }]);
    const [again, atOnce] = await Promise.all([run(day), run(day)]);
    const idOf = (answer: object) => ('reconciliationId' in answer ? answer.reconciliationId : answer);
    expect([idOf(again), idOf(atOnce)]).toEqual([idOf(first), idOf(first)]);
    expect(await about(day)).toEqual([{ reports: 1, lines: 1, amount: '6543' }]);
    expect(
      await bench.rows(
        `select from task join difference on difference.id = task.subject_id where difference.key = 'gateway-unknown:online:pi_dying' and task.resolved_at is null`,
      ),
    ).toHaveLength(1);
  }, 120_000);
});
