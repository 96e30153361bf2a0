import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { createBuilders } from '../support/builders.ts';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createFamilies, desk, type Families } from '../support/family.ts';
import { refusals } from '../races/race.ts';

const now = Date.UTC(2026, 5, 1, 10);

let bench: ActivityBench;
let families: Families;
beforeAll(async () => {
  bench = await startActivities();
  families = createFamilies(bench, now);
});
afterAll(() => bench.stop());

const patron = (given: Parameters<ActivityBench['build']['patron']>[0] = {}) => bench.build.patron(given);

describe('linking', () => {
  test('F1 F5 a sub card is linked and takes over until when the main card is paid', async () => {
    const main = await patron({ paidUntil: '2027-03-31' });
    const sub = await patron({ paidUntil: '2026-05-31' });
    const linked = await families.link(sub.id, main.id);
    expect(linked).toMatchObject({ cards: [sub.id, main.id] });
    expect(await families.card(sub.id)).toMatchObject({
      mainId: main.id,
      linkedAt: new Date(now),
      paidUntil: '2027-03-31',
    });
    expect(await families.card(main.id)).toMatchObject({ mainId: null, paidUntil: '2027-03-31' });
    expect(await families.story(sub.id)).toEqual(['family-linked']);
    expect(await families.story(main.id)).toEqual(['sub-card-joined']);
    expect(bench.woken).toEqual(expect.arrayContaining([`membership:${sub.id}`, `membership:${main.id}`]));
  });

  test('F5 a sub card that has paid further ahead than the main card loses nothing of it', async () => {
    const main = await patron({ paidUntil: '2026-12-31' });
    const sub = await patron({ paidUntil: '2027-05-31' });
    await families.link(sub.id, main.id);
    expect((await families.card(sub.id)).paidUntil).toBe('2027-05-31');
  });

  test('F1 the change is on record: who, when, before and after; both readers are told', async () => {
    const main = await patron({ paidUntil: '2027-03-31' });
    const sub = await patron({ paidUntil: '2026-05-31' });
    await families.link(sub.id, main.id);
    const [event] = await bench.rows('select actor, at, detail from event where subject_id = ?', [sub.id]);
    expect(event).toMatchObject({
      actor: desk,
      detail: {
        mainId: main.id,
        before: { paidUntil: '2026-05-31' },
        after: { paidUntil: '2027-03-31' },
      },
    });
    const told = await bench.rows(
      `select patron_id as "patronId" from notice where kind = 'family-linked' and patron_id in (?, ?) order by patron_id`,
      [main.id, sub.id],
    );
    expect(told).toEqual([main.id, sub.id].toSorted().map((patronId) => ({ patronId })));
  });

  test('F11 every reason against a link is told at once', async () => {
    const { main, subs } = await families.family(1);
    const sub = subs[0]?.id ?? '';
    const other = await patron();
    const foreign = await createBuilders(bench.orm, 'chikushino').patron();
    const closed = await patron({ closedAt: new Date(now) });
    const refused = async (subId: string, mainId: string) => refusals(await families.link(subId, mainId));
    expect(await refused(other.id, sub)).toEqual(['main-card-is-sub']);
    expect(await refused(main.id, other.id)).toEqual(['sub-card-has-subs']);
    expect(await refused(main.id, sub)).toEqual(['main-card-is-sub', 'sub-card-has-subs']);
    expect(await refused(sub, other.id)).toEqual(['already-sub-card']);
    expect(await refused(sub, main.id)).toEqual(['already-sub-card']);
    expect(await refused(other.id, other.id)).toEqual(['main-card-own']);
    expect(await refused(other.id, closed.id)).toEqual(['main-card-closed']);
    expect(await refused(closed.id, other.id)).toEqual(['patron-closed']);
    expect(await refused(other.id, foreign.id)).toEqual(['main-card-unknown']);
    expect(await refused(other.id, uuid())).toEqual(['main-card-unknown']);
    expect(await refused(uuid(), other.id)).toEqual(['patron-unknown']);
    expect(await families.story(other.id)).toEqual([]);
  });

  test('F1 the same decision twice is made once', async () => {
    const [main, sub] = [await patron(), await patron()];
    const step = { subId: sub.id, mainId: main.id, actor: desk, operation: uuid(), now } as const;
    const first = await bench.activities.linkCard(step);
    await families.unlink(sub.id, now + 1);
    expect(await bench.activities.linkCard(step)).toEqual(first);
    expect((await families.card(sub.id)).mainId).toBeNull();
  });

  test('F10 main and sub card keep the user groups they have', async () => {
    const { main, subs } = await families.family(1, { userGroup: 'adult' }, { userGroup: 'child' });
    expect((await families.card(main.id)).userGroup).toBe('adult');
    expect((await families.card(subs[0]?.id ?? '')).userGroup).toBe('child');
  });
});

describe('unlinking', () => {
  test('F8 the link is gone at once, and what was paid stays to its end', async () => {
    const { main, subs } = await families.family(2, { paidUntil: '2027-03-31' });
    const [first, second] = subs.map(({ id }) => id);
    await families.unlink(first ?? '');
    expect(await families.card(first ?? '')).toMatchObject({
      mainId: null,
      linkedAt: null,
      paidUntil: '2027-03-31',
    });
    expect((await families.card(second ?? '')).mainId).toBe(main.id);
    expect(await families.story(first ?? '')).toEqual(['family-linked', 'family-unlinked']);
    expect(refusals(await families.unlink(first ?? ''))).toEqual(['not-a-sub-card']);
    expect(refusals(await families.unlink(uuid()))).toEqual(['patron-unknown']);
  });

  test('F11 a main card is closed only without sub cards; they are unlinked, or handed to another main card', async () => {
    const { main, subs } = await families.family(2, { paidUntil: '2027-03-31' });
    expect(await families.close(main.id)).toEqual({ refused: [{ code: 'patron-has-subs', subs: 2 }] });
    const heir = await patron({ paidUntil: '2027-06-30' });
    await families.handOver(main.id, heir.id);
    for (const { id } of subs)
      expect(await families.card(id)).toMatchObject({ mainId: heir.id, paidUntil: '2027-06-30' });
    expect(refusals(await families.close(main.id))).toEqual([]);
    await families.handOver(heir.id, null);
    for (const { id } of subs)
      expect(await families.card(id)).toMatchObject({ mainId: null, paidUntil: '2027-06-30' });
    expect(refusals(await families.close(heir.id))).toEqual([]);
  });

  test('F11 one of the sub cards can become the main card of the others', async () => {
    const { main, subs } = await families.family(3, { paidUntil: '2027-03-31' });
    const [heir, ...others] = subs.map(({ id }) => id);
    await families.handOver(main.id, heir ?? '');
    expect((await families.card(heir ?? '')).mainId).toBeNull();
    for (const id of others) expect((await families.card(id)).mainId).toBe(heir);
    expect(refusals(await families.close(main.id))).toEqual([]);
  });

  test('F11 sub cards are handed over all or none, with every reason', async () => {
    const { main } = await families.family(2);
    const other = await families.family(1);
    const closed = await patron({ closedAt: new Date(now) });
    const single = await patron();
    const refused = async (mainId: string, heirId: string | null) =>
      refusals(await families.handOver(mainId, heirId));
    expect(await refused(main.id, other.subs[0]?.id ?? '')).toEqual(['main-card-is-sub']);
    expect(await refused(main.id, closed.id)).toEqual(['main-card-closed']);
    expect(await refused(main.id, main.id)).toEqual(['main-card-own']);
    expect(await refused(main.id, uuid())).toEqual(['main-card-unknown']);
    expect(await refused(single.id, other.main.id)).toEqual(['no-sub-cards']);
    expect(await refused(single.id, null)).toEqual(['no-sub-cards']);
    expect(await refused(main.id, other.main.id)).toEqual([]);
  });

  test('F8 a sub card that is closed leaves the family', async () => {
    const { main, subs } = await families.family(1);
    const sub = subs[0]?.id ?? '';
    expect(refusals(await families.close(sub))).toEqual([]);
    expect(await families.card(sub)).toMatchObject({ mainId: null, closedAt: new Date(now) });
    expect(await families.story(sub)).toEqual(['family-linked', 'family-unlinked', 'closed']);
    expect(refusals(await families.close(main.id))).toEqual([]);
  });
});

test('F7 a block on the main card leaves its sub cards as they are, and the reverse', async () => {
  const { main, subs } = await families.family(2);
  const sub = subs[0]?.id ?? '';
  await bench.build.block(main.id);
  const blocked = await bench.rows('select patron_id from block where patron_id in (?, ?)', [
    sub,
    subs[1]?.id ?? '',
  ]);
  expect(blocked).toEqual([]);
  const title = await bench.build.title();
  await bench.build.item(title.id, { state: 'on-loan' });
  const place = (patronId: string) =>
    bench.activities.placeHold({
      holdId: uuid(),
      library: 'demo',
      patronId,
      titleId: title.id,
      pickupPlace: 'main',
      contact: 'none',
      channel: 'web',
      actor: `patron:${patronId}`,
      now,
    });
  expect(refusals(await place(main.id))).toEqual(['patron-blocked']);
  expect(refusals(await place(sub))).toEqual([]);
});
