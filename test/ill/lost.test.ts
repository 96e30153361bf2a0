import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { Hold } from '../../db/entities/index.ts';
import { eventually, type IllStaff, staffIll, storyMs } from '../support/ill-desk.ts';
import { type Installations, startInstallations } from '../support/two-carrels.ts';

jest.setTimeout(storyMs);

type Name = 'asker' | 'owner';
let world: Installations<Name>;
let asker: IllStaff;
let owner: IllStaff;

beforeAll(async () => {
  world = await startInstallations({
    asker: { ill: { obtaining: { review: false }, delivery: { things: { givenUp: 'charge' } } } },
    owner: { edition: '2021' },
  });
  [asker, owner] = await Promise.all([staffIll(world.asker), staffIll(world.owner)]);
});

afterAll(() => world?.stop());

const rowsOf = <T extends object>(name: Name, sql: string, values: unknown[]) =>
  world[name].orm.em.fork().execute<T[]>(sql, values);

/** A loan that is with its reader. */
async function lent() {
  const reader = await asker.reader();
  const id = await asker.ask(reader);
  const [attempt] = await eventually(
    () => asker.attempts(id),
    (found) => found.length > 0,
  );
  const supplyId = await owner.hears({ peer: 'asker', ref: attempt?.ourRef ?? '' });
  await owner.answer(supplyId, 'shipment', { item: 'PS3562 L44' });
  const { number } = await asker.becomes(id, 'shipped');
  await asker.act(id, 'arrival', { desk: 'main' });
  await eventually(
    () => world.asker.orm.em.fork().findOne(Hold, { patronId: reader.id, endedAt: null }),
    (hold) => hold?.state === 'secured',
  );
  const barcode = `ILL-${number}`;
  await asker.post('/v1/staff/check-outs', { card: reader.card, barcode, branch: 'main' });
  await asker.becomes(id, 'lent');
  return { id, supplyId, barcode, reader, attempt };
}

const charges = (patronId: string) =>
  rowsOf<{ amount: number; dropped: boolean }>(
    'asker',
    `select amount::int, dropped_at is not null as dropped from charge where patron_id = ? and cause = 'lost'`,
    [patronId],
  );

test('I13 I15 a supplier declares a loan lost: both libraries book its price, the reader pays it once and is mailed; brought after all it goes back', async () => {
  const { id, supplyId, barcode, reader, attempt } = await lent();
  await owner.answer(supplyId, 'loss', { costMinor: 4000 });
  await asker.becomes(id, 'lost');

  const booked = `select amount::int from ill_transaction where kind = 'lost' and about_id = ?`;
  expect(await rowsOf('owner', booked, [supplyId])).toEqual([{ amount: 4000 }]);
  expect(await rowsOf('asker', booked, [attempt?.id])).toEqual([{ amount: -4000 }]);
  expect(await charges(reader.id)).toEqual([{ amount: 4000, dropped: false }]);
  const loans = await rowsOf('asker', 'select end_reason as why from loan where patron_id = ?', [reader.id]);
  expect(loans).toEqual([{ why: 'lost' }]);
  await eventually(
    () =>
      rowsOf('asker', `select from notice where patron_id = ? and kind = 'ill-lost' and state = 'sent'`, [
        reader.id,
      ]),
    (sent) => sent.length === 1,
  );

  const back = await asker.post('/v1/staff/check-ins', { barcode, branch: 'main' });
  expect(back.body).toMatchObject({ do: 'send-back', request: { id } });
  expect(await charges(reader.id)).toEqual([{ amount: 4000, dropped: true }]);
  await asker.becomes(id, 'returning');
  await asker.act(id, 'send-back');
  await asker.becomes(id, 'completed');
  await eventually(
    () => rowsOf('owner', `select from event where subject_id = ? and kind = 'supply-note-came'`, [supplyId]),
    (notes) => notes.length === 1,
  );
});

test('I15 a price that a person decides on is charged, or not, long after the request’s end', async () => {
  const { id, supplyId, reader } = await lent();
  await owner.answer(supplyId, 'loss', { costMinor: 900_000 });
  await asker.becomes(id, 'lost');
  await world.asker.client.workflow.getHandle(`ill:${id}`).result();
  expect(await charges(reader.id)).toEqual([]);
  await asker.act(id, 'loss-charge', { charge: true, priceMinor: 15_000 });
  expect(await charges(reader.id)).toEqual([{ amount: 15_000, dropped: false }]);
  await eventually(
    () =>
      rowsOf('asker', `select from notice where patron_id = ? and kind = 'ill-lost' and state = 'sent'`, [
        reader.id,
      ]),
    (sent) => sent.length === 2,
  );
  const again = await world.asker.call(
    asker.desk,
    'POST',
    `/v1/staff/requests/${id}/loss-charge`,
    { charge: false },
    { 'idempotency-key': uuid() },
  );
  expect(again).toMatchObject({ status: 409, body: { reasons: [{ code: 'request-moved-on' }] } });
});
