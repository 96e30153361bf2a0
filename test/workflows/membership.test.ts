import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { v7 as uuid } from 'uuid';
import { type Backend, startBackend, until } from '../support/carrel.ts';
import { timeSkipping } from '../support/temporal.ts';
import { membership, membershipWorkflowId } from '../../workflows/membership.ts';

/** Bibliotheca: a yearly fee, raised thirty days ahead, reminders a week before, a day and two weeks after. The server's clock jumps. */
let env: TestWorkflowEnvironment;
let carrel: Backend;
const library = 'bibliotheca';
const dayMs = 86_400_000;

beforeAll(async () => {
  env = await timeSkipping();
  carrel = await startBackend(
    { client: env.client, connection: env.nativeConnection, namespace: 'default', taskQueue: 'fees' },
    { library },
  );
});

afterAll(async () => {
  await carrel?.stop();
  await env?.teardown();
});

const sql = <T extends object>(text: string, values: unknown[]) =>
  carrel.orm.em.fork().execute<T[]>(text, values);
const now = () => env.currentTimeMs();
const civil = (at: number) => new Date(at).toISOString().slice(0, 10);
const fees = (patronId: string) =>
  sql<{ id: string; remaining: number }>(
    `select id, remaining::int from charge where patron_id = ? and cause = 'membership' order by raised_at`,
    [patronId],
  );
const paidUntil = async (id: string) =>
  (await sql<{ until: string }>('select paid_until::text as until from patron where id = ?', [id]))[0]?.until;
const notices = (id: string) =>
  sql<{ state: string; step: number }>(
    `select state, (content->>'step')::int as step from notice where subject_id = ? and kind = 'membership-due' order by created_at`,
    [id],
  );

const begin = (patronId: string) =>
  env.client.workflow.start(membership, {
    workflowId: membershipWorkflowId(patronId),
    taskQueue: 'fees',
    args: [{ patronId }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });

async function pay(patronId: string, chargeId: string) {
  const lines = [{ chargeId, amountMinor: 2400 }];
  const step = { operation: uuid(), now: await now(), actor: 'staff:1' } as const;
  const wish = { paymentId: uuid(), patronId, lines, means: 'cash', branch: 'zentrale', ...step } as const;
  return carrel.activities.takePayment(wish);
}

const reader = async (inDays: number) =>
  carrel.build.patron({
    userGroup: 'main-card',
    language: 'de',
    paidUntil: civil((await now()) + inDays * dayMs),
  });

describe('the usage fee on the engine', () => {
  test('F12 F2 year after year, over a leap day: raised once ahead of expiry, mailed once, paid, and begun anew', async () => {
    const main = await reader(100);
    const handle = await begin(main.id);
    const { runId } = await handle.describe();
    for (let year = 1; year <= 4; year += 1) {
      const before = await paidUntil(main.id);
      await env.sleep(Date.parse(`${before}T12:00:00Z`) - 20 * dayMs - (await now()));
      const raised = await until(
        () => fees(main.id),
        (rows) => rows.length === year,
      );
      await until(
        () => notices(main.id),
        (rows) => rows.length === year && rows.every(({ state }) => state === 'sent'),
      );
      await begin(main.id);
      const charge = raised.at(-1) as { id: string };
      expect(await pay(main.id, charge.id)).toMatchObject({ paymentId: expect.any(String) });
      const next = yearAfter(before);
      expect(await paidUntil(main.id)).toBe(next);
    }
    await until(
      () => env.client.workflow.getHandle(membershipWorkflowId(main.id)).describe(),
      (shown) => shown.status.name === 'RUNNING' && shown.runId !== runId,
    );
    expect(await fees(main.id)).toHaveLength(4);
  }, 120_000);

  test('F12 unpaid: every reminder once, however often it is woken or begun; then silence', async () => {
    const main = await reader(40);
    const handle = await begin(main.id);
    for (let days = 0; days < 120; days += 10) {
      await env.sleep('10 days');
      await handle.signal('wake');
      await begin(main.id);
    }
    const told = await until(
      () => notices(main.id),
      (rows) => rows.filter(({ state }) => state === 'sent').length === 4,
    );
    expect(told.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(await fees(main.id)).toHaveLength(1);
  }, 120_000);

  test('F2 F8 it ends when the card becomes a sub card, and a card single again has its own', async () => {
    const main = await reader(200);
    const sub = await reader(40);
    const handle = await begin(sub.id);
    await env.sleep('20 days');
    await until(
      () => fees(sub.id),
      (rows) => rows.length === 1,
    );
    const step = async () => ({ operation: uuid(), now: await now(), actor: 'staff:1' }) as const;
    await carrel.activities.linkCard({ mainId: main.id, subId: sub.id, ...(await step()) });
    expect(await handle.result()).toEqual({ state: 'sub-card' });
    expect(await fees(sub.id)).toMatchObject([{ remaining: 0 }]);
    await carrel.activities.unlinkCard({ subId: sub.id, ...(await step()) });
    await env.sleep('170 days');
    await until(
      () => fees(sub.id),
      (rows) => rows.length === 2,
    );
  }, 120_000);

  test('F11 it ends when the card is closed', async () => {
    const main = await reader(200);
    const handle = await begin(main.id);
    const step = { operation: uuid(), now: await now(), actor: 'staff:1' } as const;
    await carrel.activities.closePatron({ patronId: main.id, ...step });
    expect(await handle.result()).toEqual({ state: 'closed' });
  }, 60_000);
});

/** The day a year later, as lastDayOf counts it. */
function yearAfter(day = ''): string {
  const first = new Date(Date.parse(`${day}T00:00:00Z`) + dayMs);
  const last = new Date(
    Date.UTC(first.getUTCFullYear() + 1, first.getUTCMonth(), first.getUTCDate()) - dayMs,
  );
  return civil(last.getTime());
}
