import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readMessage } from '../../iso18626/read.ts';
import { Hold } from '../../db/entities/index.ts';
import { aBook, eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { said, schemaMistakes } from '../support/letters.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'asker' | 'owner';
let world: Installations<Name>;
let asker: IllStaff;
let owner: IllStaff;

beforeAll(async () => {
  world = await startInstallations({
    asker: { edition: '1.2', ill: { obtaining: { review: true } } },
    owner: { edition: '2021' },
  });
  [asker, owner] = await Promise.all([staffIll(world.asker), staffIll(world.owner)]);
});

afterAll(() => world?.stop());

type Reader = Awaited<ReturnType<IllStaff['reader']>>;

/** A loan that is with its reader. */
async function lent(reader: Reader) {
  const id = await asker.ask(reader, aBook);
  await asker.act(id, 'review', { decision: 'approve' });
  const [attempt] = await eventually(
    () => asker.attempts(id),
    (found) => found.length > 0,
  );
  const supplyId = await owner.hears({ peer: 'asker', ref: attempt?.ourRef ?? '' });
  await owner.answer(supplyId, 'promise');
  await asker.becomes(id, 'promised');
  const dueOn = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
  await owner.answer(supplyId, 'shipment', { item: 'PS3562 L44', costMinor: 500, dueOn });
  await asker.becomes(id, 'shipped');
  const { number } = await asker.request(id);
  const barcode = `ILL-${number}`;
  await asker.act(id, 'arrival', { desk: 'main' });
  await eventually(
    () => world.asker.orm.em.fork().findOne(Hold, { patronId: reader.id, endedAt: null }),
    (hold) => hold?.state === 'secured',
  );
  await asker.post('/v1/staff/check-outs', { card: reader.card, barcode, branch: 'main' });
  await asker.becomes(id, 'lent');
  return { id, supplyId, barcode };
}

test('I4 I9 I13 a loan: reviewed, asked, promised, shipped, received, collected, renewed, recalled, overdue, returned, completed', async () => {
  const reader = await asker.reader();
  const { id, supplyId, barcode } = await lent(reader);
  const before = await owner.stands(supplyId, 'Loaned');

  await asker.act(id, 'renewal');
  await eventually(
    () => owner.supply(supplyId),
    (supply) => (supply?.dueAt?.getTime() ?? 0) > (before?.dueAt?.getTime() ?? 0),
  );
  await eventually(
    () => asker.request(id),
    ({ renewalWantedAt }) => renewalWantedAt === null,
  );

  await owner.answer(supplyId, 'recall');
  await eventually(
    async () => (await asker.attempts(id))[0]?.status,
    (status) => status === 'Recalled',
  );
  await world.owner.orm.em
    .fork()
    .execute(`update supply_request set due_at = now() - interval '1 day' where id = ?`, [supplyId]);
  await owner.answer(supplyId, 'overdue');
  await eventually(
    async () => (await asker.attempts(id))[0]?.status,
    (status) => status === 'Overdue',
  );

  await asker.post('/v1/staff/check-ins', { barcode, branch: 'main' });
  await asker.becomes(id, 'returning');
  await asker.act(id, 'send-back');
  await eventually(
    () => owner.supply(supplyId),
    (supply) => supply?.sentBackAt != null,
  );
  await owner.answer(supplyId, 'return', { desk: 'main' });
  await asker.becomes(id, 'completed');
  const supply = await owner.supply(supplyId);
  expect(supply).toMatchObject({ status: 'LoanCompleted' });
  expect(await asker.attempts(id)).toMatchObject([{ status: 'LoanCompleted', outcome: 'completed' }]);
  expect(said(world.letters())).toEqual([
    'asker: request New',
    'owner: RequestResponse RequestReceived',
    'owner: RequestResponse WillSupply',
    'owner: StatusChange Loaned',
    'asker: Received',
    'asker: Renew',
    'owner: RenewResponse Loaned',
    'owner: StatusChange Recalled',
    'owner: StatusChange Overdue',
    'asker: ShippedReturn',
    'owner: StatusChange LoanCompleted',
  ]);
  const afterwards = world.wire('asker', 'owner').passed.slice(1);
  expect(afterwards.map(({ xml }) => readMessage(xml).header?.supplyingAgencyRequestId)).toEqual(
    afterwards.map(() => supply?.number),
  );
});

test('I18 all that was said is valid by the edition of whoever reads it', () => {
  expect(schemaMistakes(world.letters(), world.editionOf)).toEqual([]);
});
