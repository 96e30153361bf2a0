import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { processTables } from '../../db/process-rows.ts';
import type { Process } from '../../domain/processes.ts';
import { sweep } from '../../workflows/sweep.ts';
import { createApplicants, decide } from '../support/applicants.ts';
import { atRest, type Carrel, startCarrel } from '../support/carrel.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createDesks, type Desks } from '../support/desk.ts';
import { staffIll, storyMs } from '../support/ill-desk.ts';
import { ownNamespace } from '../support/namespace.ts';
import { withPeers } from '../support/obtaining.ts';
import { createTransferors } from '../support/transfers.ts';

/** The installation before and after the engine lost everything: the same database, an engine that has never heard of it. */
let before: Carrel;
let after: Carrel;
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  before = await install();
}, storyMs);
afterAll(async () => {
  await after?.stop();
  await database?.drop();
});

const install = async (): Promise<Carrel> =>
  startCarrel({ namespace: await ownNamespace(), database, change: withPeers(['one']) });

const isRunning = async (workflowId: string) =>
  (await after.client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';

/** Rows this young are nobody's business yet. */
async function age({ sql }: Desks, workflowId: string): Promise<void> {
  const [process = '', id = ''] = workflowId.split(':');
  const { table, begunAt } = processTables[process as Process];
  await sql(`update ${table} set ${begunAt} = ${begunAt} - interval '5 minutes' where id = ?`, [id]);
}

/** One of each process that waits for a person or for time. */
async function wait(carrel: Carrel) {
  const library = createDesks(carrel);
  const desk = await library.staff('desk');
  const out = await library.lentTitle(desk);
  const queued = await library.hold(desk, await library.build.patron(), out.title);
  const { title, item } = await library.lentTitle(desk);
  const reader = await library.build.patron();
  const kept = await library.hold(desk, reader, title);
  await library.takeBack(desk, item);
  const payer = await createTransferors(carrel).reader();
  const paymentId = await payer.begin(1250, { means: 'bank', way: 'bank' });
  const fields = { name: '森一', birthDate: '1990-04-01', email: 'mori@example.org' };
  const applicants = createApplicants(carrel);
  const applicant = await applicants.confirmed('web', { ...fields, password: 'seven quiet otters' });
  const ill = await staffIll(carrel);
  const requestId = await ill.ask(await ill.reader());
  const ids = {
    loan: `loan:${out.loan.id}`,
    queued: `hold:${queued.id}`,
    kept: `hold:${kept.id}`,
    payment: `payment:${paymentId}`,
    application: `registration:${applicant.id}`,
    request: `ill:${requestId}`,
  };
  for (const id of Object.values(ids)) await atRest(carrel.client, id);
  return { ids, lent: out.item, onShelf: item, reader, payer, paymentId, applicant, requestId };
}

test(
  'G1 with an engine that has lost everything, whoever is asked something goes on at once, and all others with the sweep',
  async () => {
    const { ids, lent, onShelf, reader, payer, paymentId, applicant, requestId } = await wait(before);
    await before.stop();
    after = await install();
    const library = createDesks(after);
    const desk = await library.staff('desk', 'ill-librarian');

    // The rows are what is true: nobody is told that a payment or a loan has ended.
    const path = `/v1/me/payments/${paymentId}/cancellation`;
    await library.expecting(200, after.call(payer.token, 'POST', path, {}, { 'idempotency-key': paymentId }));
    const back = await library.takeBack(desk, lent);
    expect(back).toMatchObject({
      do: 'keep',
      returned: { id: ids.loan.slice(5) },
      hold: { id: ids.queued.slice(5) },
    });

    for (const id of Object.values(ids)) await age(library, id);
    const { client, taskQueue } = after;
    const report = await client.workflow.execute(sweep, { workflowId: 'sweep', taskQueue });
    const others = [ids.queued, ids.kept, ids.application, ids.request];
    expect(report.restarted.ids.toSorted()).toEqual(expect.arrayContaining(others));
    expect(report.restarted.ids).not.toContain(ids.loan);
    expect(report.restarted.ids).not.toContain(ids.payment);
    for (const id of others) expect(await isRunning(id)).toBe(true);

    await library.lend(desk, reader, onShelf);
    expect(await client.workflow.getHandle(ids.kept).result()).toEqual({ state: 'collected' });
    const approved = await decide(desk, applicant.id, 1, { decision: 'approve' });
    expect(approved.body).toMatchObject({ state: 'approved' });
    const ill = await staffIll(after);
    await ill.act(requestId, 'review', { decision: 'approve' });
    await ill.becomes(requestId, 'requested');
  },
  storyMs,
);
