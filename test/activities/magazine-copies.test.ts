import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Hold, Loan } from '../../db/entities/index.ts';
import { openHolds } from '../../db/queries/holds.ts';
import { listToFetch } from '../../db/queries/lists.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createActs, refusals } from '../races/race.ts';

/** Two branches take the same magazine: an issue has two copies, and whoever holds the issue takes either. */
let bench: ActivityBench;
let acts: ReturnType<typeof createActs>;
const library = 'demo';
const now = Date.parse('2026-12-10T12:00:00Z');

beforeAll(async () => {
  bench = await startActivities({ library });
  acts = createActs(bench);
});
afterAll(() => bench?.stop());

const hold = (id: string) => bench.orm.em.fork().findOneOrFail(Hold, { id });

/** The latest issue in two copies, on loan unless stated otherwise, and an older one that is here. */
async function magazine({ lent = true } = {}) {
  const { build } = bench;
  const { id } = await build.title({ kind: 'magazine' });
  await build.item(id, { issue: '2026/11', issuedOn: '2026-11-01' });
  const latest = { issue: '2026/12', issuedOn: '2026-12-01' };
  const copies = [await build.item(id, latest), await build.item(id, latest)];
  const loans = copies.map(() => uuid());
  if (lent)
    for (const [n, copy] of copies.entries())
      await acts.checkOut((await build.patron()).id, copy.id, now, loans[n] ?? '');
  const place = async () => {
    const [reader, holdId] = [await build.patron(), uuid()];
    await acts.place(reader.id, id, now, { holdId });
    return { reader, holdId };
  };
  return { id, copies: copies.map((copy) => copy.id), loans, place };
}

test('H1 H5 whichever copy of the issue comes back first is the first reader’s, the other the next one’s', async () => {
  const { copies, place } = await magazine();
  const [first, second] = [await place(), await place()];
  const [queued] = await openHolds(bench.orm, second.reader.id);
  expect(queued).toMatchObject({ position: 2 });
  const { requestedItemId } = await hold(first.holdId);
  const other = copies.find((id) => id !== requestedItemId) ?? '';

  await acts.checkIn(other, now + 1);
  expect(await hold(first.holdId)).toMatchObject({ state: 'secured', itemId: other });
  await acts.checkIn(requestedItemId ?? '', now + 2);
  expect(await hold(second.holdId)).toMatchObject({ state: 'secured', itemId: requestedItemId });
  expect(await bench.audit(now + 3)).toEqual([]);
});

test('L2 H9 either copy cannot be renewed while another reader holds the issue, and either ends the reader’s hold', async () => {
  const { id, copies, loans, place } = await magazine();
  const { reader, holdId } = await place();
  for (const loanId of loans)
    expect(refusals(await acts.renew(loanId, now + 1))).toContain('renewal-title-held');
  const again = await acts.place(reader.id, id, now, { itemId: copies[1] ?? '' });
  expect(again).toMatchObject({ refused: [{ code: 'hold-exists' }] });

  const { requestedItemId } = await hold(holdId);
  await acts.mark(requestedItemId ?? '', 'lost', now + 2);
  expect(await hold(holdId)).toMatchObject({ state: 'waiting' });
  const other = copies.find((copy) => copy !== requestedItemId) ?? '';
  await bench.orm.em.fork().nativeUpdate(Loan, { itemId: other }, { patronId: reader.id });
  const sibling = await acts.place(reader.id, id, now + 3, { itemId: other });
  expect(sibling).toMatchObject({ refused: [{ code: 'hold-exists' }, { code: 'item-on-loan-to-you' }] });
  await acts.mark(other, 'lost', now + 4);
  expect(await hold(holdId)).toMatchObject({ state: 'cancelled', endReason: 'no-items' });
});

test('H10 both copies on the shelf are to be fetched for the two readers who wait; either is handed out', async () => {
  const { id, copies, place } = await magazine({ lent: false });
  const waiting = [await place(), await place(), await place()];
  const listed = await listToFetch(bench.orm, { library, limit: 500 }, '2026-12-10');
  const here = listed.filter(({ titleId }) => titleId === id);
  expect(here.map(({ holdId }) => holdId)).toEqual(waiting.slice(0, 2).map(({ holdId }) => holdId));
  expect(new Set(here.map(({ itemId }) => itemId))).toEqual(new Set(copies));

  const [first] = waiting;
  const other = copies.find((copy) => copy !== here[0]?.itemId) ?? '';
  expect(await acts.checkOut(first?.reader.id ?? '', other, now + 1)).toHaveProperty('standing');
  expect(await hold(first?.holdId ?? '')).toMatchObject({ state: 'collected', itemId: other });
});
