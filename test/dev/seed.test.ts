import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { findHoldings } from '../../db/queries/holdings.ts';
import { openOrm } from '../../db/orm.ts';
import { reader } from '../../db/transaction.ts';
import { seed, seedCentre, seedNeighbour } from '../../dev/seed.ts';
import { signInLines } from '../../dev/sign-ins.ts';
import { policies } from '../domain/fixtures.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let orm: MikroORM;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url });
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

test('I4 I5 the demonstration knows what the library next door has, its centre what the demonstration has, and filling it again changes nothing', async () => {
  const [demo, neighbour] = [policies.get('demo'), policies.get('neighbour')];
  const common = { orm, now: new Date(), say: () => {} };
  const fill = async () => {
    const told = await seed({ ...common, policy: demo });
    await seedNeighbour({ ...common, policy: neighbour }, demo);
    await seedCentre({ ...common, policy: policies.get('coast') });
    return told;
  };
  const count = () =>
    orm.em.fork().execute(
      `select (select count(*) from ill_holding where library = 'demo') as holdings,
           (select count(distinct peer) from ill_holding where library = 'coast') as "centreKnows", (select count(*) from title where library = 'neighbour') as titles,
           (select count(*) from patron where permissions @> '{ill}') as readers, (select count(*) from staff_member) as staff`,
    );
  const told = await fill();
  const before = await count();
  expect(before).toEqual([{ holdings: '6', centreKnows: '1', titles: '6', readers: '4', staff: '8' }]);
  await fill();
  expect(await count()).toEqual(before);
  const [found] = await findHoldings(reader(orm), 'demo', ['issn:2750-0012']);
  expect(found).toMatchObject({ peer: 'neighbour', callNumber: 'Z 12' });
  expect(await findHoldings(reader(orm), 'coast', ['isbn:9783980001755'])).toMatchObject([{ peer: 'demo' }]);
  const lines = signInLines([JSON.stringify(told)]);
  expect(lines.join('\n')).toContain('ill-librarian');
});
