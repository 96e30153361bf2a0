import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { keepForm } from '../../../api/application-form.ts';
import { Application } from '../../../db/entities/index.ts';
import { ensureLibraries } from '../../../db/libraries.ts';
import { openOrm } from '../../../db/orm.ts';
import { type Applicant, likelyApplications, likelyReaders } from '../../../db/queries/duplicates.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { type Builders, createBuilders } from '../../support/builders.ts';
import { createTestDatabase } from '../../support/database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let orm: MikroORM;
let build: Builders;
let elsewhere: Builders;

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm({ databaseUrl: database.url, poolSize: 4 });
  await ensureLibraries(orm, ['demo', 'chikushino'], new Date());
  build = createBuilders(orm, 'demo');
  elsewhere = createBuilders(orm, 'chikushino');
});

afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

const applicant = (given: Partial<Applicant> = {}): Applicant => ({
  library: 'demo',
  applicationId: uuid(),
  patronId: null,
  name: '渡邊 みづほ',
  birthDate: '1990-01-31',
  email: 'mizuho+library@example.org',
  phone: '+81 90-1234-5678',
  login: 'mizuho',
  ...given,
});

const nothing = { email: null, phone: null, login: null, birthDate: null, emailState: 'none' } as const;

const codes = async (given: Partial<Applicant> = {}) =>
  (await likelyReaders(orm, applicant(given))).map(({ patronId, because }) => ({ patronId, because }));

test('A4 readers are found by each likeness, however it is written, those with the most first', async () => {
  const byName = await build.patron({ ...nothing, name: '渡辺みずほ', birthDate: '1990-01-31' });
  const byMail = await build.patron({ ...nothing, email: 'Mizuho@Example.org', emailState: 'unconfirmed' });
  const byPhone = await build.patron({ ...nothing, phone: '090-1234-5678' });
  const byCard = await build.patron({ ...nothing, card: 'mizuho' });
  const byAll = await build.patron({
    name: 'ワタナベ ミズホ',
    birthDate: '1990-01-31',
    email: 'mizuho@example.org',
    phone: '(090) 1234 5678',
    login: 'MIZUHO',
  });
  // The same day, another name; another country's number with the same end.
  await build.patron({ ...nothing, name: '山田花子', birthDate: '1990-01-31' });
  await build.patron({ ...nothing, phone: '+86 90-1234-5678' });

  const found = await codes();
  expect(found[0]).toEqual({ patronId: byAll.id, because: ['email', 'phone', 'login'] });
  expect(new Map(found.map(({ patronId, because }) => [patronId, because]))).toEqual(
    new Map([
      [byAll.id, ['email', 'phone', 'login']],
      [byName.id, ['name-and-birth-date']],
      [byMail.id, ['email']],
      [byPhone.id, ['phone']],
      [byCard.id, ['login']],
    ]),
  );
});

test('A4 neither another library’s readers nor the own account; closed cards are marked', async () => {
  const email = 'somebody@example.org';
  const mailed = { ...nothing, email, emailState: 'confirmed' } as const;
  const own = await build.patron(mailed);
  const closed = await build.patron({ ...mailed, closedAt: new Date() });
  await elsewhere.patron(mailed);
  const found = await likelyReaders(orm, applicant({ ...nothing, email, patronId: own.id }));
  expect(found).toMatchObject([{ patronId: closed.id, closed: true, because: ['email'] }]);
});

test('A4 with nothing to go by nobody is found', async () => {
  await build.patron({ ...nothing, name: 'Li Wei' });
  expect(await codes({ ...nothing, name: 'Li Wei' })).toEqual([]);
});

test('A4 another open application of the same person is found, by what its latest version says', async () => {
  const apply = async (form: object, version = 1) => {
    const id = uuid();
    await inTransaction(orm, async (tx) => {
      for (let each = 1; each <= version; each += 1)
        await keepForm(tx, {
          applicationId: id,
          version: each,
          library: 'demo',
          procedure: 'web',
          patronId: null,
          language: 'en',
          form: each === version ? form : { name: 'x', email: 'x@example.org' },
          passwordHash: null,
          now: Date.now(),
        });
      tx.create(Application, {
        id,
        library: 'demo',
        procedure: 'web',
        state: 'confirming',
        version,
        language: 'en',
        submittedAt: new Date(),
        lapsesAt: new Date(),
      });
    });
    return id;
  };
  const one = await apply({ name: 'Müller, Anna', birthDate: '2001-12-24', email: 'anna@a.example' }, 2);
  await apply({ name: 'Anna Müller', birthDate: '2001-12-25', email: 'anna@b.example' });
  const other = {
    name: 'Anna Mueller',
    birthDate: '2001-12-24',
    email: 'anna@c.example',
    phone: null,
    login: null,
  };
  const found = await likelyApplications(orm, applicant(other));
  expect(found).toMatchObject([{ applicationId: one, because: ['name-and-birth-date'] }]);
  expect(await likelyApplications(orm, applicant({ ...other, applicationId: one }))).toEqual([]);
});
