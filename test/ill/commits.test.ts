import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { cast, flow } from '../../bench/ill.ts';
import { storyMs } from '../support/ill-desk.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'asker' | 'owner';
let world: Installations<Name>;

beforeAll(async () => {
  const ill = { obtaining: { review: false }, lending: { acknowledge: false } };
  world = await startInstallations({ asker: { ill }, owner: { ill } });
});

afterAll(() => world?.stop());

/** At a time, as in the benchmark: while one library waits for the other there is something else to do. */
const inFlight = 8;

/** PostgreSQL's connections tell what they have done once they have been idle for ten seconds. */
const untilTold = () => sleep(12_000);

/** Commits of both databases so far; every query outside a transaction counts as one. */
async function commits(): Promise<number> {
  await untilTold();
  const counts = await Promise.all(
    (['asker', 'owner'] as const).map(async (name) => {
      const [row] = await world[name].orm.em
        .fork()
        .execute<{ n: number }[]>(
          'select xact_commit::int as n from pg_stat_database where datname = current_database()',
        );
      return row?.n ?? Number.NaN;
    }),
  );
  return counts.reduce((sum, n) => sum + n, 0);
}

test('I18 a whole loan between two libraries takes at most sixty commits of ours, both sides together', async () => {
  const people = await cast(world);
  await flow(world, people, 0);
  const looks = () => people.requests.looks() + people.supplies.looks();
  const [before, looked] = [await commits(), looks()];
  const numbers = Array.from({ length: inFlight }, (_, at) => at + 1);
  for (const round of [1, 2])
    await Promise.all(numbers.map((number) => flow(world, people, 100 * round + number)));
  const asked = looks() - looked;
  const each = ((await commits()) - before - asked) / (2 * inFlight);
  expect(each).toBeGreaterThan(20);
  expect(each).toBeLessThanOrEqual(60);
});
