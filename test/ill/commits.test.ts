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

const told = 'select xact_commit::int as n from pg_stat_database where datname = current_database()';

/** Commits that were made by counting commits. */
const own: Record<Name, number> = { asker: 0, owner: 0 };

/**
 * Commits of a database so far but those of counting, as its connections tell when they are asked to; by themselves they do after ten idle seconds. Every query outside a
 * transaction is one.
 */
async function commitsOf(name: Name): Promise<number> {
  const pool = await world[name].orm.em.getConnection().getNativeClient();
  const connections = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
  await Promise.all(connections.map((each) => each.query('select pg_stat_force_next_flush()')));
  const found = await connections[0]?.query<{ n: number }>(told);
  for (const each of connections) each.release();
  const made = (found?.rows[0]?.n ?? Number.NaN) - own[name] - connections.length;
  own[name] += connections.length + 1;
  return made;
}

/** Commits of both databases, once a second has passed without any. */
async function commits(): Promise<number> {
  const count = async () => (await commitsOf('asker')) + (await commitsOf('owner'));
  for (let last = await count(); ;) {
    await sleep(1_000);
    const now = await count();
    if (now === last) return now;
    last = now;
  }
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
