import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { type Carrel, startCarrel, until } from '../support/carrel.ts';
import { type Console, createDesks, type Desks } from '../support/desk.ts';

/** The town library with family cards and a usage fee. */
let carrel: Carrel;
let desks: Desks;
let desk: Console;
beforeAll(async () => {
  carrel = await startCarrel({ library: 'bibliotheca' });
  desks = createDesks(carrel);
  desk = await desks.staff('desk');
}, 60_000);
afterAll(() => carrel.stop());

const inDays = (days: number) => Temporal.Now.plainDateISO('Europe/Berlin').add({ days }).toString();

const stateOf = async (patronId: string) => {
  try {
    const { status } = await carrel.client.workflow.getHandle(`membership:${patronId}`).describe();
    return status.name;
  } catch {
    return 'NONE';
  }
};

const openFees = (patronId: string) =>
  desks.sql<{ remaining: number }>(
    `select remaining::int from charge where patron_id = ? and cause = 'membership' and remaining > 0`,
    [patronId],
  );

test('F2 F8 a card unlinked gets the process of its own fee at once, and raises it; linked again, both are gone', async () => {
  const main = await desks.build.patron({ paidUntil: inDays(3), userGroup: 'main-card' });
  const sub = await desks.build.patron({ paidUntil: inDays(3), userGroup: 'sub-card' });
  const linking = () => desk.post(`/v1/staff/patrons/${sub.id}/main-card`, { card: main.card });
  await desks.expecting(200, linking());
  expect(await stateOf(sub.id)).toBe('NONE');

  await desks.expecting(200, desk.remove(`/v1/staff/patrons/${sub.id}/main-card`));
  expect(
    await until(
      () => stateOf(sub.id),
      (state) => state === 'RUNNING',
    ),
  ).toBe('RUNNING');
  const fees = await until(
    () => openFees(sub.id),
    (open) => open.length > 0,
  );
  expect(fees).toHaveLength(1);

  await desks.expecting(200, linking());
  expect(await openFees(sub.id)).toEqual([]);
  expect(
    await until(
      () => stateOf(sub.id),
      (state) => state === 'COMPLETED',
    ),
  ).toBe('COMPLETED');
});
