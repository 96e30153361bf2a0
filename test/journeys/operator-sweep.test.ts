import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atRest, type Carrel, startCarrel, until } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';
import { ensureSchedules } from '../../worker/schedules.ts';
import { addReports, type SweepReport } from '../../domain/sweep-report.ts';
import { type sweep as sweepRun, sweepScheduleId } from '../../workflows/sweep.ts';

let carrel: Carrel;
let library: Desks;
let desk: Console;
let operator: Console;

beforeAll(async () => {
  carrel = await startCarrel();
  library = createDesks(carrel);
  desk = await library.staff('desk');
  operator = await library.staff('operator');
});

afterAll(async () => {
  if (!carrel) return;
  await sweeps()
    .delete()
    .catch(() => undefined);
  await carrel.stop();
});

const sweeps = () => carrel.client.schedule.getHandle(sweepScheduleId(carrel.taskQueue));

/** Ids of the sweeps that were begun, oldest first; the engine keeps the last ten. */
const begun = async () =>
  (await sweeps().describe()).info.recentActions.map(({ action }) => action.workflow.workflowId);

/**
 * Sweeps now, and waits for the report. Runs are named by the second: one asked for in the same second as the last does not happen, so it is asked for again.
 * On a busy engine both may come about, and the first leaves nothing to the second: what all of them found is the report.
 */
async function sweep(): Promise<SweepReport> {
  const before = new Set(await begun());
  let askedAt = 0;
  const reports = await until(
    async () => {
      const since = (await begun()).filter((id) => !before.has(id));
      if (since.length === 0 && Date.now() - askedAt > 5_000) {
        askedAt = Date.now();
        expect((await operator.post('/v1/staff/sweeps')).status).toBe(202);
      }
      return Promise.all(since.map((id) => carrel.client.workflow.getHandle<typeof sweepRun>(id).result()));
    },
    ({ length }) => length > 0,
    40_000,
  );
  const latest = await operator.get('/v1/staff/sweeps/latest');
  expect(latest.body).toMatchObject({ status: 'completed', report: { looked: expect.any(Number) } });
  return reports.reduce(addReports);
}

/** Processes of rows this young are nobody's business yet. */
const age = (table: 'hold' | 'loan', id: string) =>
  library.sql(
    `update ${table} set ${table === 'hold' ? 'placed_at' : 'checked_out_at'} = now() - interval '5 minutes' where id = ?`,
    [id],
  );

const statusOf = async (workflowId: string) =>
  (await carrel.client.workflow.getHandle(workflowId).describe()).status.name;

test('G1 before the first sweep there is nothing to tell; without its schedule there is none to start', async () => {
  expect((await operator.get('/v1/staff/sweeps/latest')).status).toBe(404);
  expect((await operator.post('/v1/staff/sweeps')).status).toBe(404);
  await ensureSchedules(carrel.client, carrel.taskQueue, []);
  expect((await operator.get('/v1/staff/sweeps/latest')).status).toBe(404);
});

test('G1 the sweep starts what was terminated again, and it goes on from its row', async () => {
  const { title, item, loan } = await library.lentTitle(desk);
  const reader = await library.build.patron();
  const hold = await library.hold(desk, reader, title, { contact: 'phone' });
  const [holdId, loanId] = [`hold:${hold.id}`, `loan:${loan.id}`];
  await age('hold', hold.id);
  await age('loan', loan.id);
  for (const id of [holdId, loanId]) await carrel.client.workflow.getHandle(id).terminate('by mistake');
  expect(await statusOf(holdId)).toBe('TERMINATED');
  // The list of what runs lags behind; a sweep that still finds them there leaves them to the next.
  const query = `ExecutionStatus = 'Running' AND WorkflowId IN ('${holdId}', '${loanId}')`;
  await until(
    () => carrel.client.workflow.count(query),
    ({ count }) => count === 0,
  );

  const report = await sweep();
  expect(report.restarted.ids).toEqual(expect.arrayContaining([holdId, loanId]));
  expect(await statusOf(holdId)).toBe('RUNNING');
  const found = await until(
    () => operator.get(`/v1/staff/processes?patron=${reader.id}`),
    ({ body }) => body.items.length > 0,
  );
  expect(found.body.items).toMatchObject([{ workflowId: holdId, process: 'hold', state: 'waiting' }]);

  const back = await library.takeBack(desk, item);
  expect(back).toMatchObject({ do: 'keep', returned: { id: loan.id }, hold: { id: hold.id } });
  await library.expecting(
    200,
    desk.post(`/v1/staff/tasks/${back.task.id}/resolution`, { outcome: 'reached' }),
  );
  await library.lend(desk, reader, item);
  expect(await carrel.client.workflow.getHandle(holdId).result()).toEqual({ state: 'collected' });
  expect(await carrel.client.workflow.getHandle(loanId).result()).toEqual({ state: 'returned' });
  expect((await sweep()).restarted.ids).not.toEqual(expect.arrayContaining([holdId]));
});

test('G1 the sweep wakes who has slept through a deadline: the hold lapses, the next reader is served', async () => {
  const { title, item } = await library.lentTitle(desk);
  const [reader, next] = [await library.build.patron(), await library.build.patron()];
  const hold = await library.hold(desk, reader, title);
  const heir = await library.hold(desk, next, title);
  await library.takeBack(desk, item);
  await atRest(carrel.client, `hold:${hold.id}`);
  await age('hold', hold.id);
  await library.sql(
    `update hold set keep_until = now() - interval '3 minutes', contacted_at = now() - interval '4 minutes' where id = ?`,
    [hold.id],
  );
  const report = await sweep();
  expect(report.woken.ids).toContain(`hold:${hold.id}`);
  await library.holdWhen(desk, hold.id, ({ state }) => state === 'lapsed');
  const served = (await desk.get(`/v1/staff/holds/${heir.id}`)).body;
  expect(served).toMatchObject({ state: 'secured', item: { barcode: item.barcode } });
});

test('G1 the sweep reports a process without a row, and leaves it to the operator', async () => {
  const { hold: waiting } = await (async () => {
    const { title } = await library.lentTitle(desk);
    return { hold: await library.hold(desk, await library.build.patron(), title) };
  })();
  await library.sql('delete from notice where subject_id = ?', [waiting.id]);
  await library.sql('delete from hold where id = ?', [waiting.id]);
  await until(sweep, ({ orphans }) => orphans.ids.includes(`hold:${waiting.id}`));
  expect(await statusOf(`hold:${waiting.id}`)).toBe('RUNNING');
  await carrel.client.workflow.getHandle(`hold:${waiting.id}`).terminate();
});
