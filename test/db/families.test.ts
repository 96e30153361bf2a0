import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { openOrm } from '../../db/orm.ts';
import { type Builders, createBuilders } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let orm: MikroORM;
let build: Builders;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url });
  await orm.em.fork().execute("insert into library values ('here', now()), ('there', now())");
  build = createBuilders(orm, 'here');
});

afterAll(async () => {
  await orm.close();
  await database.drop();
});

const link = (subId: string, mainId: string) =>
  orm.em
    .fork()
    .execute('update patron set main_id = ?, linked_at = now() where id = ?', [mainId, subId])
    .then(
      () => 'linked',
      (error: { constraint?: string }) => error.constraint,
    );

test('F11 the database itself refuses chains, a card of its own, closed cards and other libraries', async () => {
  const [main, sub, other, closed] = await Promise.all([
    build.patron(),
    build.patron(),
    build.patron(),
    build.patron({ closedAt: new Date() }),
  ]);
  const foreign = await createBuilders(orm, 'there').patron();
  await expect(link(sub.id, main.id)).resolves.toBe('linked');
  await expect(link(other.id, sub.id)).resolves.toBe('patron_main');
  await expect(link(main.id, other.id)).resolves.toBe('patron_has_subs');
  await expect(link(other.id, other.id)).resolves.toBe('patron_own_main');
  await expect(link(other.id, closed.id)).resolves.toBe('patron_main');
  await expect(link(other.id, foreign.id)).resolves.toBe('patron_main');
  await expect(link(closed.id, main.id)).resolves.toBe('patron_closed_sub');
});

test('F11 the database closes no main card that has sub cards, and no sub card that is still linked', async () => {
  const [main, sub] = await Promise.all([build.patron(), build.patron()]);
  await link(sub.id, main.id);
  const close = (id: string) =>
    orm.em.fork().execute('update patron set closed_at = now() where id = ?', [id]);
  await expect(close(main.id)).rejects.toMatchObject({ constraint: 'patron_has_subs' });
  await expect(close(sub.id)).rejects.toMatchObject({ constraint: 'patron_closed_sub' });
  await expect(orm.em.fork().execute('delete from patron where id = ?', [main.id])).rejects.toMatchObject({
    constraint: 'patron_main_id_fkey',
  });
});

test('F11 two cards made each other’s main card at the same instant: at most one link stands', async () => {
  for (let round = 0; round < 10; round += 1) {
    const [one, two] = await Promise.all([build.patron(), build.patron()]);
    const answers = await Promise.all([link(one.id, two.id), link(two.id, one.id)]);
    expect(answers.filter((answer) => answer === 'linked').length).toBeLessThanOrEqual(1);
    const [row] = await orm.em
      .fork()
      .execute<{ linked: number }[]>('select count(main_id)::int as linked from patron where id in (?, ?)', [
        one.id,
        two.id,
      ]);
    expect(row?.linked).toBeLessThanOrEqual(1);
  }
});
