import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { type ActivityBench, startActivities } from '../support/activities.ts';
import { createFamilies, desk, type Families } from '../support/family.ts';

/** Who owes what in a family. */
let bench: ActivityBench;
let families: Families;
const now = Date.parse('2026-12-10T12:00:00Z');
const later = now + 60 * 86_400_000;
const library = 'bibliotheca';

beforeAll(async () => {
  bench = await startActivities({ library });
  families = createFamilies(bench, now);
});

afterAll(() => bench?.stop());

test('F6 what a sub card brings back late is booked on the sub card, never on the main card', async () => {
  const [main, sub] = [await bench.build.patron(), await bench.build.patron()];
  await families.link(sub.id, main.id);
  const title = await bench.build.title();
  const item = await bench.build.item(title.id, { branch: 'zentrale' });
  const lent = { library, itemId: item.id, branch: 'zentrale', actor: desk, now } as const;
  await bench.activities.checkOut({ ...lent, loanId: uuid(), patronId: sub.id });
  const scan = { scanId: uuid(), itemId: item.id, branch: 'zentrale', actor: desk } as const;
  await bench.activities.checkIn({ ...scan, operation: uuid(), now: later });
  const charges = await bench.rows('select patron_id, cause from charge where patron_id in (?, ?)', [
    main.id,
    sub.id,
  ]);
  expect(charges).toEqual([{ patron_id: sub.id, cause: 'overdue' }]);
});
