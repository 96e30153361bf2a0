import { v7 as uuid } from 'uuid';
import type { ActivityBench } from '../support/activities.ts';
import { createFamilies } from '../support/family.ts';

/** A family in which the main card's holder has placed a hold for one of two sub cards, all as it should be; `begin` is epoch milliseconds. */
export async function tellFamily(bench: ActivityBench, begin: number, titleId: string) {
  const families = createFamilies(bench, begin);
  const { main, subs } = await families.family(2, { paidUntil: '2027-03-31' });
  const [managed, other] = subs.map(({ id }) => id) as [string, string];
  await families.agree(managed, begin + 1_000);
  await bench.activities.placeHold({
    holdId: uuid(),
    library: bench.build.library,
    patronId: managed,
    titleId,
    pickupPlace: 'main',
    contact: 'none',
    channel: 'web',
    actor: `patron:${main.id}`,
    now: begin + 2_000,
  });
  return { main: main.id, managed, other };
}
